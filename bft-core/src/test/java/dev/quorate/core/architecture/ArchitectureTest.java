package dev.quorate.core.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.equivalentTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.time.Clock;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.WeakHashMap;
import java.util.stream.Collectors;

/** The rules that keep the protocols deterministic and the floors apart. */
@AnalyzeClasses(packages = "dev.quorate", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    private static final String CORE = "dev.quorate.core";
    private static final String[] PROTOCOL = {
        CORE + ".message..",
        CORE + ".quorum..",
        CORE + ".smr..",
        CORE + ".pbft..",
        CORE + ".minbft..",
        CORE + ".client.."
    };
    /** What carries out effects on the service, outside of any protocol. */
    private static final String SERVICE_RUNNER = CORE + ".smr.ServiceRunner";

    private static final DescribedPredicate<AccessTarget.CodeUnitCallTarget> CLOCK = calls(
            "the time or randomness",
            System.class,
            "currentTimeMillis",
            System.class,
            "nanoTime",
            Instant.class,
            "now",
            Math.class,
            "random",
            UUID.class,
            "randomUUID",
            System.class,
            "identityHashCode");

    private static final DescribedPredicate<AccessTarget.CodeUnitCallTarget> UNORDERED = calls(
            "what makes collections in an arbitrary order",
            Set.class,
            "of",
            Set.class,
            "copyOf",
            Map.class,
            "of",
            Map.class,
            "ofEntries",
            Map.class,
            "copyOf",
            Collectors.class,
            "toSet",
            Collectors.class,
            "toUnmodifiableSet",
            Collectors.class,
            "toMap",
            Collectors.class,
            "toUnmodifiableMap",
            Collectors.class,
            "groupingBy",
            Collectors.class,
            "partitioningBy",
            Collection.class,
            "parallelStream");

    // --- floors

    @ArchTest
    static final ArchRule CRYPTO_IS_THE_GROUND_FLOOR = classes()
            .that()
            .resideInAPackage("dev.quorate.crypto..")
            .should()
            .onlyDependOnClassesThat(resideInAnyPackage("dev.quorate.crypto..", "java..", "org.bouncycastle.."))
            .because("the ground floor knows nothing of replication");

    @ArchTest
    static final ArchRule USIG_STANDS_ON_CRYPTO = classes()
            .that()
            .resideInAPackage("dev.quorate.usig..")
            .should()
            .onlyDependOnClassesThat(
                    resideInAnyPackage("dev.quorate.usig..", "dev.quorate.crypto..", "java..", "javax.crypto.."))
            .because("whoever writes a USIG needs to know nothing of the protocols");

    @ArchTest
    static final ArchRule CORE_STANDS_ON_USIG_AND_CRYPTO = classes()
            .that()
            .resideInAPackage(CORE + "..")
            .should()
            .onlyDependOnClassesThat(resideInAnyPackage(
                    CORE + "..",
                    "dev.quorate.usig..",
                    "dev.quorate.crypto..",
                    "java..",
                    "com.google.protobuf..",
                    "org.snakeyaml.engine..",
                    "org.slf4j.."))
            .because("the core runs in production and in a simulation alike, so it knows neither");

    // --- determinism

    @ArchTest
    static final ArchRule PROTOCOLS_KNOW_NO_OUTSIDE = noClasses()
            .that()
            .resideInAnyPackage(PROTOCOL)
            .should()
            .dependOnClassesThat(
                    resideInAnyPackage("java.net..", "java.nio.channels..", "java.nio.file..", "java.util.concurrent..")
                            .or(belongToAnyOf(Random.class, Clock.class, Thread.class, ThreadLocal.class))
                            .or(belongToAnyOf(java.security.SecureRandom.class, java.util.Timer.class))
                            .or(equivalentTo(java.io.File.class)))
            .because("a protocol takes events and returns effects: no sockets, files, threads, clocks or randomness");

    @ArchTest
    static final ArchRule PROTOCOLS_ASK_NO_CLOCK = noClasses()
            .that()
            .resideInAnyPackage(PROTOCOL)
            .should()
            .callCodeUnitWhere(describe(CLOCK.getDescription(), call -> CLOCK.test(call.getTarget())))
            .because("the same events have to lead to the same effects at every replica and in every replay");

    @ArchTest
    static final ArchRule PROTOCOLS_KEEP_NO_HASH_ORDER = noClasses()
            .that()
            .resideInAnyPackage(PROTOCOL)
            .should()
            .dependOnClassesThat(belongToAnyOf(HashMap.class, HashSet.class, IdentityHashMap.class, WeakHashMap.class))
            .because("their order differs from run to run: use TreeMap, or LinkedHashMap where the order of insertion"
                    + " is meant");

    @ArchTest
    static final ArchRule PROTOCOLS_MAKE_NO_UNORDERED_COLLECTIONS = noClasses()
            .that()
            .resideInAnyPackage(PROTOCOL)
            .should()
            .callCodeUnitWhere(describe(UNORDERED.getDescription(), call -> UNORDERED.test(call.getTarget())))
            .because("their order differs from run to run, that of Set.of and Map.of even on purpose");

    @ArchTest
    static final ArchRule PROTOCOLS_DO_NOT_LOG = noClasses()
            .that()
            .resideInAnyPackage(PROTOCOL)
            .and()
            .doNotHaveFullyQualifiedName(SERVICE_RUNNER)
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.slf4j..")
            .because("a protocol tells its observers by effects; the driver logs them, at a bounded rate");

    // --- packages of the core

    @ArchTest
    static final ArchRule MESSAGES_KNOW_NO_FORMAT = noClasses()
            .that()
            .resideInAPackage(CORE + ".message..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    CORE + ".wire..",
                    CORE + ".smr..",
                    CORE + ".pbft..",
                    CORE + ".minbft..",
                    CORE + ".client..",
                    CORE + ".runtime..",
                    CORE + ".quorum..")
            .because("what is said does not depend on how it travels, nor on what follows from it");

    @ArchTest
    static final ArchRule THE_WIRE_KNOWS_NO_PROTOCOL = noClasses()
            .that()
            .resideInAPackage(CORE + ".wire..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    CORE + ".smr..",
                    CORE + ".pbft..",
                    CORE + ".minbft..",
                    CORE + ".client..",
                    CORE + ".runtime..",
                    CORE + ".quorum..")
            .because("validation is stateless: whoever checks a message knows no replica's state");

    @ArchTest
    static final ArchRule ONLY_THE_WIRE_KNOWS_PROTOBUF = noClasses()
            .that()
            .resideOutsideOfPackage(CORE + ".wire..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("com.google.protobuf..", CORE + ".wire.proto..")
            .because("nothing but the wire format would have to change with another encoding");

    @ArchTest
    static final ArchRule QUORUMS_ARE_ARITHMETIC = noClasses()
            .that()
            .resideInAPackage(CORE + ".quorum..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(CORE + ".wire..", CORE + ".smr..", CORE + ".pbft..", CORE + ".minbft..")
            .because("quorums are counted the same way whatever is counted");

    @ArchTest
    static final ArchRule BOOKKEEPING_KNOWS_NO_PROTOCOL = noClasses()
            .that()
            .resideInAPackage(CORE + ".smr..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(CORE + ".pbft..", CORE + ".minbft..", CORE + ".client..", CORE + ".runtime..")
            .because("the protocols use the bookkeeping by composition, not the other way round");

    @ArchTest
    static final ArchRule PBFT_KNOWS_NOT_MINBFT = noClasses()
            .that()
            .resideInAPackage(CORE + ".pbft..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage(CORE + ".minbft..")
            .because("each protocol is readable against its own paper");

    @ArchTest
    static final ArchRule MINBFT_KNOWS_NOT_PBFT = noClasses()
            .that()
            .resideInAPackage(CORE + ".minbft..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage(CORE + ".pbft..")
            .allowEmptyShould(true)
            .because("each protocol is readable against its own paper");

    /** Pairs of a class and the name of a method of it. */
    private static DescribedPredicate<AccessTarget.CodeUnitCallTarget> calls(String what, Object... methods) {
        return describe("ask for " + what, target -> {
            JavaClass owner = target.getOwner();
            for (int i = 0; i < methods.length; i += 2) {
                if (owner.isAssignableTo((Class<?>) methods[i])
                        && target.getName().equals(methods[i + 1])) {
                    return true;
                }
            }
            return false;
        });
    }
}
