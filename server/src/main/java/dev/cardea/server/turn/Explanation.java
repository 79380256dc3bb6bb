package dev.cardea.server.turn;

import dev.cardea.wire.ByteWriter;
import dev.cardea.wire.Bytes;
import dev.cardea.wire.json.JsonWriter;
import java.util.List;

/**
 * What there is to say about one user, for an operator: first a sentence, then what it rests on.
 */
record Explanation(
        String user, List<AllocationView> allocations, List<Journal.Event> events, String ports) {
    String verdict() {
        if (allocations.isEmpty() && events.isEmpty())
            return "Nothing has arrived from this user: either no packet reaches "
                    + ports
                    + ", or the client uses another name. Its first request never has one.";
        if (!allocations.isEmpty()) return ofLatest(allocations.getLast());
        Journal.Event last = events.getLast();
        return switch (last.code()) {
            case Journal.ENDED ->
                    "It has no allocation: the last one, of "
                            + last.client()
                            + ", ended because "
                            + last.text()
                            + ".";
            case Journal.OK -> "Its last request was granted: " + last.request() + ".";
            default -> refusal(last);
        };
    }

    private static String refusal(Journal.Event event) {
        if (event.isExpected())
            return "The client was asked to prove who it is ("
                    + event.code()
                    + "), which is how every client begins, and it hasn't come back.";
        return "The last request, "
                + event.request()
                + " from "
                + event.client()
                + ", was refused with "
                + event.code()
                + " because "
                + event.text()
                + ".";
    }

    private String ofLatest(AllocationView latest) {
        Journal.Event refused = null;
        for (Journal.Event each : events) {
            if (each.code() != Journal.OK && each.code() != Journal.ENDED && !each.isExpected())
                refused = each;
        }
        boolean silent = latest.sums().packetsOut() == 0 && latest.sums().packetsIn() == 0;
        String has = "It has an allocation at " + String.join(" and ", latest.relayed()) + ", ";
        if (silent && refused != null)
            return has + "which carried nothing yet. " + refusal(refused);
        if (latest.permitted().isEmpty())
            return has + "and hasn't said yet which peers it wants to talk to.";
        if (silent && !latest.lastDrop().isEmpty())
            return has
                    + "which carried nothing yet; what was dropped last is "
                    + latest.lastDrop()
                    + ".";
        if (silent) return has + "and neither the client nor a peer has sent data yet.";
        if (latest.sums().packetsIn() == 0)
            return has
                    + "sends to its peers, and nothing comes back from "
                    + String.join(", ", latest.permitted())
                    + ".";
        if (latest.sums().packetsOut() == 0)
            return has + "hears its peers, and the client sends nothing.";
        return has + "which carries data both ways.";
    }

    Bytes json() {
        ByteWriter out = new ByteWriter(1024);
        out.put('{');
        AllocationView.text(out, "user", user);
        AllocationView.text(out, "verdict", verdict());
        JsonWriter.name(out, "allocations");
        out.put('[');
        for (AllocationView each : allocations) each.write(out);
        out.put(']');
        JsonWriter.name(out, "events");
        out.put('[');
        for (Journal.Event each : events) write(each, out);
        out.put(']').put('}');
        return out.toBytes();
    }

    private static void write(Journal.Event event, ByteWriter out) {
        JsonWriter.comma(out);
        out.put('{');
        AllocationView.number(out, "time", event.unixMillis());
        AllocationView.text(out, "client", event.client());
        AllocationView.text(out, "request", event.request());
        if (event.code() != Journal.ENDED) AllocationView.number(out, "code", event.code());
        AllocationView.text(out, "text", event.text());
        if (event.isExpected()) {
            AllocationView.text(out, "note", "every client begins like this");
        }
        out.put('}');
    }
}
