package dev.quorate.transport.channel;

import dev.quorate.core.wire.Peer;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * TLS 1.3 with both sides authenticated by the keys of the cluster configuration, and by nothing else: no names, no
 * dates, no certificate authorities.
 *
 * <p>The same Ed25519 key signs TLS handshakes and protocol messages. The two cannot be taken for one another: what TLS
 * 1.3 signs starts with 64 spaces and a fixed context string (RFC 8446, section 4.4.3), what the protocol signs starts
 * with its own domain tag, and the certificate, which the key signs as well, starts with an ASN.1 tag. A peer that could
 * choose what gets signed in a handshake still obtains no signature that means anything to the protocol.
 *
 * <p>Thread-safe.
 */
public final class ChannelSecurity {
    private static final String PROTOCOL = "TLSv1.3";
    /** AES-128 first: the fastest where the processor knows AES. */
    private static final List<String> CIPHERS =
            List.of("TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256");

    private final SslContext context;

    private ChannelSecurity(SslContextBuilder builder, Members members) {
        try {
            context = builder.sslProvider(SslProvider.JDK)
                    .protocols(PROTOCOL)
                    .ciphers(CIPHERS)
                    .trustManager(new MemberTrust(members))
                    .build();
        } catch (SSLException e) {
            throw new IllegalStateException("this Java platform lacks TLS 1.3 with Ed25519", e);
        }
    }

    /** For channels that this side dials: authenticates as {@code own}, and accepts replicas among {@code members}. */
    public static ChannelSecurity forDialling(KeyCertificate own, Members members) {
        SslContextBuilder builder = SslContextBuilder.forClient()
                .keyManager(new OwnKey(own))
                // The key tells who the peer is; its host name does not.
                .endpointIdentificationAlgorithm(null);
        return new ChannelSecurity(builder, members);
    }

    /** For channels that the other side dials: authenticates as {@code own}, and accepts all {@code members}. */
    public static ChannelSecurity forAccepting(KeyCertificate own, Members members) {
        return new ChannelSecurity(
                SslContextBuilder.forServer(new OwnKey(own)).clientAuth(ClientAuth.REQUIRE), members);
    }

    SslContext context() {
        return context;
    }

    /** The peer presented a key that is not in the cluster configuration. */
    static final class UnknownKeyException extends CertificateException {
        private static final long serialVersionUID = 1;

        UnknownKeyException(String message) {
            super(message);
        }
    }

    /** Accepts exactly the keys of the members; only replicas may be dialled. */
    private static final class MemberTrust extends X509ExtendedTrustManager {
        private final Members members;

        MemberTrust(Members members) {
            this.members = members;
        }

        private Peer requireMember(X509Certificate[] chain) throws UnknownKeyException {
            Optional<Peer> peer = chain.length == 0 ? Optional.empty() : members.owner(chain[0]);
            return peer.orElseThrow(
                    () -> new UnknownKeyException("a key that the cluster configuration does not have"));
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
            requireMember(chain);
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
            if (!(requireMember(chain) instanceof Peer.OfReplica)) {
                throw new UnknownKeyException("a client's key where a replica should be");
            }
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
                throws CertificateException {
            checkClientTrusted(chain, authType);
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
                throws CertificateException {
            checkServerTrusted(chain, authType);
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
                throws CertificateException {
            checkClientTrusted(chain, authType);
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
                throws CertificateException {
            checkServerTrusted(chain, authType);
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }

    /** The one key that there is, whatever the peer asks for. */
    private static final class OwnKey extends X509ExtendedKeyManager {
        private static final String ALIAS = "own";

        private final KeyCertificate own;

        OwnKey(KeyCertificate own) {
            this.own = own;
        }

        private static String aliasFor(String keyType) {
            return keyType.equals("EdDSA") || keyType.equals("Ed25519") ? ALIAS : null;
        }

        @Override
        public String chooseEngineClientAlias(String[] keyTypes, Principal[] issuers, SSLEngine engine) {
            for (String keyType : keyTypes) {
                if (aliasFor(keyType) != null) {
                    return ALIAS;
                }
            }
            return null;
        }

        @Override
        public String chooseEngineServerAlias(String keyType, Principal[] issuers, SSLEngine engine) {
            return aliasFor(keyType);
        }

        @Override
        public String chooseClientAlias(String[] keyTypes, Principal[] issuers, Socket socket) {
            return chooseEngineClientAlias(keyTypes, issuers, null);
        }

        @Override
        public String chooseServerAlias(String keyType, Principal[] issuers, Socket socket) {
            return aliasFor(keyType);
        }

        @Override
        public String[] getClientAliases(String keyType, Principal[] issuers) {
            return new String[] {ALIAS};
        }

        @Override
        public String[] getServerAliases(String keyType, Principal[] issuers) {
            return new String[] {ALIAS};
        }

        @Override
        public X509Certificate[] getCertificateChain(String alias) {
            return new X509Certificate[] {own.certificate()};
        }

        @Override
        public PrivateKey getPrivateKey(String alias) {
            return own.privateKey();
        }
    }
}
