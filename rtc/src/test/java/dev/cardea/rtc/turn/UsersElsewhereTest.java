package dev.cardea.rtc.turn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cardea.wire.stun.StunAttribute;
import dev.cardea.wire.stun.StunReader;
import dev.cardea.wire.stun.StunType;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Users that the configuration doesn't have: somebody else is asked, who takes a while. */
class UsersElsewhereTest {
    private final SimulatedServer server = new SimulatedServer();
    private final ScriptedClient carol =
            new ScriptedClient(server, "192.0.2.5:4000").as("carol", "pw3");

    @BeforeEach
    void turnOn() {
        server.directory.isOn = true;
        carol.nonce = nonce(carol);
    }

    private static byte[] nonce(ScriptedClient client) {
        byte[] nonce = client.plain(StunType.ALLOCATE, _ -> {}).bytes(StunAttribute.NONCE);
        client.received.clear();
        return nonce;
    }

    private StunReader answer() {
        assertThat(carol.received).hasSize(1);
        return new StunReader().read(ByteBuffer.wrap(carol.received.removeFirst()));
    }

    private void answers(UserDirectory.Entry entry) {
        server.directory.answers("carol", entry, server.nowNanos);
    }

    @Test
    void aRequestWaitsUntilItIsKnownWhoHasSentIt() {
        byte[] request = carol.sealed(StunType.ALLOCATE, ScriptedClient::udp);
        carol.give(request);
        carol.give(request); // the client is impatient, and gets one answer
        carol.give(carol.sealed(StunType.ALLOCATE, ScriptedClient::udp));
        assertThat(carol.received).isEmpty();
        assertThat(server.directory.asked).containsExactly("carol");
        answers(new UserDirectory.Known("pw3"));
        assertThat(answer().kind()).isEqualTo(StunType.SUCCESS);
        assertThat(carol.held().user()).isEqualTo("carol");
        assertThat(server.taken).hasSize(1);
        // in a call nobody is asked again
        server.directory.said.clear();
        assertThat(carol.refresh(600).kind()).isEqualTo(StunType.SUCCESS);
        carol.as("alice", "pw");
        assertThat(carol.refresh(600).errorCode()).as("another user").isEqualTo(441);
        assertThat(server.directory.asked).hasSize(1);
    }

    @Test
    void whoIsNobodyAndWhoHasAnotherPasswordIsRefused() {
        carol.give(carol.sealed(StunType.ALLOCATE, ScriptedClient::udp));
        answers(new UserDirectory.Nobody());
        assertThat(answer().errorCode()).isEqualTo(401);
        answers(new UserDirectory.Known("another"));
        carol.give(carol.sealed(StunType.ALLOCATE, ScriptedClient::udp));
        assertThat(answer().errorCode()).isEqualTo(401);
        assertThat(server.taken).isEmpty();
        assertThat(server.reports)
                .contains(
                        "carol 401: there is no such user",
                        "carol 401: the password is another than the backend's");
    }

    @Test
    void whereNobodyAnswersItIsTheServersError() {
        carol.give(carol.sealed(StunType.ALLOCATE, ScriptedClient::udp));
        answers(new UserDirectory.Unreachable());
        assertThat(answer().errorCode()).isEqualTo(500);
        assertThat(server.reports.toString()).contains("gave no answer");
    }

    @Test
    void usersOfTheConfigurationAreNotAskedFor() {
        new ScriptedClient(server, "192.0.2.6:4000").allocated();
        assertThat(server.directory.asked).isEmpty();
    }

    @Test
    void aForgedSourceHasNobodyAsked() {
        ScriptedClient thief = new ScriptedClient(server, "192.0.2.7:4000").as("carol", "pw3");
        thief.nonce = carol.nonce;
        assertThat(thief.allocate().errorCode()).isEqualTo(438);
        assertThat(server.directory.asked).isEmpty();
    }

    @Test
    void aConnectionThatEndsMeanwhileGetsNothing() {
        carol.isStream = true;
        carol.give(carol.sealed(StunType.ALLOCATE, ScriptedClient::udp));
        server.engine.gone(carol, server.nowNanos);
        answers(new UserDirectory.Known("pw3"));
        assertThat(server.taken).isEmpty();
        assertThat(carol.received).isEmpty();
    }

    @Test
    void howManyWaitAndHowOftenASourceHasOthersAskedIsBounded() {
        byte[] good = nonce(new ScriptedClient(server, "192.0.2.9:999"));
        for (int i = 0; i < 3000; i++) {
            ScriptedClient each =
                    new ScriptedClient(server, "192.0.2.9:" + (1000 + i)).as("user" + i, "pw");
            each.nonce = good;
            each.give(each.sealed(StunType.ALLOCATE, ScriptedClient::udp));
        }
        assertThat(server.directory.asked).hasSize(1024);

        SimulatedServer limited =
                new SimulatedServer(
                        new SimulatedServer.Limits(9, 9, 8, 0, 10, List.of(), List.of()));
        limited.directory.isOn = true;
        ScriptedClient first = new ScriptedClient(limited, "192.0.2.9:999").as("x", "pw");
        byte[] nonce = nonce(first);
        for (int i = 0; i < 100; i++) {
            ScriptedClient each =
                    new ScriptedClient(limited, "192.0.2.9:" + (1000 + i)).as("user" + i, "pw");
            each.isStream = true; // a connection costs little, too
            each.nonce = nonce;
            each.give(each.sealed(StunType.ALLOCATE, ScriptedClient::udp));
        }
        assertThat(limited.directory.asked).hasSizeBetween(5, 10);
    }
}
