package dev.cardea.messaging.session;

import dev.cardea.messaging.auth.Peer;
import java.util.Comparator;
import java.util.List;

/**
 * How a connection is at one moment.
 *
 * @param user empty: anonymous
 * @param name of the client's software, as it says; empty if it doesn't
 * @param version the same
 * @param ageMillis since it came
 * @param lag publications, joins and leaves that it hasn't been given, of all its channels
 * @param pendingBytes written and not taken by its peer
 * @param oldestPendingMillis how long the oldest that it hasn't been given has waited; 0: nothing
 *     waits
 */
public record ConnectionStatus(
        String client,
        String user,
        Peer peer,
        String name,
        String version,
        long ageMillis,
        long lag,
        int pendingBytes,
        long oldestPendingMillis,
        List<ChannelStatus> channels) {

    /** One of its subscriptions; numbers as above. */
    public record ChannelStatus(String channel, long lag, long oldestPendingMillis) {}

    /** On the session's loop. */
    static ConnectionStatus of(Session session, long nowNanos) {
        List<ChannelStatus> channels =
                session.subscriptions().all().stream()
                        .map(each -> of(each, nowNanos))
                        .sorted(Comparator.comparing(ChannelStatus::channel))
                        .toList();
        long lag = 0;
        long oldest = 0;
        for (ChannelStatus each : channels) {
            lag += each.lag();
            oldest = Math.max(oldest, each.oldestPendingMillis());
        }
        Software software = session.software();
        return new ConnectionStatus(
                session.client(),
                session.user(),
                session.peer(),
                software.name(),
                software.version(),
                millis(nowNanos - session.openedNanos()),
                lag,
                session.outlet().pendingBytes(),
                oldest,
                channels);
    }

    private static ChannelStatus of(ClientSubscription subscription, long nowNanos) {
        long lag = subscription.reading.lag();
        long waits = lag == 0 ? 0 : nowNanos - subscription.reading.oldestWaitingNanos(nowNanos);
        return new ChannelStatus(subscription.channel(), lag, millis(waits));
    }

    private static long millis(long nanos) {
        return Math.max(0, nanos / 1_000_000);
    }

    /** What a client says of itself when it connects. */
    record Software(String name, String version) {
        static final Software UNKNOWN = new Software("", "");
    }
}
