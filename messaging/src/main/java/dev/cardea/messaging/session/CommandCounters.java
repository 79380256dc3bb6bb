package dev.cardea.messaging.session;

import dev.cardea.wire.centrifuge.Command;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** How often each command came, and what it took. Thread safe, without contention. */
final class CommandCounters {
    /** One command's; its answer to a ping takes no time worth telling. */
    private record Method(LongAdder count, @Nullable Durations durations) {}

    private final Map<String, LongAdder> byMethod = new LinkedHashMap<>();
    private final Map<String, Durations> durationsByMethod = new LinkedHashMap<>();
    private final Method connect = timed("connect");
    private final Method subscribe = timed("subscribe");
    private final Method unsubscribe = timed("unsubscribe");
    private final Method publish = timed("publish");
    private final Method presence = timed("presence");
    private final Method presenceStats = timed("presence_stats");
    private final Method history = timed("history");
    private final Method rpc = timed("rpc");
    private final Method send = timed("send");
    private final Method refresh = timed("refresh");
    private final Method subRefresh = timed("sub_refresh");
    private final Method ping = new Method(add("ping"), null);
    private final Method pong = new Method(add("pong"), null);

    private LongAdder add(String method) {
        LongAdder count = new LongAdder();
        byMethod.put(method, count);
        return count;
    }

    private Method timed(String method) {
        Durations durations = new Durations();
        durationsByMethod.put(method, durations);
        return new Method(add(method), durations);
    }

    private Method of(Command command) {
        return switch (command) {
            case Command.Connect _ -> connect;
            case Command.Subscribe _ -> subscribe;
            case Command.Unsubscribe _ -> unsubscribe;
            case Command.Publish _ -> publish;
            case Command.Presence _ -> presence;
            case Command.PresenceStats _ -> presenceStats;
            case Command.History _ -> history;
            case Command.Rpc _ -> rpc;
            case Command.Send _ -> send;
            case Command.Refresh _ -> refresh;
            case Command.SubRefresh _ -> subRefresh;
            case Command.Ping _ -> ping;
            case Command.Empty _ -> pong;
        };
    }

    void count(Command command) {
        of(command).count().increment();
    }

    /** Null: nobody wants to know what it takes. */
    @Nullable Durations durations(Command command) {
        return of(command).durations();
    }

    /** Not changed any more, but for the counts. */
    Map<String, LongAdder> byMethod() {
        return byMethod;
    }

    /** The same. */
    Map<String, Durations> durationsByMethod() {
        return durationsByMethod;
    }

    long sum() {
        long sum = 0;
        for (LongAdder count : byMethod.values()) sum += count.sum();
        return sum;
    }
}
