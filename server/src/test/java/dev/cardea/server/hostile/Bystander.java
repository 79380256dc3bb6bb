package dev.cardea.server.hostile;

import static dev.cardea.server.hostile.AttackedServer.SOON;

import dev.cardea.testkit.websocket.CentrifugeSocket;
import dev.cardea.wire.Bytes;
import dev.cardea.wire.centrifuge.Push;
import dev.cardea.wire.centrifuge.Reply;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Two well-behaved connections: one publishes numbers, one after the other, and the other must get
 * each before long, once and in order. They go on with that, on a thread of their own, until they
 * are closed.
 */
final class Bystander implements AutoCloseable {
    static final String CHANNEL = "news";
    private static final long PAUSE_MILLIS = 5;

    private final CentrifugeSocket publisher;
    private final CentrifugeSocket subscriber;
    private final CountDownLatch stop = new CountDownLatch(1);
    private final Thread thread = new Thread(this::run, "bystander");

    private int received;
    private @Nullable Throwable failure;

    private Bystander(CentrifugeSocket publisher, CentrifugeSocket subscriber) {
        this.publisher = publisher;
        this.subscriber = subscriber;
    }

    static Bystander on(AttackedServer server) throws IOException {
        Bystander bystander = new Bystander(server.connected(), server.connected());
        bystander.subscriber.send(AttackedServer.subscribe(2, CHANNEL));
        bystander.subscriber.answer(2, SOON);
        bystander.thread.start();
        return bystander;
    }

    private void run() {
        try {
            while (!stop.await(PAUSE_MILLIS, TimeUnit.MILLISECONDS)) roundTrip();
            roundTrip(); // one that began after all else was over
        } catch (IOException | InterruptedException | RuntimeException e) {
            fail(e);
        }
    }

    private void roundTrip() throws IOException {
        int number = received() + 1;
        publisher.send(AttackedServer.publish(number + 1, CHANNEL, Integer.toString(number)));
        Reply.Answer answer = publisher.answer(number + 1, SOON);
        if (!(answer instanceof Reply.Publish)) throw new IOException("got " + answer);
        Bytes data =
                switch (subscriber.await(Reply.Pushed.class, SOON).push()) {
                    case Push.Pub(String _, var publication) -> publication.data();
                    case Push push -> throw new IOException("got " + push);
                };
        if (!data.toUtf8().equals(Integer.toString(number))) {
            throw new IOException("got " + data.toUtf8() + " rather than " + number);
        }
        advance();
    }

    private synchronized int received() {
        return received;
    }

    private synchronized void advance() {
        received++;
        notifyAll();
    }

    private synchronized void fail(Throwable cause) {
        failure = cause;
        notifyAll();
    }

    /** Waits until so many further publications were received: the server has had its turns. */
    synchronized void await(int publications) throws InterruptedException {
        int until = received + publications;
        while (failure == null && received < until) wait();
        if (failure != null) throw new AssertionError("the bystander has noticed", failure);
    }

    @Override
    public void close() throws IOException {
        stop.countDown();
        try {
            thread.join();
            await(0);
        } catch (InterruptedException e) {
            throw new IOException(e);
        } finally {
            publisher.close();
            subscriber.close();
        }
    }
}
