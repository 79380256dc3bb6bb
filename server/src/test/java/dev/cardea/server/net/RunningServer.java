package dev.cardea.server.net;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.util.concurrent.TimeUnit;

/** The routes under test on an ephemeral port of the loopback. */
final class RunningServer implements AutoCloseable {
    private final EventLoopGroup loops =
            new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final Channel listening;

    RunningServer(HttpRoutes routes, HttpLimits limits) {
        listening =
                new ServerBootstrap()
                        .group(loops)
                        .channel(NioServerSocketChannel.class)
                        .childHandler(new HttpPipeline(routes, limits))
                        .bind(InetAddress.getLoopbackAddress(), 0)
                        .syncUninterruptibly()
                        .channel();
    }

    int port() {
        return ((InetSocketAddress) listening.localAddress()).getPort();
    }

    URI uri(String path) {
        return URI.create("http://127.0.0.1:" + port() + path);
    }

    /** A connection for hand-written bytes. */
    Raw open() throws IOException {
        return new Raw(new Socket(InetAddress.getLoopbackAddress(), port()));
    }

    @Override
    public void close() {
        loops.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
    }

    /** A client that knows nothing about HTTP but where a response ends. */
    record Raw(Socket socket) implements AutoCloseable {
        Raw {
            try {
                socket.setSoTimeout(10_000);
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        }

        Raw send(String text) throws IOException {
            socket.getOutputStream().write(text.getBytes(ISO_8859_1));
            return this;
        }

        /** Reads one head and the body that its Content-Length tells. */
        String response() throws IOException {
            String head = head();
            int at = head.indexOf("content-length: ");
            if (at < 0) return head;
            int length = Integer.parseInt(head.substring(at + 16, head.indexOf("\r\n", at)));
            return head + new String(socket.getInputStream().readNBytes(length), ISO_8859_1);
        }

        String head() throws IOException {
            InputStream in = socket.getInputStream();
            StringBuilder head = new StringBuilder();
            while (head.indexOf("\r\n\r\n") < 0) {
                int next = in.read();
                if (next < 0) return head + "<end>";
                head.append((char) next);
            }
            return head.toString();
        }

        /** Everything until the server closes. */
        String rest() throws IOException {
            return new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }
}
