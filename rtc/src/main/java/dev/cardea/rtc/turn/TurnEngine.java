package dev.cardea.rtc.turn;

import dev.cardea.wire.Bytes;
import dev.cardea.wire.Malformed;
import dev.cardea.wire.stun.StunAttribute;
import dev.cardea.wire.stun.StunError;
import dev.cardea.wire.stun.StunIntegrity;
import dev.cardea.wire.stun.StunReader;
import dev.cardea.wire.stun.StunType;
import dev.cardea.wire.stun.StunWriter;
import dev.cardea.wire.stun.TransportAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * STUN and TURN for the clients of one event loop, which is the only thread that may call it.
 *
 * <p>Channel data doesn't come here: the sockets ask {@link Allocation} about it.
 */
public final class TurnEngine {
    private static final int MAX_ANSWER_BYTES = 1024 + Binding.MAX_PADDING_BYTES;

    private final TurnOptions options;
    private final UserDirectory directory;
    private final Relays relays;
    private final Reports reports;
    private final RandomGenerator random;
    private final StunReader reader = new StunReader();
    private final StunWriter writer = new StunWriter(MAX_ANSWER_BYTES);
    private final Binding binding = new Binding(reader, writer);
    private final StunWriter dataWriter = new StunWriter(64);
    private final Authentication authentication;
    private final Answers answers;
    private final SourceLimiter limiter;
    private final TokenBucket loopBandwidth;
    private final Allocating allocating;
    private final Permitting permitting;
    private final @Nullable TcpRelaying tcp;
    private final Set<Allocation> allocations = new LinkedHashSet<>();

    private boolean isDraining;
    private long suppressedAnswers;
    private final WaitingRequests waiting;

    /** What is being read. */
    private ByteBuffer received = ByteBuffer.allocate(0);

    /**
     * @param directory who knows users that the options don't have
     * @param secondsSince1970 the time of day, which ephemeral credentials are judged by
     * @param random must be hard to guess
     */
    public TurnEngine(
            TurnOptions options,
            Relays relays,
            Reports reports,
            UserDirectory directory,
            LongSupplier secondsSince1970,
            RandomGenerator random,
            long nowNanos) {
        this.options = options;
        this.relays = relays;
        this.reports = reports;
        this.random = random;
        StunIntegrity integrity = new StunIntegrity();
        Nonces nonces = new Nonces(options.nonceSecret().toArray());
        authentication =
                new Authentication(
                        options.credentials(), directory, nonces, integrity, secondsSince1970);
        answers = new Answers(reader, writer, integrity, authentication, reports);
        this.directory = directory;
        limiter =
                new SourceLimiter(options.unauthenticatedPerSecond(), random.nextLong(), nowNanos);
        waiting =
                new WaitingRequests(
                        new SourceLimiter(
                                options.unauthenticatedPerSecond(), random.nextLong(), nowNanos),
                        this::receive);
        loopBandwidth = new TokenBucket(options.loopBytesPerSecond(), nowNanos);
        allocating = new Allocating(options, relays, loopBandwidth);
        permitting = new Permitting(options, relays);
        tcp =
                options.hasTcpRelays()
                        ? new TcpRelaying(permitting, options.pendingConnections(), random)
                        : null;
    }

    /**
     * Takes a STUN message and answers it, or doesn't.
     *
     * @param message all that remains; borrowed until the call returns
     */
    public void receive(ByteBuffer message, Client client, long nowNanos) {
        received = message;
        try {
            reader.read(message);
            if (reader.has(StunAttribute.FINGERPRINT) && !reader.hasFingerprint()) return;
            switch (reader.kind()) {
                case StunType.REQUEST -> request(client, nowNanos);
                case StunType.INDICATION -> indication(client, nowNanos);
                default -> {} // we ask nothing
            }
        } catch (Malformed _) {
            // not a message, or an indication that says nothing
        }
    }

    // indications

    private void indication(Client client, long nowNanos) {
        Allocation allocation = client.allocation();
        if (reader.method() != StunType.SEND || allocation == null || allocation.isOverTcp())
            return;
        int peerAt = reader.find(StunAttribute.XOR_PEER_ADDRESS);
        int dataAt = reader.find(StunAttribute.DATA);
        if (peerAt < 0 || dataAt < 0 || reader.hasUnknownAttributes()) return;
        boolean whole = reader.has(StunAttribute.DONT_FRAGMENT);
        if (whole && !relays.supportsDontFragment()) return;
        reader.checkAddress(peerAt);
        int bytes = reader.length(dataAt);
        Peer peer =
                allocation.outbound(
                        reader.addressHigh(peerAt),
                        reader.addressLow(peerAt),
                        reader.addressPort(peerAt),
                        bytes,
                        nowNanos);
        if (peer == null) return;
        Relay relay = allocation.relayTo(peer);
        if (relay != null) relay.send(peer, reader.window(dataAt), whole);
    }

    /**
     * What stands before the data of a Data indication; valid until the next call. Its padding
     * follows the data.
     */
    public ByteBuffer dataHeader(Peer peer, int dataBytes) {
        return dataWriter
                .begin(StunType.DATA_INDICATION, random.nextInt(), random.nextLong())
                .putAddress(StunAttribute.XOR_PEER_ADDRESS, peer.address())
                .finishBefore(StunAttribute.DATA, dataBytes);
    }

    // requests

    private void request(Client client, long nowNanos) {
        int method = reader.method();
        if (method == StunType.BINDING) {
            if (mayAnswer(client, nowNanos)) answers.finish(binding.answer(client));
            return;
        }
        if (!isOurs(method) || waiting.has(client)) return;
        Authentication.Outcome outcome;
        try {
            outcome = authentication.check(reader, client, nowNanos);
        } catch (Malformed e) {
            outcome =
                    new Authentication.NotProved(
                            StunError.BAD_REQUEST, String.valueOf(e.getMessage()), "", false);
        }
        switch (outcome) {
            case Authentication.NotProved refusal -> askForProof(refusal, client, nowNanos);
            case Authentication.Proved(Account account) -> answer(client, account, nowNanos);
            case Authentication.Awaited(String name) -> ask(name, client, nowNanos);
        }
    }

    private void ask(String name, Client client, long nowNanos) {
        byte[] message = new byte[reader.lengthBytes()];
        received.get(received.position(), message);
        LongConsumer then = waiting.keep(message, client, nowNanos);
        if (then != null) directory.ask(name, then);
    }

    private boolean isOurs(int method) {
        return switch (method) {
            case StunType.ALLOCATE,
                    StunType.REFRESH,
                    StunType.CREATE_PERMISSION,
                    StunType.CHANNEL_BIND ->
                    true;
            case StunType.CONNECT, StunType.CONNECTION_BIND -> tcp != null;
            default -> false;
        };
    }

    /** A forged source costs its owner one answer in a while. */
    private boolean mayAnswer(Client client, long nowNanos) {
        if (client.isStream() || limiter.mayAnswer(client.address().ip(), nowNanos)) return true;
        suppressedAnswers++;
        return false;
    }

    private void askForProof(Authentication.NotProved refusal, Client client, long nowNanos) {
        reports.refused(
                client,
                options.credentials().userOf(refusal.name()),
                reader.method(),
                refusal.error(),
                refusal.why(),
                refusal.isExpected(),
                nowNanos);
        if (!mayAnswer(client, nowNanos)) return;
        answers.askForProof(refusal, client, nowNanos);
    }

    private void answer(Client client, Account account, long nowNanos) {
        Answer answer;
        try {
            answer = handle(client, account, nowNanos);
        } catch (Malformed e) {
            answer = Answer.refused(StunError.BAD_REQUEST, String.valueOf(e.getMessage()));
        }
        switch (answer) {
            case Answer.Refused(StunError error, String why) ->
                    answers.refuse(client, account, error, why, nowNanos);
            case Answer.Repeat(Bytes bytes) -> client.send(bytes.buffer());
            case Answer.Granted(String what) -> answers.grant(client, account, what, nowNanos);
            case Answer.Later() -> {}
        }
    }

    private Answer handle(Client client, Account account, long nowNanos) {
        int method = reader.method();
        Allocation allocation = client.allocation();
        if (method == StunType.ALLOCATE && allocation != null) return again(allocation);
        if (method == StunType.CONNECTION_BIND) return connectionBind(client, account, nowNanos);
        if (allocation == null && method != StunType.ALLOCATE)
            return Answer.refused(
                    StunError.ALLOCATION_MISMATCH, "its address and port have no allocation");
        if (allocation != null && !allocation.name().equals(account.name()))
            return Answer.refused(
                    StunError.WRONG_CREDENTIALS, "the allocation was made by another user");
        if (reader.hasUnknownAttributes())
            return Answer.refused(
                    StunError.UNKNOWN_ATTRIBUTE, "it has attributes that we don't know");
        if (allocation == null) return allocate(client, account, nowNanos);
        return switch (method) {
            case StunType.REFRESH -> refresh(allocation, nowNanos);
            case StunType.CREATE_PERMISSION -> {
                Answer answer = permitting.createPermission(reader, allocation, nowNanos);
                answers.begin(StunType.SUCCESS);
                yield answer;
            }
            case StunType.CONNECT -> connect(client, allocation, account, nowNanos);
            default -> {
                Answer answer = permitting.channelBind(reader, allocation, nowNanos);
                answers.begin(StunType.SUCCESS);
                yield answer;
            }
        };
    }

    /** Some clients send an Allocate again when our answer was late: it is answered again. */
    private Answer again(Allocation allocation) {
        byte[] answer = allocation.answer();
        ByteBuffer first = ByteBuffer.wrap(answer);
        boolean same =
                answer.length >= StunReader.HEADER_BYTES
                        && first.getInt(8) == reader.transactionHigh()
                        && first.getLong(12) == reader.transactionLow();
        if (same) return new Answer.Repeat(Bytes.wrap(answer));
        return Answer.refused(
                StunError.ALLOCATION_MISMATCH, "its address and port have an allocation already");
    }

    private Answer allocate(Client client, Account account, long nowNanos) {
        if (isDraining) {
            return answers.hasAlternate(client)
                    ? Answer.refused(StunError.TRY_ALTERNATE, "the server ends; there is another")
                    : Answer.refused(StunError.INSUFFICIENT_CAPACITY, "the server ends");
        }
        answers.begin(StunType.SUCCESS);
        Answer answer = allocating.allocate(reader, writer, client, account, nowNanos);
        Allocation made = client.allocation();
        if (made != null) allocations.add(made);
        return answer;
    }

    private Answer refresh(Allocation allocation, long nowNanos) {
        answers.begin(StunType.SUCCESS);
        Answer answer = allocating.refresh(reader, writer, allocation, nowNanos);
        if (!allocation.isLive(nowNanos)) end(allocation, "the client ended it", nowNanos);
        return answer;
    }

    // RFC 6062

    private Answer connect(Client client, Allocation allocation, Account account, long nowNanos) {
        if (tcp == null) throw new IllegalStateException("is not ours");
        TcpRelaying.Outcome outcome = answers.toConnect(client, account, nowNanos);
        Answer refused = tcp.connect(reader, allocation, nowNanos, outcome);
        return refused == null ? new Answer.Later() : refused;
    }

    /** The connection becomes the client's half of one with a peer. */
    private Answer connectionBind(Client client, Account account, long nowNanos) {
        if (tcp == null) throw new IllegalStateException("is not ours");
        if (!client.isStream() || client.allocation() != null)
            return Answer.refused(StunError.BAD_REQUEST, "it needs a TCP connection of its own");
        PendingConnections.Pending found = tcp.bind(reader, account);
        if (found == null)
            return Answer.refused(StunError.BAD_REQUEST, "no connection waits for it");
        answers.begin(StunType.SUCCESS);
        answers.grant(client, account, "connection with " + found.peer().peer(), nowNanos);
        found.relay().join(client, found.peer());
        return new Answer.Later();
    }

    /**
     * A peer has connected to a relay.
     *
     * @return false: it may not, and is to be closed
     */
    public boolean attempted(
            Allocation allocation, TcpRelay relay, PeerConnection connection, long nowNanos) {
        if (tcp == null) return false;
        TransportAddress peer = connection.peer();
        Permission permission = allocation.permission(peer.ip().high(), peer.ip().low());
        if (permission == null || !permission.isLive(nowNanos)) {
            allocation.drop("a connection of a peer without permission");
            return false;
        }
        if (!allocation.beginConnection(peer)) return false;
        int id = tcp.keep(connection, relay, allocation, nowNanos);
        dataWriter.begin(
                StunType.of(StunType.CONNECTION_ATTEMPT, StunType.INDICATION),
                random.nextInt(),
                random.nextLong());
        TcpRelaying.putId(dataWriter, id);
        dataWriter.putAddress(StunAttribute.XOR_PEER_ADDRESS, peer);
        allocation.client().send(dataWriter.finish());
        return true;
    }

    // lives

    private void end(Allocation allocation, String why, long nowNanos) {
        if (!allocations.remove(allocation)) return;
        allocation.close();
        options.quotas().give(allocation.user());
        reports.ended(allocation, why, nowNanos);
    }

    /** The client's connection has ended, and all that it had with it. */
    public void gone(Client client, long nowNanos) {
        waiting.gone(client);
        Allocation allocation = client.allocation();
        if (allocation != null) end(allocation, "its connection was closed", nowNanos);
    }

    /** To be called about once a second. */
    public void tick(long nowNanos) {
        List<Allocation> ended = new ArrayList<>();
        for (Allocation each : allocations) {
            if (each.isLive(nowNanos)) each.clean(nowNanos);
            else ended.add(each);
        }
        for (Allocation each : ended) end(each, "it wasn't refreshed in time", nowNanos);
        options.pendingConnections().tick(nowNanos);
    }

    /** From now on nobody may allocate; those that ask are sent to one of these. */
    public void drain(List<TransportAddress> others) {
        isDraining = true;
        answers.sendTo(others);
    }

    public void close(long nowNanos) {
        for (Allocation each : List.copyOf(allocations)) end(each, "the server ends", nowNanos);
    }

    /** A view, for reports. */
    public Set<Allocation> allocations() {
        return allocations;
    }

    /** Answers that weren't given because their sources asked too often. */
    public long suppressedAnswers() {
        return suppressedAnswers;
    }
}
