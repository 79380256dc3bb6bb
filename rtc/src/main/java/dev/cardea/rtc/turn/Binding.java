package dev.cardea.rtc.turn;

import dev.cardea.wire.Malformed;
import dev.cardea.wire.stun.StunAttribute;
import dev.cardea.wire.stun.StunError;
import dev.cardea.wire.stun.StunReader;
import dev.cardea.wire.stun.StunType;
import dev.cardea.wire.stun.StunWriter;
import dev.cardea.wire.stun.TransportAddress;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * What a client is told of its own address (RFC 8489), and, where the server has two, of its NAT
 * (RFC 5780).
 */
final class Binding {
    static final int MAX_PADDING_BYTES = 4096;

    private static final int OTHER_IP = 4;
    private static final int OTHER_PORT = 2;
    private static final int[] OF_DISCOVERY = {
        StunAttribute.CHANGE_REQUEST, StunAttribute.RESPONSE_PORT, StunAttribute.PADDING
    };

    private final StunReader reader;
    private final StunWriter writer;

    /**
     * @param reader has the request
     * @param writer is given the answer, but for its fingerprint
     */
    Binding(StunReader reader, StunWriter writer) {
        this.reader = reader;
        this.writer = writer;
    }

    /** Writes the answer, and returns whom it goes to, and from where. */
    Client answer(Client client) {
        if (reader.hasUnknownAttributes()) return unknown(client, reader.unknownAttributes());
        TransportAddress other = client.otherServer();
        if (other != null) return discovery(client, other);
        for (int each : OF_DISCOVERY) if (reader.has(each)) return unknown(client, each);
        begin(StunType.SUCCESS).putAddress(StunAttribute.XOR_MAPPED_ADDRESS, client.address());
        return client;
    }

    private Client unknown(Client client, int... attributes) {
        begin(StunType.ERROR).putError(StunError.UNKNOWN_ATTRIBUTE);
        writer.putUnknownAttributes(attributes);
        return client;
    }

    /** RFC 5780 section 6.1. */
    private Client discovery(Client client, TransportAddress other) {
        int padding = reader.find(StunAttribute.PADDING);
        int paddingBytes = padding < 0 ? 0 : reader.length(padding);
        boolean hasPort = reader.has(StunAttribute.RESPONSE_PORT);
        Client from = from(client);
        if ((padding >= 0 && hasPort) || paddingBytes > MAX_PADDING_BYTES || from == null) {
            begin(StunType.ERROR).putError(StunError.BAD_REQUEST);
            return client;
        }
        Client to = hasPort ? from.at(responsePort()) : from;
        begin(StunType.SUCCESS).putAddress(StunAttribute.XOR_MAPPED_ADDRESS, client.address());
        writer.putAddress(StunAttribute.MAPPED_ADDRESS, client.address());
        writer.putAddress(StunAttribute.RESPONSE_ORIGIN, from.server());
        writer.putAddress(StunAttribute.OTHER_ADDRESS, other);
        if (padding >= 0) writer.putBytes(StunAttribute.PADDING, new byte[paddingBytes]);
        return to;
    }

    /** Where the answer is to come from; null: there is no such address. */
    private @Nullable Client from(Client client) {
        if (!reader.has(StunAttribute.CHANGE_REQUEST)) return client;
        int change = reader.int32(StunAttribute.CHANGE_REQUEST);
        boolean otherIp = (change & OTHER_IP) != 0;
        boolean otherPort = (change & OTHER_PORT) != 0;
        return otherIp || otherPort ? client.from(otherIp, otherPort) : client;
    }

    /** Some clients leave out the two bytes behind it that are reserved. */
    private int responsePort() {
        byte[] value = reader.bytes(StunAttribute.RESPONSE_PORT);
        if (value.length != 2 && value.length != 4) throw new Malformed("no port");
        return Short.toUnsignedInt(ByteBuffer.wrap(value).getShort());
    }

    private StunWriter begin(int kind) {
        return writer.begin(StunType.of(reader.method(), kind), reader);
    }
}
