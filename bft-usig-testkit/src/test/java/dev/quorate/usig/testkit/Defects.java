package dev.quorate.usig.testkit;

import static java.util.Map.entry;

import dev.quorate.crypto.Bytes;
import dev.quorate.crypto.Digest;
import dev.quorate.usig.IssuedUi;
import dev.quorate.usig.KnownCounter;
import dev.quorate.usig.UniqueIdentifier;
import dev.quorate.usig.Usig;
import dev.quorate.usig.UsigContext;
import dev.quorate.usig.UsigDurability;
import dev.quorate.usig.UsigIdentity;
import dev.quorate.usig.UsigProvider;
import dev.quorate.usig.UsigStateException;
import dev.quorate.usig.UsigVerifier;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;

/** Ways to get a USIG wrong, each under the name of the test that has to notice it, or one of several. */
final class Defects {
    private Defects() {}

    static Map<String, Defect> all() {
        Map<String, Defect> all = new TreeMap<>(Map.ofEntries(
                entry("aCertificateIsForOneMessageOnly", new LookupVerifier(LookupVerifier.Part.MESSAGE)),
                entry("aCertificateIsForOneCounterOnly", new LookupVerifier(LookupVerifier.Part.COUNTER)),
                entry("aCertificateIsForOneEpochOnly", new LookupVerifier(LookupVerifier.Part.EPOCH)),
                entry("aCertificateIsForOneUsigOnly", new LookupVerifier(LookupVerifier.Part.USIG)),
                entry("aDamagedIdentityIsRefusedOrVerifiesNothing", new LookupVerifier(LookupVerifier.Part.USIG)),
                entry("noBitOfACertificateMayChange", new LookupVerifier(LookupVerifier.Part.LAST_BYTE)),
                entry("aCertificateOfAnotherLengthIsNone", new LookupVerifier(LookupVerifier.Part.LENGTH))));
        all.putAll(verifying());
        all.putAll(counting());
        all.putAll(restarting());
        all.putAll(keeping());
        return all;
    }

    private static Map<String, Defect> verifying() {
        return Map.ofEntries(
                entry("everyReplicaCanVerifyWhatAUsigGivesOut", new Defect() {
                    @Override
                    UsigVerifier verifier(UsigProvider sound, UsigContext context, UsigIdentity identity) {
                        return (message, ui) -> false;
                    }
                }),
                entry("nonsenseIsFalseAndNeverAnException", new Defect() {
                    @Override
                    UsigVerifier verifier(UsigProvider sound, UsigContext context, UsigIdentity identity)
                            throws IOException {
                        UsigVerifier right = sound.verifier(context, identity);
                        return (message, ui) -> ui.certificate().at(31) != 0x7f && right.verify(message, ui);
                    }
                }),
                entry("aVerifierMayBeUsedByManyThreads", new Defect() {
                    @Override
                    UsigVerifier verifier(UsigProvider sound, UsigContext context, UsigIdentity identity)
                            throws IOException {
                        UsigVerifier right = sound.verifier(context, identity);
                        AtomicReference<Thread> owner = new AtomicReference<>();
                        return (message, ui) -> {
                            owner.compareAndSet(null, Thread.currentThread());
                            return owner.get() == Thread.currentThread() && right.verify(message, ui);
                        };
                    }
                }),
                entry("anIdentityOfAnotherKindIsRefused", new Defect() {
                    @Override
                    UsigVerifier verifier(UsigProvider sound, UsigContext context, UsigIdentity identity)
                            throws IOException {
                        return sound.verifier(context, BrokenUsigProvider.renamed(identity, sound.name()));
                    }
                }),
                entry("anAttestationThatProvesNothingIsRefused", new Defect() {
                    @Override
                    UsigVerifier verifier(UsigProvider sound, UsigContext context, UsigIdentity identity)
                            throws IOException {
                        return sound.verifier(
                                context,
                                new UsigIdentity(identity.provider(), identity.epoch(), identity.key(), Bytes.EMPTY));
                    }
                }));
    }

    private static Map<String, Defect> counting() {
        return Map.ofEntries(
                entry("countersStartAtOneAndAreConsecutive", new Defect() {
                    @Override
                    Usig open(UsigProvider sound, UsigContext context, Optional<KnownCounter> known)
                            throws IOException {
                        Usig usig = sound.open(context, known);
                        usig.createUi(Workbench.message(0));
                        return usig;
                    }
                }),
                entry("theSameMessageGetsANewCounter", new Defect() {
                    private final Map<Digest, UniqueIdentifier> given = new ConcurrentHashMap<>();

                    @Override
                    UniqueIdentifier createUi(Usig sound, Digest message) throws IOException {
                        UniqueIdentifier before = given.get(message);
                        if (before == null) {
                            before = sound.createUi(message);
                            given.put(message, before);
                        }
                        return before;
                    }
                }),
                entry("theIdentityStaysTheSameWhileOpen", new Defect() {
                    private final AtomicLong epoch = new AtomicLong();

                    @Override
                    UsigIdentity identity(Usig sound) {
                        UsigIdentity own = sound.identity();
                        return new UsigIdentity(own.provider(), epoch.getAndIncrement(), own.key(), own.attestation());
                    }
                }),
                entry("whatIsNotConfirmedIsGivenOutAgain", new Defect() {
                    @Override
                    List<IssuedUi> certificatesAfter(Usig sound, long counter) throws IOException {
                        return sound.certificatesAfter(counter).stream()
                                .map(issued -> new IssuedUi(Workbench.message(0), issued.ui()))
                                .toList();
                    }
                }),
                entry("whatWasConfirmedMayNotBeAskedFor", new Defect() {
                    @Override
                    List<IssuedUi> certificatesAfter(Usig sound, long counter) throws IOException {
                        try {
                            return sound.certificatesAfter(counter);
                        } catch (IllegalArgumentException e) {
                            return List.of();
                        }
                    }
                }),
                entry("aCounterThatIsYetToComeIsRefused", new Defect() {
                    @Override
                    void confirm(Usig sound, long counter) throws IOException {
                        sound.confirm(Math.min(counter, sound.lastCounter()));
                    }
                }),
                entry("tooManyUnconfirmedAreRefusedWithoutMovingTheCounter", new Defect() {
                    @Override
                    UniqueIdentifier createUi(Usig sound, Digest message) throws IOException {
                        try {
                            return sound.createUi(message);
                        } catch (IllegalStateException e) {
                            sound.confirm(sound.lastCounter());
                            return sound.createUi(message);
                        }
                    }
                }),
                entry("aClosedUsigGivesOutNothing", new Defect() {
                    private volatile UniqueIdentifier last;

                    @Override
                    UniqueIdentifier createUi(Usig sound, Digest message) throws IOException {
                        try {
                            last = sound.createUi(message);
                        } catch (IOException e) {
                            last = new UniqueIdentifier(last.epoch(), last.counter() + 1, last.certificate());
                        }
                        return last;
                    }
                }),
                entry("callersAtTheSameTimeNeitherRepeatNorSkipACounter", new Defect() {
                    private UniqueIdentifier last;
                    private Thread caller;

                    /** Whoever comes after another thread gets what that one got. */
                    @Override
                    synchronized UniqueIdentifier createUi(Usig sound, Digest message) throws IOException {
                        if (caller == null || caller == Thread.currentThread()) {
                            last = sound.createUi(message);
                        }
                        caller = Thread.currentThread();
                        return last;
                    }
                }));
    }

    /** Says that it is durable, and forgets. */
    private static Defect forgetful() {
        return new Defect() {
            @Override
            UsigIdentity init(UsigProvider sound, UsigContext context, long epoch) throws IOException {
                return sound.init(with(context, "volatile"), epoch);
            }

            @Override
            Usig open(UsigProvider sound, UsigContext context, Optional<KnownCounter> known) throws IOException {
                return sound.open(with(context, "volatile"), known);
            }

            @Override
            UsigDurability durability(Usig sound) {
                return UsigDurability.DURABLE;
            }
        };
    }

    /** Says that the log decides, and decides by itself. */
    private static Defect selfWilled() {
        return new Defect() {
            @Override
            UsigDurability durability(Usig sound) {
                return UsigDurability.LOG;
            }
        };
    }

    /** Believes its own state against better knowledge. */
    private static Defect credulous() {
        return new Defect() {
            @Override
            Usig open(UsigProvider sound, UsigContext context, Optional<KnownCounter> known) throws IOException {
                return sound.open(context, Optional.empty());
            }
        };
    }

    private static Map<String, Defect> restarting() {
        return Map.ofEntries(
                entry("aRestartKeepsWhatItsDurabilityPromises", forgetful()),
                entry("aCrashKeepsWhatItsDurabilityPromises", forgetful()),
                entry("aCrashBeforeTheFirstIdentifierLosesNothing", forgetful()),
                entry("noRestartEverRepeatsOrSkipsACounter", forgetful()),
                entry("aLogThatLostWhatWasNeverSyncedDecides", selfWilled()),
                entry("u3ACounterInALogDoesNotStartAgainWithoutTheLog", selfWilled()),
                entry("u4ALogThatKnowsAHigherCounterIsBelieved", credulous()),
                entry("u4ALogThatKnowsALaterEpochIsBelieved", credulous()),
                entry("u4AnOlderCopyOfItsDirectoryIsNotBelieved", credulous()),
                entry("aNewEpochHasANewIdentityAndCountsFromOne", new Defect() {
                    @Override
                    UsigIdentity renew(UsigProvider sound, UsigContext context, long epoch) throws IOException {
                        try (Usig usig = sound.open(context, Optional.empty())) {
                            return usig.identity();
                        }
                    }
                }));
    }

    private static Map<String, Defect> keeping() {
        return Map.ofEntries(
                entry("theFirstOpeningHasTheIdentityOfTheInitialisation", new Defect() {
                    @Override
                    UsigIdentity init(UsigProvider sound, UsigContext context, long epoch) throws IOException {
                        return sound.init(context, 0);
                    }
                }),
                entry("withoutInitialisationThereIsNone", new Defect() {
                    @Override
                    Usig open(UsigProvider sound, UsigContext context, Optional<KnownCounter> known)
                            throws IOException {
                        if (!Files.exists(context.directory().resolve("usig.state"))) {
                            sound.init(context, 0);
                        }
                        return sound.open(context, known);
                    }
                }),
                entry("aSecondInitialisationIsRefusedAndChangesNothing", new Defect() {
                    @Override
                    UsigIdentity init(UsigProvider sound, UsigContext context, long epoch) throws IOException {
                        return Files.exists(context.directory().resolve("usig.state"))
                                ? sound.renew(context, epoch)
                                : sound.init(context, epoch);
                    }
                }),
                entry("aSecondOpeningIsRefusedAndTheFirstGoesOn", unlocked()),
                entry("noNewEpochBeginsWhileItIsOpen", unlocked()),
                entry("aSettingThatItDoesNotKnowIsRefused", new Defect() {
                    @Override
                    Usig open(UsigProvider sound, UsigContext context, Optional<KnownCounter> known)
                            throws IOException {
                        return sound.open(new UsigContext(context.directory()), known);
                    }
                }),
                entry("d1DamageIsRefusedOrDoesNoHarm", new Defect() {
                    @Override
                    Usig open(UsigProvider sound, UsigContext context, Optional<KnownCounter> known)
                            throws IOException {
                        try {
                            return sound.open(context, known);
                        } catch (UsigStateException e) {
                            if (e.reason() != UsigStateException.Reason.CORRUPT) {
                                throw e;
                            }
                            sound.renew(context, 1);
                            return sound.open(context, Optional.empty());
                        }
                    }
                }));
    }

    /** Works on copies of its directory, where no lock is in its way. */
    private static Defect unlocked() {
        return new Defect() {
            @Override
            Usig open(UsigProvider sound, UsigContext context, Optional<KnownCounter> known) throws IOException {
                return sound.open(copy(context), known);
            }

            @Override
            UsigIdentity renew(UsigProvider sound, UsigContext context, long epoch) throws IOException {
                return sound.renew(copy(context), epoch);
            }
        };
    }

    private static UsigContext copy(UsigContext context) throws IOException {
        Path copy = Files.createTempDirectory(context.directory(), "copy");
        try (Stream<Path> files = Files.list(context.directory())) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.copy(file, copy.resolve(file.getFileName()), java.nio.file.StandardCopyOption.COPY_ATTRIBUTES);
            }
        }
        return new UsigContext(copy, context.settings());
    }

    private static UsigContext with(UsigContext context, String counter) {
        return new UsigContext(context.directory(), Map.of("counter", counter));
    }
}
