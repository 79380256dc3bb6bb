package dev.cardea.server;

import dev.cardea.testkit.websocket.CentrifugeSocket;
import dev.cardea.wire.Bytes;
import dev.cardea.wire.centrifuge.Command;
import dev.cardea.wire.centrifuge.Publication;
import dev.cardea.wire.centrifuge.Push;
import dev.cardea.wire.centrifuge.Reply;
import dev.cardea.wire.centrifuge.SubscribeRequest;
import dev.cardea.wire.centrifuge.SubscribeResult;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A client of one channel that does what an SDK does to lose nothing: connects again when its
 * connection has ended, and recovers from where it stands. A thread of its own.
 */
final class RollingReader {
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final Duration A_WHILE = Duration.ofMillis(500);

    private final int port;
    private final String channel;
    private final List<String> received = new ArrayList<>();
    private long offset = -1;
    private String epoch = "";
    private int connects;
    private int failedRecoveries;
    private long endedNanos;
    private long longestAwayNanos;
    private volatile boolean stopped;

    private RollingReader(int port, String channel) {
        this.port = port;
        this.channel = channel;
    }

    static RollingReader start(int port, String channel) {
        RollingReader reader = new RollingReader(port, channel);
        Thread.ofVirtual().start(reader::run);
        return reader;
    }

    private void run() {
        while (!stopped) {
            try (CentrifugeSocket socket = CentrifugeSocket.connectJson("127.0.0.1", port, SOON)) {
                socket.send(connect(), subscribe());
                while (!stopped) read(socket);
            } catch (IOException _) {
                ended(); // to the next one
            }
        }
    }

    private synchronized void ended() {
        if (endedNanos == 0) endedNanos = System.nanoTime();
    }

    private synchronized void isBack() {
        if (endedNanos != 0)
            longestAwayNanos = Math.max(longestAwayNanos, System.nanoTime() - endedNanos);
        endedNanos = 0;
    }

    private void read(CentrifugeSocket socket) throws IOException {
        try {
            hear(socket.next(A_WHILE));
        } catch (SocketTimeoutException _) {
            // a quiet moment
        }
    }

    private static Command connect() {
        return new Command.Connect(1, "", Bytes.EMPTY, Map.of(), "", "", Map.of(), 0);
    }

    private synchronized Command subscribe() {
        boolean recovers = offset >= 0;
        return new Command.Subscribe(
                2,
                new SubscribeRequest(
                        channel,
                        "",
                        recovers,
                        epoch,
                        recovers ? offset : 0,
                        Bytes.EMPTY,
                        true,
                        true,
                        false,
                        "",
                        null,
                        0,
                        0));
    }

    private synchronized void hear(Reply reply) {
        switch (reply) {
            case Reply.Subscribe(_, SubscribeResult result) -> {
                connects++;
                isBack();
                if (offset >= 0 && !result.recovered()) failedRecoveries++;
                if (offset < 0) offset = result.offset();
                epoch = result.epoch();
                result.publications().forEach(this::take);
            }
            case Reply.Pushed(Push.Pub(_, Publication publication)) -> take(publication);
            case Reply.Error error -> throw new AssertionError(error);
            case Reply.Answer _, Reply.Ping _, Reply.Pushed _ -> {}
        }
        notifyAll();
    }

    private void take(Publication publication) {
        offset = publication.offset();
        received.add(offset + " " + publication.data().toUtf8());
    }

    /** Waits until it has been given all up to there. */
    synchronized void awaitOffset(long wanted) throws InterruptedException {
        long until = System.nanoTime() + SOON.toNanos();
        while (offset < wanted) {
            long left = (until - System.nanoTime()) / 1_000_000;
            if (left <= 0) throw new AssertionError("stands at " + offset + ", not " + wanted);
            wait(left);
        }
    }

    synchronized List<String> received() {
        return List.copyOf(received);
    }

    synchronized int connects() {
        return connects;
    }

    synchronized int failedRecoveries() {
        return failedRecoveries;
    }

    /** From the end of a connection until the next one was subscribed. */
    synchronized long longestAwayNanos() {
        return longestAwayNanos;
    }

    void stop() {
        stopped = true;
    }
}
