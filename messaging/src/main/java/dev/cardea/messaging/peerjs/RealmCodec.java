package dev.cardea.messaging.peerjs;

import dev.cardea.messaging.cluster.FieldReader;
import dev.cardea.messaging.cluster.FieldWriter;
import dev.cardea.wire.Bytes;
import dev.cardea.wire.Malformed;
import dev.cardea.wire.peerjs.Signal;
import java.util.ArrayList;
import java.util.List;

/** Messages between realms as bytes. Those of a newer kind aren't understood. */
public final class RealmCodec {
    private static final int HERE = 1;
    private static final int AWAY = 2;
    private static final int CLAIM = 3;
    private static final int ANSWER = 4;
    private static final int SEEK = 5;
    private static final int FOUND = 6;
    private static final int PASS = 7;
    private static final int MISSED = 8;
    private static final int CENSUS = 9;
    private static final int COUNTED = 10;

    private RealmCodec() {}

    public static Bytes write(RealmMessage message) {
        FieldWriter out = new FieldWriter();
        switch (message) {
            case RealmMessage.Here() -> out.number(HERE);
            case RealmMessage.Away() -> out.number(AWAY);
            case RealmMessage.Claim(long number, String id, String owner) ->
                    out.number(CLAIM).number(number).text(id).text(owner);
            case RealmMessage.Answer(long number, String id, boolean taken, boolean waited) ->
                    out.number(ANSWER).number(number).text(id).bool(taken).bool(waited);
            case RealmMessage.Seek(String id) -> out.number(SEEK).text(id);
            case RealmMessage.Found(String id) -> out.number(FOUND).text(id);
            case RealmMessage.Pass(Signal signal) -> write(signal, out.number(PASS));
            case RealmMessage.Missed(Signal signal) -> write(signal, out.number(MISSED));
            case RealmMessage.Census(long number) -> out.number(CENSUS).number(number);
            case RealmMessage.Counted(long number, List<String> ids) -> {
                out.number(COUNTED).number(number).number(ids.size());
                ids.forEach(out::text);
            }
        }
        return out.written();
    }

    private static void write(Signal signal, FieldWriter out) {
        out.text(signal.kind().name()).text(signal.src()).text(signal.dst());
        out.bytes(signal.payload());
    }

    /**
     * @throws Malformed no realm of this version has written it
     */
    public static RealmMessage read(Bytes bytes) {
        FieldReader in = new FieldReader(bytes);
        return switch ((int) in.number()) {
            case HERE -> new RealmMessage.Here();
            case AWAY -> new RealmMessage.Away();
            case CLAIM -> new RealmMessage.Claim(in.number(), in.text(), in.text());
            case ANSWER -> new RealmMessage.Answer(in.number(), in.text(), in.bool(), in.bool());
            case SEEK -> new RealmMessage.Seek(in.text());
            case FOUND -> new RealmMessage.Found(in.text());
            case PASS -> new RealmMessage.Pass(signal(in));
            case MISSED -> new RealmMessage.Missed(signal(in));
            case CENSUS -> new RealmMessage.Census(in.number());
            case COUNTED -> counted(in);
            default -> throw new Malformed("of an unknown kind");
        };
    }

    private static Signal signal(FieldReader in) {
        return new Signal(kind(in.text()), in.text(), in.text(), in.bytes());
    }

    private static Signal.Kind kind(String name) {
        for (Signal.Kind each : Signal.Kind.values()) if (each.name().equals(name)) return each;
        throw new Malformed("a signal of an unknown kind");
    }

    private static RealmMessage counted(FieldReader in) {
        long number = in.number();
        int count = in.count();
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < count; i++) ids.add(in.text());
        return new RealmMessage.Counted(number, ids);
    }
}
