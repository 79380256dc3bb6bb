package dev.cardea.rtc.turn;

import dev.cardea.wire.Bytes;
import dev.cardea.wire.stun.IpAddress;
import dev.cardea.wire.stun.StunError;
import dev.cardea.wire.stun.TransportAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/** An engine with a clock that stands still, and relays that remember what went out. */
final class SimulatedServer {
    static final String REALM = "example.org";
    static final String SECRET = "sesame";

    final Set<TransportAddress> live = new HashSet<>();
    final Set<IpAddress> own = new HashSet<>();
    final Set<Integer> taken = new HashSet<>();
    final Map<Long, Integer> reserved = new HashMap<>();
    final List<String> reports = new ArrayList<>();
    final Credentials credentials =
            new Credentials(REALM, Map.of("alice", "pw", "bob", "pw2"), List.of(SECRET, "older"));
    long nowNanos = Duration.ofDays(3).toNanos();
    long seconds = 1_800_000_000L;
    boolean hasIpv6 = true;
    boolean hasDontFragment = true;
    int portsLeft = 1000;
    int nextPort = 50_000;
    int closedConnections;
    final Directory directory = new Directory();
    final SimulatedTcpRelay tcp = new SimulatedTcpRelay();
    final TurnEngine engine;

    SimulatedServer() {
        this(Limits.DEFAULT);
    }

    record Limits(
            int all,
            int perUser,
            int peers,
            long bytesPerSecond,
            int unauthenticated,
            List<String> allow,
            List<String> deny) {
        static final Limits DEFAULT =
                new Limits(100, 50, 8, 0, 0, List.of("10.9.0.0/16"), List.of("203.0.113.66"));
    }

    SimulatedServer(Limits limits) {
        own.add(IpAddress.parse("198.51.100.1"));
        own.add(IpAddress.parse("2001:db8:1::1"));
        PeerPolicy policy =
                new PeerPolicy(
                        limits.allow().stream().map(IpRange::parse).toList(),
                        limits.deny().stream().map(IpRange::parse).toList());
        TurnOptions options =
                new TurnOptions(
                        credentials,
                        policy,
                        new Quotas(limits.all(), limits.perUser()),
                        Bytes.wrap(new byte[32]),
                        limits.peers(),
                        limits.peers(),
                        limits.bytesPerSecond(),
                        0,
                        limits.unauthenticated(),
                        true,
                        new PendingConnections());
        engine =
                new TurnEngine(
                        options,
                        new SimulatedRelays(),
                        new Kept(),
                        directory,
                        () -> seconds,
                        new SplittableRandom(1),
                        nowNanos);
    }

    void pass(Duration time) {
        nowNanos += time.toNanos();
        seconds += time.toSeconds();
        engine.tick(nowNanos);
    }

    /** Somebody else, who knows carol, and answers when a test says so. */
    static final class Directory implements UserDirectory {
        final Map<String, Entry> said = new HashMap<>();
        final List<String> asked = new ArrayList<>();
        private final List<LongConsumer> waiting = new ArrayList<>();
        boolean isOn;

        @Override
        public Entry find(String name) {
            if (!isOn) return new Nobody();
            return said.getOrDefault(name, new NotAsked());
        }

        @Override
        public void ask(String name, LongConsumer then) {
            asked.add(name);
            waiting.add(then);
        }

        void answers(String name, Entry entry, long nowNanos) {
            said.put(name, entry);
            List<LongConsumer> told = List.copyOf(waiting);
            waiting.clear();
            told.forEach(each -> each.accept(nowNanos));
        }
    }

    /** Whether the last relay was closed, and what it has sent. */
    final class SimulatedRelay implements Relay {
        final TransportAddress address;
        final List<String> sent = new ArrayList<>();
        boolean isClosed;

        SimulatedRelay(TransportAddress address) {
            this.address = address;
            live.add(address);
        }

        @Override
        public TransportAddress address() {
            return address;
        }

        @Override
        public void send(Peer peer, ByteBuffer data, boolean whole) {
            byte[] bytes = new byte[data.remaining()];
            data.get(bytes);
            String text = new String(bytes, StandardCharsets.UTF_8);
            sent.add(peer.address() + " " + text + (whole ? " whole" : ""));
        }

        @Override
        public void close() {
            isClosed = true;
            live.remove(address);
            taken.remove(address.port());
        }
    }

    /** Connects at once, unless it is told not to. */
    final class SimulatedTcpRelay implements TcpRelay {
        final List<String> joined = new ArrayList<>();
        boolean accepts = true;

        @Override
        public TransportAddress address() {
            return TransportAddress.parse("198.51.100.1:50999");
        }

        @Override
        public void connect(TransportAddress peer, Consumer<@Nullable PeerConnection> then) {
            then.accept(accepts ? new SimulatedConnection(peer) : null);
        }

        @Override
        public void join(Client client, PeerConnection peer) {
            joined.add(client.address() + " " + peer.peer());
        }

        @Override
        public void send(Peer peer, ByteBuffer data, boolean whole) {
            throw new AssertionError("no datagrams here");
        }

        @Override
        public void close() {}
    }

    final class SimulatedConnection implements PeerConnection {
        private final TransportAddress peer;

        SimulatedConnection(TransportAddress peer) {
            this.peer = peer;
        }

        @Override
        public TransportAddress peer() {
            return peer;
        }

        @Override
        public void close() {
            closedConnections++;
        }
    }

    private final class SimulatedRelays implements Relays {
        @Override
        public boolean supports(Family family) {
            return family == Family.IPV4 || hasIpv6;
        }

        @Override
        public boolean supportsDontFragment() {
            return hasDontFragment;
        }

        @Override
        public @Nullable Opened open(Allocation owner, Family family, Port port, long now) {
            if (portsLeft-- <= 0) return null;
            int number = nextPort++;
            if (port != Port.ANY && number % 2 == 1) number = nextPort++;
            long token = 0;
            if (port == Port.EVEN_AND_NEXT) {
                token = 77L + number;
                reserved.put(token, nextPort++);
            }
            return new Opened(relay(family, number), token);
        }

        private Relay relay(Family family, int port) {
            taken.add(port);
            String ip = family == Family.IPV4 ? "198.51.100.1" : "2001:db8:1::1";
            return new SimulatedRelay(new TransportAddress(IpAddress.parse(ip), port));
        }

        @Override
        public @Nullable Opened openReserved(Allocation owner, long token, long now) {
            Integer port = reserved.remove(token);
            return port == null ? null : new Opened(relay(Family.IPV4, port), 0);
        }

        @Override
        public Relay openTcp(Allocation owner, Family family) {
            return tcp;
        }

        @Override
        public boolean isLive(TransportAddress address) {
            return live.contains(address);
        }

        @Override
        public boolean isOwn(IpAddress ip) {
            return own.contains(ip);
        }
    }

    private final class Kept implements Reports {
        @Override
        public void refused(
                Client client,
                String user,
                int method,
                StunError error,
                String why,
                boolean isExpected,
                long now) {
            reports.add(user + " " + error.code() + (isExpected ? " expected: " : ": ") + why);
        }

        @Override
        public void granted(Client client, String user, int method, String what, long now) {}

        @Override
        public void ended(Allocation allocation, String why, long now) {
            reports.add(allocation.user() + " ended: " + why);
        }
    }
}
