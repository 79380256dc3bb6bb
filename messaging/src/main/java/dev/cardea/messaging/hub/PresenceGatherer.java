package dev.cardea.messaging.hub;

import dev.cardea.messaging.presence.PresenceEvent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Joins and leaves of one event loop's connections, held back until their channel's interval is
 * over (namespace option {@code join_leave_interval}), so that a thousand people who enter a room
 * at once aren't a million messages. Who comes and goes within an interval was never there. Belongs
 * to its event loop.
 */
public final class PresenceGatherer {
    /** Takes what an interval has gathered, in the order in which it happened. */
    public interface Publisher {
        void publish(String channel, ChannelOptions options, List<PresenceEvent> events);
    }

    private final Shard shard;
    private final Map<String, Gathered> byChannel = new HashMap<>();

    PresenceGatherer(Shard shard) {
        this.shard = shard;
    }

    /**
     * @param publisher of the interval that is begun, if this event begins one
     */
    public void add(
            String channel, ChannelOptions options, PresenceEvent event, Publisher publisher) {
        assert shard.loop().isCurrent() : "presence of " + channel + " on another thread";
        Gathered gathered = byChannel.get(channel);
        if (gathered == null) {
            gathered = new Gathered(channel, options, publisher);
            byChannel.put(channel, gathered);
            long endNanos = shard.loop().nowNanos() + options.joinLeaveIntervalNanos();
            shard.timers().set(gathered, endNanos);
        }
        gathered.add(event);
    }

    /** A client's first and last event of an interval. */
    private record Change(PresenceEvent first, PresenceEvent last) {
        void addTo(List<PresenceEvent> events) {
            boolean wasThere = !first.joins();
            boolean isThere = last.joins();
            if (wasThere && isThere) {
                if (first.info().equals(last.info())) return;
                events.add(first);
                events.add(last);
            } else if (wasThere || isThere) {
                events.add(last);
            }
        }
    }

    private final class Gathered extends TimerWheel.Timer {
        private final String channel;
        private final ChannelOptions options;
        private final Publisher publisher;
        private final Map<String, Change> byClient = new LinkedHashMap<>();

        Gathered(String channel, ChannelOptions options, Publisher publisher) {
            this.channel = channel;
            this.options = options;
            this.publisher = publisher;
        }

        void add(PresenceEvent event) {
            byClient.merge(
                    event.info().client(),
                    new Change(event, event),
                    (before, now) -> new Change(before.first(), now.last()));
        }

        @Override
        protected void expired(long nowNanos) {
            byChannel.remove(channel);
            List<PresenceEvent> events = new ArrayList<>();
            for (Change change : byClient.values()) change.addTo(events);
            if (!events.isEmpty()) publisher.publish(channel, options, events);
        }
    }
}
