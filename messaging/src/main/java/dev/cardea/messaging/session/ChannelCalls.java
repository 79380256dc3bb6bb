package dev.cardea.messaging.session;

import dev.cardea.messaging.broker.Broker;
import dev.cardea.messaging.broker.Broker.HistoryQuery;
import dev.cardea.messaging.broker.Broker.PublishOptions;
import dev.cardea.messaging.broker.Broker.Published;
import dev.cardea.messaging.hook.Hooks;
import dev.cardea.messaging.hook.Hooks.Publishing;
import dev.cardea.messaging.hub.ChannelOptions;
import dev.cardea.messaging.log.StreamSlice;
import dev.cardea.wire.Bytes;
import dev.cardea.wire.centrifuge.ClientInfo;
import dev.cardea.wire.centrifuge.Command;
import dev.cardea.wire.centrifuge.Publication;
import dev.cardea.wire.centrifuge.Reply;
import dev.cardea.wire.centrifuge.StreamPosition;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The commands that ask something of a channel: publish, history, presence. */
final class ChannelCalls {
    private ChannelCalls() {}

    static void publish(Session session, Command.Publish command) {
        String channel = command.channel();
        ChannelOptions options = options(session, command.id(), channel);
        if (options == null) return;
        Hooks.Publish hook = session.node().hooks().publish(channel, options);
        if (hook == null && !Access.to(session, channel, options).mayPublish()) {
            session.refuse(command.id(), Refusal.PERMISSION_DENIED);
        } else if (command.type() != 0
                || !PublicationData.isAccepted(command.data(), options.publicationDataFormat())) {
            session.refuse(command.id(), Refusal.BAD_REQUEST);
        } else if (hook == null) {
            publish(session, command, options, Publishing.AS_SENT);
        } else {
            session.ask(
                    command.id(),
                    hook.judge(session.caller(), channel, command.data()),
                    publishing -> publish(session, command, options, publishing));
        }
    }

    private static void publish(
            Session session,
            Command.Publish command,
            ChannelOptions options,
            Publishing publishing) {
        String channel = command.channel();
        Bytes data = publishing.data().isEmpty() ? command.data() : publishing.data();
        Publication publication =
                new Publication(
                        data,
                        info(session, channel),
                        0,
                        publishing.tags(),
                        false,
                        0,
                        "",
                        "",
                        false,
                        0,
                        "",
                        0);
        Broker broker = session.node().broker();
        CompletionStage<Published> published =
                broker.publish(
                        channel,
                        options,
                        options.accepted(publication, session.node().unixMillis().getAsLong()),
                        new PublishOptions(
                                publishing.idempotencyKey(),
                                publishing.skipHistory(),
                                publishing.version(),
                                publishing.versionEpoch()));
        Consumer<Published> then =
                _ -> {
                    session.node().counters().published();
                    session.reply(new Reply.Publish(command.id()));
                };
        Runnable otherwise = () -> session.refuse(command.id(), Refusal.INTERNAL);
        if (publishing.equals(Publishing.AS_SENT) && broker.keepsOrder(channel, options))
            session.awaitPublish(published, data.length(), then, otherwise);
        else session.await(published, then, otherwise);
    }

    private static ClientInfo info(Session session, String channel) {
        ClientSubscription subscription = session.subscription(channel);
        return subscription != null
                ? subscription.info
                : new ClientInfo(
                        session.user(),
                        session.client(),
                        session.credentials().info(),
                        Bytes.EMPTY);
    }

    static void history(Session session, Command.History command) {
        String channel = command.channel();
        ChannelOptions options = options(session, command.id(), channel);
        if (options == null) return;
        if (!options.log().hasHistory()) {
            session.refuse(command.id(), Refusal.NOT_AVAILABLE);
            return;
        }
        if (!Access.to(session, channel, options).mayReadHistory()) {
            session.refuse(command.id(), Refusal.PERMISSION_DENIED);
            return;
        }
        StreamPosition since = command.since();
        if (command.reverse() && since != null && since.offset() == 0) {
            session.refuse(command.id(), Refusal.BAD_REQUEST);
            return;
        }
        int most = session.node().options().historyMaxPublicationLimit();
        int limit = command.limit() < 0 ? most : Math.min(command.limit(), most);
        HistoryQuery query =
                new HistoryQuery(since == null ? 0 : since.offset(), limit, command.reverse());
        session.await(
                session.node().broker().history(channel, options, query),
                slice -> reply(session, command.id(), since, slice),
                () -> session.refuse(command.id(), Refusal.INTERNAL));
    }

    private static void reply(
            Session session, int id, @Nullable StreamPosition since, StreamSlice slice) {
        StreamPosition top = slice.top();
        if (since != null && !since.epoch().isEmpty() && !since.epoch().equals(top.epoch())) {
            session.refuse(id, Refusal.UNRECOVERABLE_POSITION);
            return;
        }
        List<Publication> publications = slice.publications();
        session.reply(new Reply.History(id, publications, top.epoch(), top.offset()));
    }

    static void presence(Session session, Command.Presence command) {
        if (!presenceAllowed(session, command.id(), command.channel())) return;
        session.await(
                session.node().broker().presence(command.channel()),
                members -> session.reply(new Reply.Presence(command.id(), members)),
                () -> session.refuse(command.id(), Refusal.INTERNAL));
    }

    static void presenceStats(Session session, Command.PresenceStats command) {
        if (!presenceAllowed(session, command.id(), command.channel())) return;
        session.await(
                session.node().broker().presenceStats(command.channel()),
                stats ->
                        session.reply(
                                new Reply.PresenceStats(
                                        command.id(), stats.numClients(), stats.numUsers())),
                () -> session.refuse(command.id(), Refusal.INTERNAL));
    }

    private static boolean presenceAllowed(Session session, int id, String channel) {
        ChannelOptions options = options(session, id, channel);
        if (options == null) return false;
        if (!options.presence()) {
            session.refuse(id, Refusal.NOT_AVAILABLE);
            return false;
        }
        if (Access.to(session, channel, options).maySeePresence()) return true;
        session.refuse(id, Refusal.PERMISSION_DENIED);
        return false;
    }

    /** The channel's options; null after the client was told what is wrong with the channel. */
    private static @Nullable ChannelOptions options(Session session, int id, String channel) {
        if (channel.isEmpty()) {
            session.disconnect(Disconnect.BAD_REQUEST);
            return null;
        }
        if (channel.length() > session.node().options().channelMaxLength()) {
            session.refuse(id, Refusal.BAD_REQUEST);
            return null;
        }
        Namespaces namespaces = session.node().namespaces();
        ChannelOptions options = namespaces.of(channel);
        if (options == null) {
            session.refuse(id, Refusal.UNKNOWN_CHANNEL);
            return null;
        }
        if (namespaces.isValid(channel, options)) return options;
        session.refuse(id, Refusal.BAD_REQUEST);
        return null;
    }
}
