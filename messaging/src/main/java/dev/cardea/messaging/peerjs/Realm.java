package dev.cardea.messaging.peerjs;

import dev.cardea.messaging.session.Disconnect;
import dev.cardea.wire.Bytes;
import dev.cardea.wire.peerjs.ClientMessage;
import dev.cardea.wire.peerjs.ServerMessages;
import dev.cardea.wire.peerjs.Signal;
import dev.cardea.wire.websocket.CloseCode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The peers of one node: who has which id, and the way from one to another. Belongs to one event
 * loop.
 */
@SuppressWarnings("ReferenceEquality") // a connection is itself alone
public final class Realm {
    /** A peer is asked for a sign of life so often before it is given up. */
    private static final int PINGS = 3;

    private static final long SPEAKS_NANOS = Duration.ofSeconds(3).toNanos();
    private static final long ANSWERS_NANOS = Duration.ofSeconds(1).toNanos();

    /** Of a census: what fits into one message. */
    private static final int MAX_COUNTED = 20_000;

    private final String node;
    private final RealmOptions options;
    private final OtherRealms others;
    private final RealmCounters counters;
    private final Map<String, Registration> open = new HashMap<>();
    private final Map<String, Claim> claims = new HashMap<>();
    private final KnownRealms known = new KnownRealms();
    private final WaitingSignals waiting;
    private final Quotas quotas;
    private @Nullable Census census;
    private long lastNumber;
    private long spokeNanos;
    private volatile int count;

    /**
     * @param node this node's id
     */
    public Realm(
            String node,
            RealmOptions options,
            OtherRealms others,
            RealmCounters counters,
            long nowNanos) {
        this.node = node;
        this.options = options;
        this.others = others;
        this.counters = counters;
        this.waiting = new WaitingSignals(options);
        this.quotas = new Quotas(options);
        this.spokeNanos = nowNanos - SPEAKS_NANOS;
    }

    /** Peers that have their ids. From any thread. */
    public int count() {
        return count;
    }

    /** Signals that wait for their peers. From any thread. */
    public int waitingCount() {
        return waiting.count();
    }

    /** All that have their ids here. */
    public List<Registration> all() {
        return List.copyOf(open.values());
    }

    // ---- connections ----

    /** A connection wants an id. It is told, sooner or later. */
    public void open(Registration newcomer, long nowNanos) {
        if (newcomer.isRevoked()) {
            refuse(newcomer, Refused.TOKEN_REVOKED);
            return;
        }
        Registration holder = open.get(newcomer.id());
        if (holder != null) {
            if (holder.hasOwner(newcomer.owner())) replace(holder, newcomer, nowNanos);
            else refuse(newcomer, Refused.ID_TAKEN);
            return;
        }
        Claim claim = claims.get(newcomer.id());
        if (claim != null) {
            if (claim.newcomer().hasOwner(newcomer.owner())) replace(claim, newcomer);
            else refuse(newcomer, Refused.ID_TAKEN);
            return;
        }
        Refused tooMany = quotas.take(newcomer);
        if (tooMany != null) refuse(newcomer, tooMany);
        else claim(newcomer, nowNanos);
    }

    private void refuse(Registration newcomer, Refused why) {
        counters.refused(why).increment();
        newcomer.link().send(why.message());
        newcomer.link().endWith(CloseCode.POLICY_VIOLATION, "refused");
    }

    /** The same peer, whose old connection may long be dead without anybody having noticed. */
    private void replace(Registration holder, Registration newcomer, long nowNanos) {
        quotas.giveBack(holder);
        open.remove(holder.id());
        holder.link().endWith(CloseCode.NORMAL, "the peer has connected anew");
        counters.takenOver().increment();
        Refused tooMany = quotas.take(newcomer);
        if (tooMany == null) {
            newcomer.cameBy(holder.claim());
            admit(newcomer, Set.of(), nowNanos);
        } else {
            count = open.size();
            refuse(newcomer, tooMany);
        }
    }

    private void replace(Claim claim, Registration newcomer) {
        quotas.giveBack(claim.newcomer());
        claim.newcomer().link().endWith(CloseCode.NORMAL, "the peer has connected anew");
        Refused tooMany = quotas.take(newcomer);
        if (tooMany == null) {
            newcomer.cameBy(claim.number());
            claim.become(newcomer);
        } else {
            claims.remove(newcomer.id());
            refuse(newcomer, tooMany);
        }
    }

    private void claim(Registration newcomer, long nowNanos) {
        long number = ++lastNumber;
        newcomer.cameBy(number);
        // whoever isn't known hears it too, and what it objects comes late
        Set<String> awaited = known.nodes();
        if (!awaited.isEmpty())
            claims.put(
                    newcomer.id(), new Claim(number, newcomer, awaited, nowNanos + ANSWERS_NANOS));
        others.toAll(new RealmMessage.Claim(number, newcomer.id(), newcomer.owner()));
        if (awaited.isEmpty()) admit(newcomer, Set.of(), nowNanos);
    }

    private void admit(Registration newcomer, Set<String> seekers, long nowNanos) {
        newcomer.begin(nowNanos, new Pace(options.messagesPerSecond(), nowNanos));
        open.put(newcomer.id(), newcomer);
        count = open.size();
        counters.opened().increment();
        known.lost(newcomer.id());
        newcomer.link().send(ServerMessages.open());
        newcomer.link().opened();
        for (Signal each : waiting.take(newcomer.id())) pass(each, nowNanos);
        for (String seeker : seekers) others.toNode(seeker, new RealmMessage.Found(newcomer.id()));
    }

    /** The connection has ended, whether it had its id or not. */
    public void left(Registration gone) {
        if (open.get(gone.id()) == gone) remove(gone);
        Claim claim = claims.get(gone.id());
        if (claim != null && claim.newcomer() == gone) drop(claim);
    }

    private void remove(Registration gone) {
        open.remove(gone.id());
        count = open.size();
        quotas.giveBack(gone);
    }

    private void drop(Claim claim) {
        claims.remove(claim.newcomer().id());
        quotas.giveBack(claim.newcomer());
    }

    private void end(Registration peer, int code, String reason) {
        remove(peer);
        peer.link().endWith(code, reason);
    }

    /** The server ends: the peer finds another one. */
    public void moveOn(Registration peer) {
        if (open.get(peer.id()) == peer) end(peer, CloseCode.GOING_AWAY, "the server ends");
    }

    /** Says to the other nodes that this one has no peers any more. */
    public void leave() {
        others.toAll(new RealmMessage.Away());
    }

    // ---- what the application says ----

    /** Ends all peers of the user, whether they have their ids yet or not. */
    public void disconnect(String user, Disconnect why) {
        for (Registration each : removed(peer -> peer.user().equals(user))) {
            counters.disconnected().increment();
            dismiss(each, ServerMessages.error(why.reason()), why);
        }
    }

    /**
     * The peers of the user are good for so long from now on.
     *
     * @param lifetimeNanos may be {@link Registration#ENDLESS}
     */
    public void refresh(String user, long lifetimeNanos, long nowNanos) {
        for (Registration each : open.values())
            if (each.user().equals(user)) each.renew(lifetimeNanos, nowNanos);
        for (Claim each : claims.values())
            if (each.newcomer().user().equals(user)) each.newcomer().renew(lifetimeNanos, nowNanos);
    }

    /** Credentials were taken back: ends those that have them. */
    public void endRevoked() {
        for (Registration each : removed(Registration::isRevoked))
            credentialsEnded(each, Refused.TOKEN_REVOKED);
    }

    private List<Registration> removed(Predicate<Registration> which) {
        List<Registration> gone = new ArrayList<>(open.values());
        for (Claim each : claims.values()) gone.add(each.newcomer());
        gone.removeIf(which.negate());
        gone.forEach(this::left);
        return gone;
    }

    private void credentialsEnded(Registration peer, Refused why) {
        counters.refused(why).increment();
        dismiss(peer, why.message(), Disconnect.EXPIRED);
    }

    /** npm peerjs shows its page what the message says, and not why the connection was closed. */
    private static void dismiss(Registration peer, Bytes message, Disconnect why) {
        peer.link().send(message);
        peer.link().endWith(why.code(), why.reason());
    }

    // ---- what peers say ----

    /**
     * @param bytes how long the message was
     * @return for how long, in nanoseconds, the next one is to wait
     */
    public long receive(Registration from, ClientMessage message, int bytes, long nowNanos) {
        if (open.get(from.id()) != from) return 0; // its id has gone to another connection
        switch (message) {
            case ClientMessage.Heartbeat() -> {
                // that anything came is what counts, and the link knows
            }
            case ClientMessage.To(Signal.Kind kind, String dst, var payload) ->
                    pass(new Signal(kind, from.id(), dst, payload), nowNanos);
            case ClientMessage.Leave() -> end(from, CloseCode.NORMAL, "left");
            case ClientMessage.Other() -> {
                // PeerServer passes over it, too
            }
        }
        return from.pace().spoken(bytes, nowNanos);
    }

    private void pass(Signal signal, long nowNanos) {
        String dst = signal.dst();
        if (deliver(signal)) return;
        String there = known.nodeOf(dst);
        if (there != null) pass(signal, there); // and nothing waits: it was passed on when found
        else await(signal, nowNanos);
    }

    private boolean deliver(Signal signal) {
        Registration peer = open.get(signal.dst());
        if (peer == null || !takes(peer)) return false;
        peer.link().send(ServerMessages.signal(signal));
        counters.delivered(signal.kind()).increment();
        return true;
    }

    private void pass(Signal signal, String there) {
        counters.passed(signal.kind()).increment();
        others.toNode(there, new RealmMessage.Pass(signal));
    }

    /** One that takes nothing is as good as gone. */
    private boolean takes(Registration peer) {
        if (peer.link().pendingBytes() <= options.pendingBytes()) return true;
        counters.stalled().increment();
        end(peer, CloseCode.POLICY_VIOLATION, "too slow");
        return false;
    }

    /** Until the peer comes, or another node says that it has it. */
    private void await(Signal signal, long nowNanos) {
        boolean isFirst = !waiting.anyFor(signal.dst());
        if (!waiting.add(signal, nowNanos)) {
            if (signal.kind() != Signal.Kind.LEAVE) expire(signal.src(), signal.dst());
        } else if (isFirst && !known.isEmpty()) {
            others.toAll(new RealmMessage.Seek(signal.dst()));
        }
    }

    private void expire(String sender, String absent) {
        Registration peer = open.get(sender);
        if (peer == null || !takes(peer)) return;
        counters.expired().increment();
        peer.link().send(ServerMessages.expire(absent, sender));
    }

    // ---- time ----

    /** To be called several times a second. */
    public void tick(long nowNanos) {
        for (Registration each : List.copyOf(open.values())) keepUp(each, nowNanos);
        for (Claim each : List.copyOf(claims.values()))
            if (each.isOverdue(nowNanos)) settle(each, nowNanos);
        waiting.expire(nowNanos).forEach(each -> expire(each.sender(), each.absent()));
        known.forgetSilent(nowNanos).forEach(each -> gone(each, nowNanos));
        tellCensus(nowNanos);
        if (nowNanos - spokeNanos < SPEAKS_NANOS) return;
        spokeNanos = nowNanos;
        others.toAll(new RealmMessage.Here());
    }

    private void keepUp(Registration peer, long nowNanos) {
        if (peer.isExpired(nowNanos)) {
            remove(peer);
            credentialsEnded(peer, Refused.TOKEN_EXPIRED);
        } else if (peer.silentNanos(nowNanos) >= options.aliveNanos()) {
            counters.silent().increment();
            end(peer, CloseCode.POLICY_VIOLATION, "nothing was heard for too long");
        } else if (peer.isDueForPing(nowNanos, options.aliveNanos() / PINGS)) {
            peer.link().ping();
        }
    }

    /** Nobody objects, or whoever would is dead. */
    private void settle(Claim claim, long nowNanos) {
        claims.remove(claim.newcomer().id());
        admit(claim.newcomer(), claim.seekers(), nowNanos);
    }

    private void gone(String other, long nowNanos) {
        for (Claim each : List.copyOf(claims.values()))
            if (each.settledBy(other)) settle(each, nowNanos);
        if (census != null) census.counted(other, List.of());
        tellCensus(nowNanos);
    }

    private void tellCensus(long nowNanos) {
        if (census != null) census.tell(nowNanos, ANSWERS_NANOS);
    }

    // ---- other nodes ----

    /**
     * The ids of all nodes, in order, as they were a second ago at most; of a node that doesn't
     * answer within a second, none.
     *
     * @param done called now or later
     */
    public void ids(Consumer<List<String>> done, long nowNanos) {
        Census current = census;
        if (current == null || !current.isGoodFor(nowNanos, ANSWERS_NANOS)) {
            // whoever has asked the last one is told before it goes
            tellCensus(nowNanos);
            Set<String> awaited = known.nodes();
            current = new Census(++lastNumber, awaited, open.keySet(), nowNanos);
            census = current;
            if (!awaited.isEmpty()) others.toAll(new RealmMessage.Census(current.number()));
        }
        current.askedBy(done);
        tellCensus(nowNanos);
    }

    /** What another node's realm says. */
    public void heard(String from, RealmMessage message, long nowNanos) {
        boolean isNew = known.heard(from, nowNanos);
        switch (message) {
            case RealmMessage.Here() -> {
                if (isNew) others.toNode(from, new RealmMessage.Here());
            }
            case RealmMessage.Away() -> {
                known.forget(from);
                gone(from, nowNanos);
            }
            case RealmMessage.Claim claim -> claimed(from, claim);
            case RealmMessage.Answer answer -> answered(from, answer, nowNanos);
            case RealmMessage.Seek(String id) -> sought(from, id);
            case RealmMessage.Found(String id) -> {
                known.found(id, from);
                for (Signal each : waiting.take(id)) pass(each, nowNanos);
            }
            case RealmMessage.Pass(Signal signal) -> {
                if (!deliver(signal)) others.toNode(from, new RealmMessage.Missed(signal));
            }
            case RealmMessage.Missed(Signal signal) -> missed(from, signal, nowNanos);
            case RealmMessage.Census(long number) ->
                    others.toNode(from, new RealmMessage.Counted(number, some()));
            case RealmMessage.Counted(long number, List<String> ids) -> {
                if (census == null || census.number() != number) return;
                census.counted(from, ids);
                tellCensus(nowNanos);
            }
        }
    }

    /** A message that its node hasn't got. */
    public void undelivered(String there, RealmMessage message, long nowNanos) {
        if (message instanceof RealmMessage.Pass(Signal signal)) missed(there, signal, nowNanos);
    }

    private void missed(String there, Signal signal, long nowNanos) {
        known.lost(signal.dst(), there);
        if (open.containsKey(signal.src())) pass(signal, nowNanos);
    }

    private List<String> some() {
        return open.keySet().stream().limit(MAX_COUNTED).toList();
    }

    /** Another node wants the id: it goes there with the same peer, and stays with another one. */
    private void claimed(String from, RealmMessage.Claim theirs) {
        String id = theirs.id();
        known.lost(id);
        boolean isTaken = isKept(from, theirs);
        others.toNode(
                from, new RealmMessage.Answer(theirs.number(), id, isTaken, waiting.anyFor(id)));
    }

    private boolean isKept(String from, RealmMessage.Claim theirs) {
        Registration holder = open.get(theirs.id());
        if (holder != null) {
            if (!holder.hasOwner(theirs.owner())) return true;
            counters.takenOver().increment();
            end(holder, CloseCode.NORMAL, "the peer has connected anew");
            return false;
        }
        Claim mine = claims.get(theirs.id());
        if (mine == null) return false;
        // at the same time: all nodes must see the same one as the first
        if (node.compareTo(from) < 0) return true;
        drop(mine);
        if (mine.newcomer().hasOwner(theirs.owner()))
            mine.newcomer().link().endWith(CloseCode.NORMAL, "the peer has connected anew");
        else refuse(mine.newcomer(), Refused.ID_TAKEN);
        return false;
    }

    private void answered(String from, RealmMessage.Answer answer, long nowNanos) {
        Claim claim = claims.get(answer.id());
        if (claim != null && claim.number() == answer.number()) {
            if (answer.isWaitedFor()) claim.soughtBy(from);
            if (answer.isTaken()) {
                drop(claim);
                refuse(claim.newcomer(), Refused.ID_TAKEN);
            } else if (claim.settledBy(from)) {
                settle(claim, nowNanos);
            }
            return;
        }
        answeredLate(from, answer);
    }

    /** The node was given up, or wasn't known, and yet it has something to say. */
    private void answeredLate(String from, RealmMessage.Answer answer) {
        Registration peer = open.get(answer.id());
        if (peer == null || peer.claim() != answer.number()) return;
        if (answer.isTaken()) {
            remove(peer);
            refuse(peer, Refused.ID_TAKEN);
        } else if (answer.isWaitedFor()) {
            others.toNode(from, new RealmMessage.Found(answer.id()));
        }
    }

    private void sought(String from, String id) {
        Claim claim = claims.get(id);
        if (open.containsKey(id)) others.toNode(from, new RealmMessage.Found(id));
        else if (claim != null) claim.soughtBy(from);
    }
}
