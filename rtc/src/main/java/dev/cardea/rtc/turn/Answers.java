package dev.cardea.rtc.turn;

import dev.cardea.wire.stun.StunAttribute;
import dev.cardea.wire.stun.StunError;
import dev.cardea.wire.stun.StunIntegrity;
import dev.cardea.wire.stun.StunReader;
import dev.cardea.wire.stun.StunType;
import dev.cardea.wire.stun.StunWriter;
import dev.cardea.wire.stun.TransportAddress;
import java.nio.ByteBuffer;
import java.util.List;

/** Writes answers to the request that was read last, seals and sends them, and reports them. */
final class Answers {
    private final StunReader reader;
    private final StunWriter writer;
    private final StunIntegrity integrity;
    private final Authentication authentication;
    private final Reports reports;
    private List<TransportAddress> alternates = List.of();

    Answers(
            StunReader reader,
            StunWriter writer,
            StunIntegrity integrity,
            Authentication authentication,
            Reports reports) {
        this.reader = reader;
        this.writer = writer;
        this.integrity = integrity;
        this.authentication = authentication;
        this.reports = reports;
    }

    /** Where clients of their family may allocate instead. */
    void sendTo(List<TransportAddress> others) {
        alternates = List.copyOf(others);
    }

    boolean hasAlternate(Client client) {
        return alternates.stream().anyMatch(each -> isFor(client, each));
    }

    private static boolean isFor(Client client, TransportAddress other) {
        return other.isIpv4() == client.address().isIpv4();
    }

    /** Who has proved nothing gets no more than three times what they sent, or very little. */
    void askForProof(Authentication.NotProved refusal, Client client, long nowNanos) {
        writeRefusal(refusal.error(), refusal.error().reason(), client, nowNanos);
        int limit = Math.max(3 * reader.lengthBytes(), Amplification.SMALL_BYTES);
        if (writer.lengthBytes() > limit) writeRefusal(refusal.error(), "", client, nowNanos);
        finish(client);
    }

    private void writeRefusal(StunError error, String reason, Client client, long nowNanos) {
        begin(StunType.ERROR).putError(error.code(), reason);
        if (error == StunError.BAD_REQUEST) return;
        writer.putBytes(StunAttribute.REALM, authentication.realm());
        writer.putBytes(StunAttribute.NONCE, authentication.nonce(client, nowNanos));
        Authentication.offer(writer);
    }

    /** Says why. */
    void refuse(Client client, Account account, StunError error, String why, long nowNanos) {
        reports.refused(client, account.user(), reader.method(), error, why, false, nowNanos);
        begin(StunType.ERROR).putError(error);
        if (error == StunError.UNKNOWN_ATTRIBUTE) {
            int[] unknown =
                    reader.hasUnknownAttributes()
                            ? reader.unknownAttributes()
                            : new int[] {StunAttribute.DONT_FRAGMENT};
            writer.putUnknownAttributes(unknown);
        }
        if (error == StunError.TRY_ALTERNATE) putAlternate(client);
        seal(account);
        finish(client);
    }

    private void putAlternate(Client client) {
        for (TransportAddress each : alternates) {
            if (!isFor(client, each)) continue;
            writer.putAddress(StunAttribute.ALTERNATE_SERVER, each);
            return;
        }
    }

    /** What is behind {@link #begin}, sealed; an allocation keeps it, to be sent again. */
    void grant(Client client, Account account, String what, long nowNanos) {
        reports.granted(client, account.user(), reader.method(), what, nowNanos);
        seal(account);
        if (reader.has(StunAttribute.FINGERPRINT)) writer.putFingerprint();
        ByteBuffer answer = writer.finish();
        Allocation allocation = client.allocation();
        if (reader.method() == StunType.ALLOCATE && allocation != null) {
            byte[] kept = new byte[answer.remaining()];
            answer.get(answer.position(), kept);
            allocation.answer(kept);
        }
        client.send(answer);
    }

    void seal(Account account) {
        byte[] key = account.key().toArray();
        if (account.isSha256()) writer.sealSha256(integrity, key);
        else writer.seal(integrity, key);
    }

    /** Begins one; its attributes follow. */
    StunWriter begin(int kind) {
        return writer.begin(StunType.of(reader.method(), kind), reader);
    }

    /** Sends what was begun, as it is. */
    void finish(Client client) {
        if (reader.has(StunAttribute.FINGERPRINT)) writer.putFingerprint();
        client.send(writer.finish());
    }

    /** For a Connect, once its peer accepted it or didn't; other requests come in between. */
    TcpRelaying.Outcome toConnect(Client client, Account account, long nowNanos) {
        int high = reader.transactionHigh();
        long low = reader.transactionLow();
        return new TcpRelaying.Outcome() {
            @Override
            public void connected(int id) {
                begin(StunType.SUCCESS);
                TcpRelaying.putId(writer, id);
                send();
            }

            @Override
            public void failed(StunError error, String why) {
                reports.refused(
                        client, account.user(), StunType.CONNECT, error, why, false, nowNanos);
                begin(StunType.ERROR);
                writer.putError(error);
                send();
            }

            private void begin(int kind) {
                writer.begin(StunType.of(StunType.CONNECT, kind), high, low);
            }

            private void send() {
                seal(account);
                client.send(writer.finish());
            }
        };
    }
}
