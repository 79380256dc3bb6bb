package dev.cardea.messaging.peerjs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cardea.wire.Bytes;
import dev.cardea.wire.peerjs.ClientMessage;
import dev.cardea.wire.peerjs.Signal;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.function.Predicate;

/** Realms of several nodes, what they tell each other, their peers, and time as a number. */
final class SimulatedRealms {
    static final RealmOptions OPTIONS =
            new RealmOptions(
                    100,
                    0,
                    0,
                    Duration.ofSeconds(60).toNanos(),
                    Duration.ofSeconds(5).toNanos(),
                    10,
                    100_000,
                    10_000,
                    0,
                    1_000);

    private record Letter(String from, String to, RealmMessage message) {}

    private final RealmOptions options;
    private final Map<String, Realm> nodes = new LinkedHashMap<>();
    private final Map<String, RealmCounters> counters = new LinkedHashMap<>();
    private final Queue<Letter> letters = new ArrayDeque<>();
    private Predicate<RealmMessage> lost = _ -> false;
    long nowNanos = -Duration.ofHours(1).toNanos();

    SimulatedRealms(RealmOptions options) {
        this.options = options;
    }

    SimulatedRealms() {
        this(OPTIONS);
    }

    Realm node(String name) {
        OtherRealms others =
                new OtherRealms() {
                    @Override
                    public void toAll(RealmMessage message) {
                        for (String each : nodes.keySet())
                            if (!each.equals(name)) letters.add(new Letter(name, each, message));
                    }

                    @Override
                    public void toNode(String node, RealmMessage message) {
                        letters.add(new Letter(name, node, message));
                    }
                };
        RealmCounters its = new RealmCounters();
        Realm realm = new Realm(name, options, others, its, nowNanos);
        counters.put(name, its);
        nodes.put(name, realm);
        pass(Duration.ofMillis(250));
        return realm;
    }

    RealmCounters counters(String node) {
        return Objects.requireNonNull(counters.get(node));
    }

    /** Without a word. */
    void kill(String node) {
        nodes.remove(node);
    }

    /** Such messages don't arrive any more, and nobody is told. */
    void lose(Predicate<RealmMessage> which) {
        lost = which;
    }

    /** Delivers all that is said, and what is said to it. */
    void talk() {
        for (Letter each = letters.poll(); each != null; each = letters.poll()) {
            RealmMessage message = RealmCodec.read(RealmCodec.write(each.message()));
            if (lost.test(message)) continue;
            Realm to = nodes.get(each.to());
            Realm from = nodes.get(each.from());
            if (to != null) to.heard(each.from(), message, nowNanos);
            else if (from != null) from.undelivered(each.to(), message, nowNanos);
        }
    }

    void pass(Duration time) {
        long step = Duration.ofMillis(250).toNanos();
        for (long left = time.toNanos(); left > 0; left -= step) {
            nowNanos += step;
            nodes.values().forEach(each -> each.tick(nowNanos));
            talk();
        }
    }

    /** Wants an id; nothing that nodes tell each other has been delivered yet. */
    Client wants(String node, String id, String owner) {
        return wants(node, id, owner, "", "1.1.1.1", Registration.ENDLESS);
    }

    Client wants(String node, String id, String owner, String user, String address, long lifetime) {
        Realm realm = Objects.requireNonNull(nodes.get(node));
        Client client = new Client(realm, id, owner, user, address, lifetime);
        realm.open(client.registration, nowNanos);
        return client;
    }

    Client wants(String node, String id, String owner, boolean isRevoked) {
        Realm realm = Objects.requireNonNull(nodes.get(node));
        Client client = new Client(realm, id, owner, "", "1.1.1.1", Registration.ENDLESS);
        client.isRevoked = isRevoked;
        realm.open(client.registration, nowNanos);
        return client;
    }

    Client opened(String node, String id) {
        Client client = wants(node, id, "secret of " + id);
        talk();
        assertThat(client.take()).containsExactly("{\"type\":\"OPEN\"}");
        assertThat(client.isOpen).isTrue();
        return client;
    }

    final class Client implements PeerLink {
        final Registration registration;
        private final Realm realm;
        private final List<String> got = new ArrayList<>();
        boolean isOpen;
        String end = "";
        long pending;
        boolean isRevoked;
        int pings;
        private long heardNanos = nowNanos;

        private Client(
                Realm realm, String id, String owner, String user, String address, long lifetime) {
            this.realm = realm;
            registration =
                    new Registration(id, owner, user, address, lifetime, () -> isRevoked, this);
        }

        long says(Signal.Kind kind, String dst, String payload) {
            return says(new ClientMessage.To(kind, dst, Bytes.utf8(payload)), payload.length());
        }

        long says(ClientMessage message, int bytes) {
            heardNanos = nowNanos;
            long wait = realm.receive(registration, message, bytes, nowNanos);
            talk();
            return wait;
        }

        void beats() {
            says(new ClientMessage.Heartbeat(), 20);
        }

        void leaves() {
            realm.left(registration);
            talk();
        }

        List<String> take() {
            List<String> taken = List.copyOf(got);
            got.clear();
            return taken;
        }

        @Override
        public void opened() {
            isOpen = true;
        }

        @Override
        public void send(Bytes json) {
            got.add(json.toUtf8());
        }

        @Override
        public long pendingBytes() {
            return pending;
        }

        @Override
        public long heardNanos() {
            return heardNanos;
        }

        @Override
        public void ping() {
            pings++;
        }

        @Override
        public void endWith(int code, String reason) {
            assertThat(end).isEmpty();
            end = code + " " + reason;
        }
    }
}
