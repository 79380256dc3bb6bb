package dev.cardea.messaging.session;

import dev.cardea.wire.centrifuge.Command;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** How often each command came. Thread safe, without contention. */
final class CommandCounters {
    private final Map<String, LongAdder> byMethod = new LinkedHashMap<>();
    private final LongAdder connect = add("connect");
    private final LongAdder subscribe = add("subscribe");
    private final LongAdder unsubscribe = add("unsubscribe");
    private final LongAdder publish = add("publish");
    private final LongAdder presence = add("presence");
    private final LongAdder presenceStats = add("presence_stats");
    private final LongAdder history = add("history");
    private final LongAdder rpc = add("rpc");
    private final LongAdder send = add("send");
    private final LongAdder refresh = add("refresh");
    private final LongAdder subRefresh = add("sub_refresh");
    private final LongAdder ping = add("ping");
    private final LongAdder pong = add("pong");

    private LongAdder add(String method) {
        LongAdder count = new LongAdder();
        byMethod.put(method, count);
        return count;
    }

    void count(Command command) {
        LongAdder count =
                switch (command) {
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
        count.increment();
    }

    /** Not changed any more, but for the counts. */
    Map<String, LongAdder> byMethod() {
        return byMethod;
    }

    long sum() {
        long sum = 0;
        for (LongAdder count : byMethod.values()) sum += count.sum();
        return sum;
    }
}
