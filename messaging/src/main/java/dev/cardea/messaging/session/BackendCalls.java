package dev.cardea.messaging.session;

import dev.cardea.messaging.hook.Hooks;
import dev.cardea.wire.centrifuge.Command;
import dev.cardea.wire.centrifuge.Reply;

/** The commands that the application's backend answers: rpc and send. */
final class BackendCalls {
    private BackendCalls() {}

    static void rpc(Session session, Command.Rpc command) {
        Hooks.Rpc hook = session.node().hooks().rpc(command.method());
        if (hook == null) {
            session.refuse(command.id(), Refusal.METHOD_NOT_FOUND);
            return;
        }
        session.ask(
                command.id(),
                hook.call(session.caller(), command.method(), command.data()),
                data -> session.reply(new Reply.Rpc(command.id(), data)));
    }

    static void send(Session session, Command.Send command) {
        Hooks.Send hook = session.node().hooks().send();
        if (hook == null) {
            session.disconnect(Disconnect.NOT_AVAILABLE);
            return;
        }
        // An error has no id that it could be told under.
        session.ask(0, hook.take(session.caller(), command.data()), _ -> {});
    }
}
