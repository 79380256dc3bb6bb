package dev.cardea.messaging.peerjs;

import static dev.cardea.messaging.peerjs.SimulatedRealms.OPTIONS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cardea.messaging.peerjs.SimulatedRealms.Client;
import dev.cardea.messaging.session.Disconnect;
import dev.cardea.wire.peerjs.ClientMessage;
import dev.cardea.wire.peerjs.Signal.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** One node that stands alone. */
class RealmTest {
    private static final String EXPIRED = "{\"type\":\"EXPIRE\",\"src\":\"bob\",\"dst\":\"ann\"}";
    private final SimulatedRealms realms = new SimulatedRealms();
    private final Realm realm = realms.node("a");

    @Test
    void whatOnePeerSaysAnotherGetsWithTheSendersTrueId() {
        Client ann = realms.opened("a", "ann");
        Client bob = realms.opened("a", "bob");
        ann.says(Kind.OFFER, "bob", "{\"sdp\":1}");
        assertThat(bob.take())
                .containsExactly(
                        "{\"type\":\"OFFER\",\"src\":\"ann\",\"dst\":\"bob\",\"payload\":{\"sdp\":1}}");
        bob.says(Kind.LEAVE, "ann", "");
        assertThat(ann.take())
                .containsExactly("{\"type\":\"LEAVE\",\"src\":\"bob\",\"dst\":\"ann\"}");
        assertThat(realms.counters("a").delivered(Kind.OFFER).sum()).isEqualTo(1);
    }

    @Test
    void anIdIsTakenForEverybodyWhoComesWithAnotherToken() {
        Client ann = realms.opened("a", "ann");
        Client eve = realms.wants("a", "ann", "another");
        assertThat(eve.take())
                .containsExactly("{\"type\":\"ID-TAKEN\",\"payload\":{\"msg\":\"ID is taken\"}}");
        assertThat(eve.end).startsWith("1008");
        assertThat(ann.end).isEmpty();
        ann.leaves();
        realms.opened("a", "ann");
        assertThat(realm.count()).isEqualTo(1);
    }

    @Test
    void whoComesBackWithTheSameTokenTakesOverAndIsToldSo() {
        Client dead = realms.opened("a", "ann");
        Client bob = realms.opened("a", "bob");
        Client ann = realms.opened("a", "ann");
        assertThat(dead.end).startsWith("1000");
        bob.says(Kind.OFFER, "ann", "1");
        assertThat(ann.take()).hasSize(1);
        // the end of the old connection, and what it still says, change nothing
        dead.says(Kind.OFFER, "bob", "2");
        dead.leaves();
        assertThat(bob.take()).isEmpty();
        assertThat(realm.count()).isEqualTo(2);
        assertThat(realms.counters("a").takenOver().sum()).isEqualTo(1);
    }

    @Test
    void whatIsSaidToAPeerThatComesSoonWaitsForIt() {
        Client ann = realms.opened("a", "ann");
        ann.says(Kind.OFFER, "bob", "1");
        ann.says(Kind.CANDIDATE, "bob", "2");
        realms.pass(Duration.ofMillis(4500));
        Client bob = realms.wants("a", "bob", "b");
        assertThat(bob.take()).hasSize(3).first().isEqualTo("{\"type\":\"OPEN\"}");
        realms.pass(Duration.ofSeconds(10));
        assertThat(ann.take()).isEmpty();
        assertThat(realm.waitingCount()).isZero();
    }

    @Test
    void theSenderIsToldOnceThatAPeerDidNotCome() {
        Client ann = realms.opened("a", "ann");
        ann.says(Kind.OFFER, "bob", "1");
        realms.pass(Duration.ofSeconds(4));
        ann.says(Kind.CANDIDATE, "bob", "2");
        ann.says(Kind.LEAVE, "carl", "");
        assertThat(ann.take()).isEmpty();
        realms.pass(Duration.ofSeconds(1));
        assertThat(ann.take()).containsExactly(EXPIRED);
        realms.pass(Duration.ofSeconds(10));
        assertThat(ann.take()).isEmpty();
        assertThat(realm.waitingCount()).isZero();
    }

    @Test
    void whatWaitsIsBoundedInNumberAndBytesForOnePeerAndForOneSender() {
        Client ann = realms.opened("a", "ann");
        for (int i = 0; i < 11; i++) ann.says(Kind.CANDIDATE, "bob", "1");
        assertThat(ann.take()).containsExactly(EXPIRED);
        assertThat(realm.waitingCount()).isEqualTo(10);
        Client greedy = realms.opened("a", "greedy");
        String long1 = "\"" + "x".repeat(4000) + "\"";
        for (int i = 0; i < 100; i++) greedy.says(Kind.OFFER, "nobody" + i, long1);
        assertThat(greedy.take()).hasSize(98);
        assertThat(realm.waitingCount()).isEqualTo(12);
        Client other = realms.opened("a", "other");
        other.says(Kind.OFFER, "nobody", long1);
        assertThat(other.take()).isEmpty();
        List<Client> many = new ArrayList<>();
        for (int i = 0; i < 60; i++) many.add(realms.opened("a", "many" + i));
        for (Client each : many) each.says(Kind.OFFER, "absent" + each.registration.id(), long1);
        assertThat(many.stream().filter(each -> !each.take().isEmpty()).count()).isGreaterThan(30);
    }

    @Test
    void whatHasWaitedGivesItsRoomBack() {
        Client ann = realms.opened("a", "ann");
        String long1 = "\"" + "x".repeat(4000) + "\"";
        for (int i = 0; i < 60; i++) {
            ann.says(Kind.OFFER, "nobody" + i, long1);
            assertThat(ann.take()).as("round %d", i).isEmpty();
            if (i % 2 == 0) {
                realms.pass(Duration.ofSeconds(5));
                assertThat(ann.take()).hasSize(1);
            } else {
                Client came = realms.wants("a", "nobody" + i, "o");
                assertThat(came.take()).hasSize(2);
                came.leaves();
            }
        }
    }

    @Test
    void aPeerOfWhichNothingIsHeardIsPingedAndThenGone() {
        Client ann = realms.opened("a", "ann");
        Client bob = realms.opened("a", "bob");
        for (int i = 0; i < 11; i++) {
            realms.pass(Duration.ofSeconds(5));
            bob.beats();
        }
        assertThat(ann.pings).isEqualTo(2);
        assertThat(ann.end).isEmpty();
        realms.pass(Duration.ofSeconds(5));
        assertThat(ann.end).isEqualTo("1008 nothing was heard for too long");
        assertThat(bob.end).isEmpty();
        assertThat(bob.pings).isZero();
        assertThat(realm.count()).isEqualTo(1);
        assertThat(realms.counters("a").silent().sum()).isEqualTo(1);
    }

    @Test
    void aPeerThatTakesNothingIsCutOffAndItsSenderIsTold() {
        Client ann = realms.opened("a", "ann");
        Client bob = realms.opened("a", "bob");
        bob.pending = 1001;
        ann.says(Kind.OFFER, "bob", "1");
        assertThat(bob.end).isEqualTo("1008 too slow");
        assertThat(bob.take()).isEmpty();
        realms.pass(Duration.ofSeconds(5));
        assertThat(ann.take()).containsExactly(EXPIRED);
    }

    @Test
    void whoTakesNothingIsNotEvenToldThatAPeerDidNotCome() {
        Client ann = realms.opened("a", "ann");
        ann.says(Kind.OFFER, "bob", "1");
        ann.pending = 1001;
        realms.pass(Duration.ofSeconds(5));
        assertThat(ann.take()).isEmpty();
        assertThat(ann.end).isEqualTo("1008 too slow");
        assertThat(realms.counters("a").stalled().sum()).isEqualTo(1);
    }

    @Test
    void aFarewellForWhichThereIsNoRoomIsForgotten() {
        Client ann = realms.opened("a", "ann");
        for (int i = 0; i < 10; i++) ann.says(Kind.CANDIDATE, "bob", "1");
        ann.says(Kind.LEAVE, "bob", "");
        assertThat(ann.take()).isEmpty();
        assertThat(realm.waitingCount()).isEqualTo(10);
    }

    @Test
    void oneSendersTimeIsUpAndAnothersIsNot() {
        Client ann = realms.opened("a", "ann");
        Client carl = realms.opened("a", "carl");
        ann.says(Kind.OFFER, "bob", "1");
        realms.pass(Duration.ofSeconds(3));
        carl.says(Kind.OFFER, "bob", "2");
        realms.pass(Duration.ofSeconds(2));
        assertThat(ann.take()).containsExactly(EXPIRED);
        assertThat(carl.take()).isEmpty();
        assertThat(realms.wants("a", "bob", "b").take()).hasSize(2).last().asString().contains("2");
    }

    @Test
    void aPeerThatLeavesGivesItsIdBack() {
        Client ann = realms.opened("a", "ann");
        ann.says(new ClientMessage.Leave(), 10);
        assertThat(ann.end).isEqualTo("1000 left");
        realms.opened("a", "ann");
    }

    @Test
    void credentialsThatEndEndTheConnection() {
        Client ann = realms.wants("a", "ann", "o", "ann", "", Duration.ofSeconds(30).toNanos());
        realms.pass(Duration.ofMillis(29_750));
        assertThat(ann.end).isEmpty();
        realms.pass(Duration.ofMillis(250));
        assertThat(ann.take()).last().asString().contains("The token has expired");
        assertThat(ann.end).isEqualTo("3005 connection expired");
        assertThat(realms.counters("a").refused(Refused.TOKEN_EXPIRED).sum()).isEqualTo(1);
        assertThat(realm.count()).isZero();
    }

    @Test
    void credentialsMayBeMadeToLastLongerOrShorterOrForEver() {
        Client ann = realms.wants("a", "ann", "o", "ann", "", Duration.ofSeconds(30).toNanos());
        Client bob = realms.wants("a", "bob", "p", "bob", "", Duration.ofSeconds(30).toNanos());
        realms.pass(Duration.ofSeconds(29));
        realm.refresh("ann", Duration.ofSeconds(30).toNanos(), realms.nowNanos);
        realms.pass(Duration.ofSeconds(29));
        assertThat(bob.end).as("another user's").startsWith("3005");
        assertThat(ann.end).isEmpty();
        realm.refresh("ann", Registration.ENDLESS, realms.nowNanos);
        ann.beats();
        for (int i = 0; i < 10; i++) {
            realms.pass(Duration.ofSeconds(30));
            ann.beats();
        }
        assertThat(ann.end).isEmpty();
        realm.refresh("ann", 1, realms.nowNanos);
        realms.pass(Duration.ofMillis(250));
        assertThat(ann.end).startsWith("3005");
    }

    @Test
    void credentialsThatAreTakenBackEndTheirPeersAndNoOthers() {
        Client ann = realms.opened("a", "ann");
        Client bob = realms.opened("a", "bob");
        ann.isRevoked = true;
        realm.endRevoked();
        assertThat(ann.take().toString()).contains("ERROR", "The token was taken back");
        assertThat(ann.end).isEqualTo("3005 connection expired");
        assertThat(bob.end).isEmpty();
        assertThat(realm.count()).isEqualTo(1);
        assertThat(realms.counters("a").refused(Refused.TOKEN_REVOKED).sum()).isEqualTo(1);
        Client again = realms.wants("a", "eve", "e", true);
        assertThat(again.take().toString()).contains("The token was taken back");
        assertThat(again.end).isEqualTo("1008 refused");
        assertThat(realm.count()).isEqualTo(1);
    }

    @Test
    void theApplicationEndsAllPeersOfAUserWithItsOwnCodeAndReason() {
        Client phone = realms.wants("a", "ann-phone", "o", "ann", "", 0);
        Client laptop = realms.wants("a", "ann-laptop", "o", "ann", "", 0);
        Client bob = realms.wants("a", "bob", "p", "bob", "", 0);
        Client nobody = realms.wants("a", "x", "q", "", "", 0);
        realm.disconnect("ann", new Disconnect(4001, "go \"away\""));
        for (Client each : List.of(phone, laptop)) {
            assertThat(each.take())
                    .last()
                    .isEqualTo("{\"type\":\"ERROR\",\"payload\":{\"msg\":\"go \\\"away\\\"\"}}");
            assertThat(each.end).isEqualTo("4001 go \"away\"");
        }
        assertThat(bob.end).isEmpty();
        realm.disconnect("", Disconnect.FORCE_NO_RECONNECT);
        assertThat(nobody.end).startsWith("3503");
        assertThat(bob.end).isEmpty();
        assertThat(realm.count()).isEqualTo(1);
        assertThat(realms.counters("a").disconnected().sum()).isEqualTo(3);
        // what their quotas counted is free again
        realms.opened("a", "ann-phone");
    }

    @Test
    void quotasHoldInAllByUserAndByAddress() {
        SimulatedRealms few =
                new SimulatedRealms(
                        new RealmOptions(4, 2, 3, OPTIONS.aliveNanos(), 1, 1, 1, 1, 0, 1));
        few.node("a");
        Client a = few.wants("a", "a", "o", "ann", "1", 0);
        few.wants("a", "b", "o", "ann", "2", 0);
        Client c = few.wants("a", "c", "o", "ann", "3", 0);
        assertThat(c.take().toString()).contains("as many peers as a user may have");
        few.wants("a", "d", "o", "bob", "1", 0);
        few.wants("a", "e", "o", "carl", "1", 0);
        Client f = few.wants("a", "f", "o", "carl", "1", 0);
        assertThat(f.take().toString()).contains("concurrent user limit");
        a.leaves();
        assertThat(few.wants("a", "g", "o", "ann", "1", 0).take().toString()).contains("OPEN");
        Client again = few.wants("a", "g", "o", "ann", "1", 0);
        assertThat(again.take().toString()).as("takes over, and counts once").contains("OPEN");
        assertThat(few.wants("a", "h", "o", "bob", "1", 0).take().toString())
                .contains("concurrent user limit");
    }

    @Test
    void fromOneAddressComeSoManyPeersAndNoMore() {
        SimulatedRealms few =
                new SimulatedRealms(
                        new RealmOptions(9, 0, 1, OPTIONS.aliveNanos(), 1, 1, 1, 1, 0, 1));
        few.node("a");
        few.wants("a", "a", "o", "", "1", 0);
        assertThat(few.wants("a", "b", "p", "", "1", 0).take().toString())
                .contains("as many peers from this address");
        assertThat(few.wants("a", "c", "p", "", "2", 0).take().toString()).contains("OPEN");
    }

    @Test
    void whoSpeaksFasterThanAllowedIsReadLater() {
        SimulatedRealms slow =
                new SimulatedRealms(
                        new RealmOptions(9, 0, 0, OPTIONS.aliveNanos(), 1, 1, 1, 1, 10, 1000));
        slow.node("a");
        Client ann = slow.opened("a", "ann");
        for (int i = 0; i < 50; i++)
            assertThat(ann.says(new ClientMessage.Heartbeat(), 20)).isZero();
        assertThat(ann.says(new ClientMessage.Heartbeat(), 20))
                .isEqualTo(Duration.ofMillis(100).toNanos());
        assertThat(ann.says(new ClientMessage.Heartbeat(), 8192))
                .isEqualTo(Duration.ofMillis(400).toNanos());
        slow.pass(Duration.ofSeconds(20));
        // a long rest is no credit for more than at the start
        for (int i = 0; i < 50; i++)
            assertThat(ann.says(new ClientMessage.Heartbeat(), 20)).isZero();
        assertThat(ann.says(new ClientMessage.Heartbeat(), 20)).isPositive();
    }

    @Test
    void allIdsAreCountedAtOnceWhereThereIsNoOtherNode() {
        realms.opened("a", "bob");
        realms.opened("a", "ann");
        List<String> ids = new ArrayList<>();
        realm.ids(ids::addAll, realms.nowNanos);
        assertThat(ids).containsExactly("ann", "bob");
    }
}
