package dev.cardea.messaging.session;

import dev.cardea.messaging.hub.ChannelOptions;
import dev.cardea.messaging.limit.Operation;
import dev.cardea.messaging.limit.RateLimits;
import dev.cardea.wire.centrifuge.Command;
import dev.cardea.wire.centrifuge.SubscribeRequest;
import org.jspecify.annotations.Nullable;

/** Holds a connection's commands to the rate limits of the connection, its user and the channel. */
final class Throttle {
    private final Session session;
    private final RateLimits limits;
    private final RateLimits.@Nullable OfConnection own;

    Throttle(Session session, long nowNanos) {
        this.session = session;
        this.limits = session.node().limits();
        this.own = limits.ofConnection(nowNanos);
    }

    boolean admitsConnect(String user, long nowNanos) {
        return limits.admitsUser(user, Operation.CONNECT, "", nowNanos);
    }

    /** Whether the command may be carried out; if not, the client has been told. */
    boolean admits(Command command, long nowNanos) {
        if (limits == RateLimits.NONE) return true;
        boolean admitted =
                switch (command) {
                    case Command.Subscribe(_, SubscribeRequest request) ->
                            admits(Operation.SUBSCRIBE, request.channel(), nowNanos);
                    case Command.Unsubscribe unsubscribe ->
                            admits(Operation.UNSUBSCRIBE, unsubscribe.channel(), nowNanos);
                    case Command.Publish publish ->
                            admits(Operation.PUBLISH, publish.channel(), nowNanos);
                    case Command.Presence presence ->
                            admits(Operation.PRESENCE, presence.channel(), nowNanos);
                    case Command.PresenceStats stats ->
                            admits(Operation.PRESENCE_STATS, stats.channel(), nowNanos);
                    case Command.History history ->
                            admits(Operation.HISTORY, history.channel(), nowNanos);
                    case Command.SubRefresh refresh ->
                            admits(Operation.SUB_REFRESH, refresh.channel(), nowNanos);
                    case Command.Refresh _ -> admitsOwn(Operation.REFRESH, "", nowNanos);
                    case Command.Rpc rpc -> admitsOwn(Operation.RPC, rpc.method(), nowNanos);
                    case Command.Send _ -> admitsOwn(Operation.SEND, "", nowNanos);
                    case Command.Connect _, Command.Ping _, Command.Empty _ -> true;
                };
        if (admitted) return true;
        if (command instanceof Command.Send) session.disconnect(Disconnect.TOO_MANY_REQUESTS);
        else session.refuse(command.id(), Refusal.TOO_MANY_REQUESTS);
        return false;
    }

    private boolean admits(Operation operation, String channel, long nowNanos) {
        ChannelOptions options = session.node().namespaces().of(channel);
        String namespace = options == null ? "" : options.namespace();
        return admitsOwn(operation, namespace, nowNanos)
                && limits.admitsInChannel(channel, operation, namespace, nowNanos);
    }

    private boolean admitsOwn(Operation operation, String of, long nowNanos) {
        if (own != null && !own.admits(operation, of, nowNanos)) return false;
        return limits.admitsUser(session.user(), operation, of, nowNanos);
    }

    /** The client is told of an error: whoever makes too many is disconnected. */
    void error(int code, long nowNanos) {
        // Internal errors aren't the client's fault.
        if (own == null || code == Refusal.INTERNAL.code() || own.admitsError(nowNanos)) return;
        session.disconnect(Disconnect.TOO_MANY_ERRORS);
    }
}
