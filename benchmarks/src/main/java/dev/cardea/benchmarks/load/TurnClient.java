package dev.cardea.benchmarks.load;

import dev.cardea.wire.Malformed;
import dev.cardea.wire.stun.LongTermKey;
import dev.cardea.wire.stun.PasswordAlgorithm;
import dev.cardea.wire.stun.StunAttribute;
import dev.cardea.wire.stun.StunIntegrity;
import dev.cardea.wire.stun.StunReader;
import dev.cardea.wire.stun.StunType;
import dev.cardea.wire.stun.StunWriter;
import dev.cardea.wire.stun.TransportAddress;
import java.net.ConnectException;
import java.nio.ByteBuffer;

/**
 * One client with a UDP port of its own that wants a relay: it asks, is asked for credentials, asks
 * again with them, and gives the relay back when it is told to.
 */
final class TurnClient {
    private static final int UDP = 17;
    private static final int UNAUTHENTICATED = 401;

    enum State {
        NEW,
        ASKS,
        PROVES,
        HOLDS,
        BINDS,
        BOUND,
        GIVES_BACK,
        DONE
    }

    final int index;
    private final TurnCrowd crowd;
    private int fd;
    private State state = State.NEW;
    private byte[] realm = {};
    private byte[] nonce = {};
    private byte[] key = {};
    private int relayPort;
    private long requests;

    TurnClient(int index, TurnCrowd crowd) {
        this.index = index;
        this.crowd = crowd;
    }

    State state() {
        return state;
    }

    int fd() {
        return fd;
    }

    /** The port of its relay; 0: it has none yet. */
    int relayPort() {
        return relayPort;
    }

    void ask(int source, int port) throws ConnectException {
        fd = Kernel.connectDatagrams(source, 0, port);
        state = State.ASKS;
        StunWriter out = begin(StunType.ALLOCATE);
        crowd.send(this, out.putFirstOfFour(StunAttribute.REQUESTED_TRANSPORT, UDP).finish());
    }

    private void prove(StunReader refusal) {
        state = State.PROVES;
        realm = refusal.bytes(StunAttribute.REALM);
        nonce = refusal.bytes(StunAttribute.NONCE);
        key =
                LongTermKey.of(
                        PasswordAlgorithm.MD5,
                        crowd.user(),
                        refusal.text(StunAttribute.REALM, 763),
                        crowd.password());
        StunWriter out = begin(StunType.ALLOCATE);
        seal(out.putFirstOfFour(StunAttribute.REQUESTED_TRANSPORT, UDP));
    }

    /** A channel with a peer. */
    void bind(int channel, TransportAddress peer) {
        state = State.BINDS;
        StunWriter out = begin(StunType.CHANNEL_BIND);
        out.putFirstTwoOfFour(StunAttribute.CHANNEL_NUMBER, channel);
        seal(out.putAddress(StunAttribute.XOR_PEER_ADDRESS, peer));
    }

    void giveBack() {
        state = State.GIVES_BACK;
        seal(begin(StunType.REFRESH).putInt32(StunAttribute.LIFETIME, 0));
    }

    private StunWriter begin(int method) {
        return crowd.writer().begin(StunType.of(method, StunType.REQUEST), index, ++requests);
    }

    private void seal(StunWriter out) {
        out.putText(StunAttribute.USERNAME, crowd.user());
        out.putBytes(StunAttribute.REALM, realm).putBytes(StunAttribute.NONCE, nonce);
        crowd.send(this, out.seal(crowd.integrity(), key).finish());
    }

    void received(ByteBuffer message) {
        try {
            received(crowd.reader().read(message), crowd.integrity());
        } catch (Malformed e) {
            crowd.problem("a malformed answer: " + e.getMessage());
        }
    }

    private void received(StunReader answer, StunIntegrity integrity) {
        if (answer.transactionHigh() != index || answer.transactionLow() != requests) {
            crowd.problem("an answer to another request");
            return;
        }
        boolean granted = answer.kind() == StunType.SUCCESS;
        if (granted && !integrity.isAuthentic(answer, key)) crowd.problem("an answer without seal");
        switch (state) {
            case ASKS -> {
                if (errorOf(answer) == UNAUTHENTICATED) prove(answer);
                else crowd.problem("the first answer isn't a 401: " + errorOf(answer));
            }
            case PROVES -> {
                state = State.HOLDS;
                if (granted) {
                    relayPort = answer.address(StunAttribute.XOR_RELAYED_ADDRESS).port();
                } else {
                    crowd.problem("refused with " + errorOf(answer));
                }
                crowd.settled();
            }
            case BINDS -> {
                state = State.BOUND;
                if (!granted) crowd.problem("no channel: " + errorOf(answer));
                crowd.settled();
            }
            case GIVES_BACK -> {
                state = State.DONE;
                if (!granted) crowd.problem("can't give back: " + errorOf(answer));
                Kernel.close(fd);
                crowd.settled();
            }
            case NEW, HOLDS, BOUND, DONE -> crowd.problem("an answer to nothing");
        }
    }

    private static int errorOf(StunReader answer) {
        return answer.kind() == StunType.ERROR ? answer.errorCode() : 0;
    }
}
