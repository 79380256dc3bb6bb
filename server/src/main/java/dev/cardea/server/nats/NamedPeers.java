package dev.cardea.server.nats;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.UnknownHostException;
import java.security.KeyManagementException;
import java.security.SecureRandom;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLContextSpi;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocketFactory;
import javax.net.ssl.SSLSessionContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;

/**
 * TLS that compares the server's name with its certificate. The client library doesn't ask for that
 * itself, and takes nothing but a context.
 */
final class NamedPeers extends SSLContextSpi {
    private final SSLContext context;
    private final List<URI> servers;

    private NamedPeers(SSLContext context, List<URI> servers) {
        this.context = context;
        this.servers = servers;
    }

    static SSLContext of(SSLContext context, List<String> servers) {
        List<URI> named = servers.stream().map(URI::create).toList();
        return new SSLContext(
                new NamedPeers(context, named), context.getProvider(), context.getProtocol()) {};
    }

    @Override
    protected SSLSocketFactory engineGetSocketFactory() {
        return new Factory(context.getSocketFactory(), servers);
    }

    @Override
    protected void engineInit(KeyManager[] keys, TrustManager[] trust, SecureRandom random)
            throws KeyManagementException {
        throw new KeyManagementException("it is ready");
    }

    @Override
    protected SSLServerSocketFactory engineGetServerSocketFactory() {
        return context.getServerSocketFactory();
    }

    @Override
    protected SSLEngine engineCreateSSLEngine() {
        return context.createSSLEngine();
    }

    @Override
    protected SSLEngine engineCreateSSLEngine(String host, int port) {
        return context.createSSLEngine(host, port);
    }

    @Override
    protected SSLSessionContext engineGetServerSessionContext() {
        return context.getServerSessionContext();
    }

    @Override
    protected SSLSessionContext engineGetClientSessionContext() {
        return context.getClientSessionContext();
    }

    private static final class Factory extends SSLSocketFactory {
        private static final int DEFAULT_PORT = 4222;

        private final SSLSocketFactory factory;
        private final List<URI> servers;

        Factory(SSLSocketFactory factory, List<URI> servers) {
            this.factory = factory;
            this.servers = servers;
        }

        /** The client library has looked the name up, and passes the address on. */
        private String nameOf(String address, int port) throws UnknownHostException {
            for (URI server : servers) {
                int itsPort = server.getPort() < 0 ? DEFAULT_PORT : server.getPort();
                if (itsPort != port) continue;
                for (InetAddress each : InetAddress.getAllByName(server.getHost())) {
                    if (each.getHostAddress().equals(address)) return server.getHost();
                }
            }
            return address;
        }

        private static Socket naming(Socket socket) {
            if (socket instanceof SSLSocket tls) {
                SSLParameters parameters = tls.getSSLParameters();
                parameters.setEndpointIdentificationAlgorithm("HTTPS"); // RFC 2818 section 3.1
                tls.setSSLParameters(parameters);
            }
            return socket;
        }

        @Override
        public Socket createSocket(Socket socket, String host, int port, boolean closes)
                throws IOException {
            return naming(factory.createSocket(socket, nameOf(host, port), port, closes));
        }

        @Override
        public Socket createSocket(String host, int port) throws IOException {
            return naming(factory.createSocket(host, port));
        }

        @Override
        public Socket createSocket(String host, int port, InetAddress local, int localPort)
                throws IOException {
            return naming(factory.createSocket(host, port, local, localPort));
        }

        @Override
        public Socket createSocket(InetAddress host, int port) throws IOException {
            return naming(factory.createSocket(host, port));
        }

        @Override
        public Socket createSocket(InetAddress host, int port, InetAddress local, int localPort)
                throws IOException {
            return naming(factory.createSocket(host, port, local, localPort));
        }

        @Override
        public String[] getDefaultCipherSuites() {
            return factory.getDefaultCipherSuites();
        }

        @Override
        public String[] getSupportedCipherSuites() {
            return factory.getSupportedCipherSuites();
        }
    }
}
