package dev.cardea.messaging.session;

import dev.cardea.wire.centrifuge.Command;

/** Which command means what where the connection stands. */
final class Dispatch {
    private Dispatch() {}

    static void handle(Session session, Command command, long nowNanos) {
        session.node().counters().command(command);
        // A command whose id was forgotten is taken for a pong, except where none is expected.
        boolean isPong = command.id() == 0 && !(command instanceof Command.Send);
        switch (session.state()) {
            case State.Fresh(long deadlineNanos)
                    when command instanceof Command.Connect connect && !isPong ->
                    new ConnectFlow(session, connect, deadlineNanos).begin();
            case State.Fresh _, State.Entering _, State.Refused _ ->
                    session.disconnect(Disconnect.BAD_REQUEST);
            case State.Open _ when isPong -> pong(session);
            case State.Open _ -> {
                if (session.throttle().admits(command, nowNanos))
                    handleOpen(session, command, nowNanos);
            }
            case State.Closing _, State.Closed _ -> {}
        }
    }

    static void pong(Session session) {
        if (!session.upkeep().heartbeat().received()) session.disconnect(Disconnect.BAD_REQUEST);
    }

    private static void handleOpen(Session session, Command command, long nowNanos) {
        switch (command) {
            case Command.Subscribe subscribe ->
                    new SubscribeFlow(session, subscribe).begin(nowNanos);
            case Command.Unsubscribe unsubscribe -> SubscriptionEnd.commanded(session, unsubscribe);
            case Command.Publish publish -> ChannelCalls.publish(session, publish);
            case Command.Presence presence -> ChannelCalls.presence(session, presence);
            case Command.PresenceStats stats -> ChannelCalls.presenceStats(session, stats);
            case Command.History history -> ChannelCalls.history(session, history);
            case Command.Refresh refresh -> RefreshFlow.connection(session, refresh);
            case Command.SubRefresh refresh -> RefreshFlow.subscription(session, refresh);
            case Command.Rpc rpc -> BackendCalls.rpc(session, rpc);
            case Command.Send send -> BackendCalls.send(session, send);
            case Command.Connect _, Command.Ping _, Command.Empty _ ->
                    session.disconnect(Disconnect.BAD_REQUEST);
        }
    }
}
