package dev.quorate.transport;

import dev.quorate.core.ClusterConfig;
import dev.quorate.core.Identity;
import dev.quorate.core.Limit;
import dev.quorate.crypto.Bytes;
import dev.quorate.crypto.SignatureScheme;
import dev.quorate.transport.channel.Hello;
import dev.quorate.transport.channel.KeyCertificate;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/** Somebody who speaks TLS with a key of choice, and then whatever a test wants. Blocking; for one thread. */
public final class TestPeer implements AutoCloseable {
    private final Socket socket;
    private final DataInputStream in;
    private final DataOutputStream out;
    /** What is longer goes out in pieces of this size: between replicas. */
    private int pieceBytes = Integer.MAX_VALUE;

    private TestPeer(Socket socket) throws IOException {
        this.socket = socket;
        this.in = new DataInputStream(socket.getInputStream());
        this.out = new DataOutputStream(socket.getOutputStream());
    }

    /** Without TLS. */
    public static TestPeer plain(int port) throws IOException {
        return new TestPeer(new Socket(InetAddress.getLoopbackAddress(), port));
    }

    /** TLS, and no HELLO yet. */
    public static TestPeer tls(int port, Identity identity) throws IOException {
        SSLSocket socket =
                (SSLSocket) context(identity).getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), port);
        socket.startHandshake();
        return new TestPeer(socket);
    }

    /** Connected as a member of the cluster, HELLOs exchanged. */
    public static TestPeer member(LocalCluster cluster, int port, Identity identity, long session) throws IOException {
        TestPeer peer = tls(port, identity);
        peer.greet(cluster.config(), session);
        return peer;
    }

    /** Listens in the place of a replica. */
    public static SSLServerSocket listen(int port, Identity identity) throws IOException {
        SSLServerSocket server = (SSLServerSocket) context(identity)
                .getServerSocketFactory()
                .createServerSocket(port, 8, InetAddress.getLoopbackAddress());
        server.setNeedClientAuth(true);
        return server;
    }

    public static TestPeer accept(SSLServerSocket server) throws IOException {
        SSLSocket socket = (SSLSocket) server.accept();
        socket.startHandshake();
        return new TestPeer(socket);
    }

    public void greet(ClusterConfig config, long session) throws IOException {
        sendHello(Hello.VERSION, config.clusterId(), session);
        receive();
        if (session == 0) {
            pieceBytes = config.limits().get(Limit.MAX_FRAME_BYTES);
        }
    }

    public void sendHello(int version, Bytes clusterId, long session) throws IOException {
        send(Bytes.wrap(ByteBuffer.allocate(32)
                .putInt(0x5152544d)
                .putShort((short) version)
                .putShort((short) 0)
                .put(clusterId.toArray())
                .putLong(session)
                .array()));
    }

    public void send(Bytes frame) throws IOException {
        byte[] bytes = frame.toArray();
        for (int at = 0; bytes.length > pieceBytes && at < bytes.length; at += pieceBytes) {
            int length = Math.min(pieceBytes, bytes.length - at);
            int bits = at + length < bytes.length ? 1 << 31 : 3 << 30;
            sendRaw(ByteBuffer.allocate(Integer.BYTES + length)
                    .putInt(bits | length)
                    .put(bytes, at, length)
                    .array());
        }
        if (bytes.length <= pieceBytes) {
            sendWhole(frame);
        }
    }

    private void sendWhole(Bytes frame) throws IOException {
        sendRaw(ByteBuffer.allocate(Integer.BYTES + frame.length())
                .putInt(frame.length())
                .put(frame.toArray())
                .array());
    }

    public void sendLength(int length) throws IOException {
        sendRaw(ByteBuffer.allocate(Integer.BYTES).putInt(length).array());
    }

    public void sendRaw(byte[] bytes) throws IOException {
        out.write(bytes);
        out.flush();
    }

    /** The next message that is not empty; throws {@link EOFException} if the connection is closed. */
    public Bytes receive() throws IOException {
        ByteArrayOutputStream pieces = new ByteArrayOutputStream();
        while (true) {
            int header = in.readInt();
            byte[] frame = new byte[header & (1 << 30) - 1];
            in.readFully(frame);
            if (header < 0) {
                pieces.writeBytes(frame);
                if ((header & 1 << 30) != 0) {
                    return Bytes.wrap(pieces.toByteArray());
                }
            } else if (frame.length > 0) {
                return Bytes.wrap(frame);
            }
        }
    }

    /** Waits until the other side closes the connection, and throws away what comes before that. */
    public void awaitClosed() throws IOException {
        try {
            while (in.read() >= 0) {
                // Thrown away.
            }
        } catch (SocketException | SSLException e) {
            // Closed with a bang: closed all the same.
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    private static SSLContext context(Identity identity) {
        try {
            KeyCertificate own = KeyCertificate.of(identity, SignatureScheme.DEFAULT);
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            store.setKeyEntry("own", own.privateKey(), new char[0], new X509Certificate[] {own.certificate()});
            KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
            keys.init(store, new char[0]);
            SSLContext context = SSLContext.getInstance("TLSv1.3");
            context.init(keys.getKeyManagers(), new TrustManager[] {new TrustAll()}, null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new AssertionError(e);
        }
    }

    private static final class TrustAll implements X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
