package dev.cardea.server.quic;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.quic.Quic;
import io.netty.handler.codec.quic.QuicTokenHandler;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.function.LongSupplier;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Makes a newcomer show that it gets what is sent to its address (RFC 9000 section 8.1): it is sent
 * a token, and nothing is kept of it until it comes back with that. Only when there is a lot to do;
 * otherwise the handshake begins at once, within the bounds of section 8.
 *
 * <p>A token is the time, a keyed hash of all that it stands for, and the connection id that the
 * client chose first. Belongs to one event loop; those with the same key take each other's tokens.
 */
final class AddressTokens implements QuicTokenHandler {
    private static final int TIME_BYTES = 8;
    private static final int MAC_BYTES = 16;
    private static final int ID_AT = TIME_BYTES + MAC_BYTES;

    /** A client comes back at once; the rest is for slow links. */
    private static final long VALID_SECONDS = 10;

    static final int KEY_BYTES = 32;

    private final Mac mac;
    private final QuicLoad load;
    private final LongSupplier unixSeconds;

    /**
     * @param key {@value #KEY_BYTES} random bytes
     */
    AddressTokens(byte[] key, QuicLoad load, LongSupplier unixSeconds) {
        this.load = load;
        this.unixSeconds = unixSeconds;
        try {
            mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
        } catch (GeneralSecurityException e) {
            throw new LinkageError("the JDK has no HmacSHA256", e);
        }
    }

    @Override
    public boolean writeToken(ByteBuf out, ByteBuf dcid, InetSocketAddress address) {
        if (!load.asksForProof()) return false;
        byte[] id = new byte[dcid.readableBytes()];
        dcid.getBytes(dcid.readerIndex(), id);
        long now = unixSeconds.getAsLong();
        out.writeLong(now).writeBytes(proof(now, address, id)).writeBytes(id);
        return true;
    }

    /** Returns where the first connection id begins, or -1: such a packet is dropped. */
    @Override
    public int validateToken(ByteBuf token, InetSocketAddress address) {
        int length = token.readableBytes();
        if (load.isFull() || length <= ID_AT || length > maxTokenLength()) return -1;
        byte[] bytes = new byte[length];
        token.getBytes(token.readerIndex(), bytes);
        long time = ByteBuffer.wrap(bytes).getLong();
        byte[] id = Arrays.copyOfRange(bytes, ID_AT, length);
        byte[] given = Arrays.copyOfRange(bytes, TIME_BYTES, ID_AT);
        // takes the same time wherever they differ
        if (!MessageDigest.isEqual(proof(time, address, id), given)) return -1;
        long age = unixSeconds.getAsLong() - time;
        return age >= 0 && age <= VALID_SECONDS ? ID_AT : -1;
    }

    private byte[] proof(long time, InetSocketAddress address, byte[] id) {
        byte[] host = address.getAddress().getAddress();
        ByteBuffer fixed = ByteBuffer.allocate(12).putLong(time).putShort((short) host.length);
        mac.update(fixed.putShort((short) address.getPort()).flip());
        mac.update(host);
        return Arrays.copyOf(mac.doFinal(id), MAC_BYTES);
    }

    @Override
    public int maxTokenLength() {
        return ID_AT + Quic.MAX_CONN_ID_LEN;
    }
}
