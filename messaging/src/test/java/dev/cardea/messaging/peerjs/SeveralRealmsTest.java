package dev.cardea.messaging.peerjs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cardea.messaging.peerjs.SimulatedRealms.Client;
import dev.cardea.messaging.session.Disconnect;
import dev.cardea.wire.Bytes;
import dev.cardea.wire.Malformed;
import dev.cardea.wire.peerjs.Signal;
import dev.cardea.wire.peerjs.Signal.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Peers of several nodes find each other, whatever happens to the nodes. */
class SeveralRealmsTest {
    private final SimulatedRealms realms = new SimulatedRealms();
    private Realm a;
    private Realm b;

    @BeforeEach
    void start() {
        a = realms.node("a");
        b = realms.node("b");
        realms.node("c");
    }

    @Test
    void peersOfDifferentNodesHearEachOtherInOrder() {
        Client ann = realms.opened("a", "ann");
        Client bob = realms.opened("b", "bob");
        for (int i = 0; i < 9; i++) ann.says(Kind.CANDIDATE, "bob", "" + i);
        assertThat(bob.take())
                .extracting(each -> each.replaceAll(".*:(\\d)}", "$1"))
                .containsExactly("0", "1", "2", "3", "4", "5", "6", "7", "8");
        bob.says(Kind.ANSWER, "ann", "1");
        assertThat(ann.take()).hasSize(1);
        assertThat(a.waitingCount() + b.waitingCount()).isZero();
        assertThat(realms.counters("a").passed(Kind.CANDIDATE).sum()).isEqualTo(9);
    }

    @Test
    void whatIsSaidToAPeerThatComesSoonToAnotherNodeWaitsForIt() {
        Client ann = realms.opened("a", "ann");
        ann.says(Kind.OFFER, "bob", "1");
        realms.pass(Duration.ofSeconds(4));
        Client bob = realms.wants("c", "bob", "o");
        realms.talk();
        assertThat(bob.take()).hasSize(2).last().asString().contains("OFFER");
        realms.pass(Duration.ofSeconds(9));
        assertThat(ann.take()).isEmpty();
    }

    @Test
    void aSignalToNobodyAnywhereExpires() {
        Client ann = realms.opened("a", "ann");
        ann.says(Kind.OFFER, "bob", "1");
        realms.pass(Duration.ofSeconds(5));
        assertThat(ann.take())
                .containsExactly("{\"type\":\"EXPIRE\",\"src\":\"bob\",\"dst\":\"ann\"}");
    }

    @Test
    void anIdIsTakenOnAllNodes() {
        realms.opened("a", "ann");
        Client eve = realms.wants("b", "ann", "another");
        realms.talk();
        assertThat(eve.take().toString()).contains("ID-TAKEN");
        assertThat(eve.isOpen).isFalse();
    }

    @Test
    void aPeerThatComesToAnotherNodeWithItsTokenIsFoundThere() {
        Client ann = realms.opened("a", "ann");
        Client old = realms.opened("b", "bob");
        ann.says(Kind.OFFER, "bob", "1");
        assertThat(old.take()).hasSize(1);
        Client bob = realms.opened("c", "bob");
        assertThat(old.end).startsWith("1000");
        ann.says(Kind.OFFER, "bob", "2");
        assertThat(bob.take()).hasSize(1);
        assertThat(old.take()).isEmpty();
        assertThat(realms.counters("a").passed(Kind.OFFER).sum())
                .as("nothing was passed to where it had been")
                .isEqualTo(2);
    }

    @Test
    void theSamePeerThatComesToTwoNodesAtTheSameTimeIsAtOneOfThem() {
        for (String first : List.of("a", "b")) {
            String second = first.equals("a") ? "b" : "a";
            Client one = realms.wants(first, "id" + first, "same");
            Client other = realms.wants(second, "id" + first, "same");
            realms.talk();
            assertThat(List.of(one.isOpen, other.isOpen)).containsExactlyInAnyOrder(true, false);
            Client loser = one.isOpen ? other : one;
            assertThat(loser.take()).isEmpty();
            assertThat(loser.end).isEqualTo("1000 the peer has connected anew");
        }
    }

    @Test
    void answersToSomethingElseAreNone() {
        Client ann = realms.wants("a", "ann", "o");
        a.heard("b", new RealmMessage.Answer(99, "ann", true, false), realms.nowNanos);
        assertThat(ann.end).isEmpty();
        realms.talk();
        assertThat(ann.isOpen).isTrue();
        a.heard("b", new RealmMessage.Answer(99, "ann", true, false), realms.nowNanos);
        assertThat(ann.end).isEmpty();
    }

    @Test
    void whatWaitsOnANodeThatAnswersLateArrivesAllTheSame() {
        Client ann = realms.opened("a", "ann");
        realms.lose(message ->
                message instanceof RealmMessage.Claim || message instanceof RealmMessage.Seek);
        ann.says(Kind.OFFER, "bob", "1");
        Client bob = realms.wants("b", "bob", "o");
        realms.pass(Duration.ofSeconds(1));
        assertThat(bob.take()).hasSize(1);
        b.heard("a", new RealmMessage.Answer(1, "bob", false, true), realms.nowNanos);
        realms.talk();
        assertThat(bob.take()).singleElement().asString().contains("OFFER");
    }

    @Test
    void whoeverIsSoughtWhileOtherNodesAreAskedIsFoundWhenItIsThere() {
        Client ann = realms.opened("a", "ann");
        Client bob = realms.wants("b", "bob", "o");
        realms.lose(message -> message instanceof RealmMessage.Answer);
        ann.says(Kind.OFFER, "bob", "1");
        realms.pass(Duration.ofSeconds(1));
        assertThat(bob.take()).hasSize(2).last().asString().contains("OFFER");
    }

    @Test
    void aNodeNamesNoMoreIdsThanFitIntoAMessage() {
        SimulatedRealms many =
                new SimulatedRealms(new RealmOptions(30_000, 0, 0, 1L << 50, 1, 1, 1, 1, 0, 1000));
        many.node("a");
        for (int i = 0; i < 20_001; i++) many.wants("a", "id" + i, "o");
        Realm other = many.node("b");
        List<String> ids = new ArrayList<>();
        other.ids(ids::addAll, many.nowNanos);
        many.talk();
        assertThat(ids).hasSize(20_000);
    }

    @Test
    void whatIsCountedForTheLastQuestionIsNotForThis() {
        realms.lose(message -> message instanceof RealmMessage.Census);
        b.ids(_ -> {}, realms.nowNanos);
        realms.nowNanos += Duration.ofSeconds(1).toNanos();
        List<String> ids = new ArrayList<>();
        b.ids(ids::addAll, realms.nowNanos);
        b.heard("a", new RealmMessage.Counted(1, List.of("ghost")), realms.nowNanos);
        b.heard("c", new RealmMessage.Counted(2, List.of("carl")), realms.nowNanos);
        assertThat(ids).isEmpty();
        b.heard("a", new RealmMessage.Counted(2, List.of("ann")), realms.nowNanos);
        assertThat(ids).containsExactly("ann", "carl");
    }

    @Test
    void ofTwoWhoWantTheSameIdAtTheSameTimeOneGetsIt() {
        for (String first : List.of("a", "b")) {
            String second = first.equals("a") ? "b" : "a";
            Client one = realms.wants(first, "id" + first, "one");
            Client other = realms.wants(second, "id" + first, "other");
            realms.talk();
            assertThat(List.of(one.isOpen, other.isOpen)).containsExactlyInAnyOrder(true, false);
            Client loser = one.isOpen ? other : one;
            assertThat(loser.take()).singleElement().asString().contains("ID-TAKEN");
        }
    }

    @Test
    void peersOfANodeThatDiesAreFoundWhereTheyComeBack() {
        Client ann = realms.opened("a", "ann");
        Client bob = realms.opened("b", "bob");
        ann.says(Kind.OFFER, "bob", "1");
        assertThat(bob.take()).hasSize(1);
        realms.kill("b");
        ann.says(Kind.OFFER, "bob", "2");
        Client back = realms.wants("c", "bob", "secret of bob");
        realms.talk();
        assertThat(back.isOpen).as("the dead node may still object").isFalse();
        realms.pass(Duration.ofSeconds(1));
        assertThat(back.take()).hasSize(2).last().asString().contains("\"payload\":2");
        back.says(Kind.ANSWER, "ann", "3");
        assertThat(ann.take()).hasSize(1);
        // once it is known to be gone, nobody waits for it
        realms.pass(Duration.ofSeconds(11));
        realms.opened("a", "carl");
    }

    @Test
    void aNodeThatSaysThatItGoesIsNotWaitedFor() {
        b.leave();
        realms.kill("b");
        realms.talk();
        realms.opened("a", "ann");
    }

    @Test
    void aPeerThatLeftItsNodeIsSoughtAnew() {
        Client ann = realms.opened("a", "ann");
        Client bob = realms.opened("b", "bob");
        ann.says(Kind.OFFER, "bob", "1");
        bob.leaves();
        ann.says(Kind.OFFER, "bob", "2");
        assertThat(a.waitingCount()).isEqualTo(1);
        Client back = realms.wants("a", "bob", "o");
        realms.talk();
        assertThat(back.take()).hasSize(2);
        ann.says(Kind.OFFER, "bob", "3");
        assertThat(back.take()).hasSize(1);
    }

    @Test
    void aNodeThatObjectsLateIsRight() {
        Client ann = realms.opened("a", "ann");
        realms.lose(message -> message instanceof RealmMessage.Claim);
        Client eve = realms.wants("b", "ann", "another");
        realms.pass(Duration.ofSeconds(1));
        assertThat(eve.isOpen).isTrue();
        realms.lose(_ -> false);
        b.heard("a", new RealmMessage.Answer(1, "ann", true, false), realms.nowNanos);
        assertThat(eve.take()).last().asString().contains("ID-TAKEN");
        assertThat(eve.end).startsWith("1008");
        assertThat(ann.end).isEmpty();
    }

    @Test
    void aNodeThatObjectsLateIsRightAlsoToWhoeverCameInThePlaceOfTheFirst() {
        Client ann = realms.opened("a", "ann");
        realms.lose(message -> message instanceof RealmMessage.Claim);
        realms.wants("b", "ann", "another");
        Client again = realms.wants("b", "ann", "another");
        realms.pass(Duration.ofSeconds(1));
        assertThat(again.isOpen).isTrue();
        realms.lose(_ -> false);
        b.heard("a", new RealmMessage.Answer(1, "ann", true, false), realms.nowNanos);
        assertThat(again.take()).last().asString().contains("ID-TAKEN");
        assertThat(ann.end).isEmpty();
    }

    @Test
    void whileOtherNodesAreAskedAnIdIsTakenHereTooAndItsOwnerMayComeAnew() {
        long alive = SimulatedRealms.OPTIONS.aliveNanos();
        SimulatedRealms few =
                new SimulatedRealms(new RealmOptions(2, 1, 0, alive, 1, 1, 1, 1, 0, 1000));
        Realm here = few.node("a");
        few.node("b");
        Client first = few.wants("a", "ann", "o", "ann", "", 0);
        Client eve = few.wants("a", "ann", "another", "eve", "", 0);
        assertThat(eve.take()).singleElement().asString().contains("ID-TAKEN");
        assertThat(eve.end).isEqualTo("1008 refused");
        Client again = few.wants("a", "ann", "o", "ann", "", 0); // the user's only one
        assertThat(first.end).startsWith("1000");
        first.leaves();
        assertThat(again.isOpen).isTrue();
        assertThat(first.isOpen || eve.isOpen).isFalse();
        assertThat(here.count()).isEqualTo(1);
        few.opened("a", "bob");
        assertThat(few.wants("a", "carl", "p").take().toString()).contains("concurrent user limit");
        again.leaves();
        few.opened("a", "carl");
    }

    @Test
    void whoGoesWhileOtherNodesAreAskedGetsNoIdAndTakesNobodysPlace() {
        SimulatedRealms one = new SimulatedRealms(limits(1, 0));
        Realm here = one.node("a");
        one.node("b");
        Client ann = one.wants("a", "ann", "o");
        ann.leaves();
        assertThat(ann.isOpen).isFalse();
        assertThat(here.count()).isZero();
        one.pass(Duration.ofSeconds(2));
        assertThat(ann.isOpen).isFalse();
        one.opened("a", "bob");
    }

    private static RealmOptions limits(int all, int perAddress) {
        long alive = SimulatedRealms.OPTIONS.aliveNanos();
        return new RealmOptions(all, 0, perAddress, alive, 1, 1, 1, 1, 0, 1000);
    }

    @Test
    void whoComesAnewFromWhereThereAreTooManyIsRefusedAndTheIdIsFree() {
        SimulatedRealms few = new SimulatedRealms(limits(9, 1));
        Realm here = few.node("a");
        few.node("b");
        few.wants("a", "bob", "p", "", "2.2.2.2", 0);
        few.talk();
        for (boolean isOpen : new boolean[] {false, true}) {
            Client first = few.wants("a", "ann", "o", "", "1.1.1.1", 0);
            if (isOpen) few.talk();
            Client again = few.wants("a", "ann", "o", "", "2.2.2.2", 0);
            few.talk();
            assertThat(again.take().toString()).contains("as many peers from this address");
            assertThat(first.end).startsWith("1000");
            assertThat(first.isOpen).isEqualTo(isOpen);
            assertThat(here.count()).isEqualTo(1);
        }
        few.wants("a", "ann", "another", "", "3.3.3.3", 0);
        few.talk();
        assertThat(here.count()).isEqualTo(2);
    }

    @Test
    void whoeverWaitsForANodeThatGoesWaitsNoLonger() {
        SimulatedRealms two = new SimulatedRealms();
        Realm here = two.node("a");
        Realm there = two.node("b");
        two.lose(message ->
                message instanceof RealmMessage.Claim || message instanceof RealmMessage.Census);
        Client ann = two.wants("a", "ann", "o");
        List<List<String>> told = new ArrayList<>();
        here.ids(told::add, two.nowNanos);
        two.talk();
        assertThat(ann.isOpen).isFalse();
        assertThat(told).isEmpty();
        there.leave();
        two.talk();
        assertThat(ann.isOpen).isTrue();
        assertThat(told).hasSize(1);
    }

    @Test
    void whoAskedForAllIdsIsToldAlsoWhenSomebodyElseAsksLater() {
        realms.opened("b", "bob");
        realms.lose(message -> message instanceof RealmMessage.Census);
        List<List<String>> first = new ArrayList<>();
        b.ids(first::add, realms.nowNanos);
        realms.nowNanos += Duration.ofSeconds(1).toNanos();
        b.ids(_ -> {}, realms.nowNanos);
        assertThat(first).containsExactly(List.of("bob"));
    }

    @Test
    void aNodeThatIsNewKnowsTheOthersAtOnce() {
        realms.opened("a", "ann");
        List<RealmMessage> greetings = new ArrayList<>();
        realms.lose(message -> message instanceof RealmMessage.Here && !greetings.add(message));
        realms.node("d");
        assertThat(greetings).as("it greets each of three once or twice").hasSizeBetween(6, 9);
        Client eve = realms.wants("d", "ann", "another");
        realms.talk();
        assertThat(eve.take()).singleElement().asString().contains("ID-TAKEN");
    }

    @Test
    void nodesAreAskedOnceForAPeerThatIsNotThere() {
        Client ann = realms.opened("a", "ann");
        List<RealmMessage> sought = new ArrayList<>();
        realms.lose(message -> message instanceof RealmMessage.Seek && !sought.add(message));
        for (int i = 0; i < 5; i++) ann.says(Kind.CANDIDATE, "bob", "1");
        assertThat(sought).as("by each of two other nodes").hasSize(2);
    }

    @Test
    void whatIsMissedOfSomebodyWhoHasGoneIsOfNoUse() {
        Client ann = realms.opened("a", "ann");
        ann.leaves();
        a.heard(
                "b",
                new RealmMessage.Missed(new Signal(Kind.OFFER, "ann", "bob", Bytes.EMPTY)),
                realms.nowNanos);
        assertThat(a.waitingCount()).isZero();
    }

    @Test
    void wherePeersWereIsForgottenWhenTheyComeElsewhere() {
        Client ann = realms.opened("a", "ann");
        realms.opened("b", "bob");
        ann.says(Kind.OFFER, "bob", "1");
        Client here = realms.opened("a", "bob");
        here.leaves();
        ann.says(Kind.OFFER, "bob", "2");
        assertThat(realms.counters("a").passed(Kind.OFFER).sum()).isEqualTo(1);
        Client back = realms.wants("b", "bob", "secret of bob");
        realms.talk();
        assertThat(back.take()).hasSize(2).last().asString().contains("\"payload\":2");
        assertThat(a.waitingCount()).isZero();
    }

    @Test
    void whoIsPutOutWhileOtherNodesAreStillAskedGetsNoId() {
        Client ann = realms.wants("a", "ann", "o", "ann", "", Registration.ENDLESS);
        Client bob = realms.wants("a", "bob", "p", "bob", "", Registration.ENDLESS);
        bob.isRevoked = true;
        a.disconnect("ann", Disconnect.FORCE_NO_RECONNECT);
        a.endRevoked();
        realms.talk();
        assertThat(ann.isOpen || bob.isOpen).isFalse();
        assertThat(ann.end).startsWith("3503");
        assertThat(bob.end).startsWith("3005");
        realms.pass(Duration.ofSeconds(2));
        realms.opened("b", "ann");
        realms.opened("b", "bob");
    }

    @Test
    void credentialsThatAreRenewedMeanwhileAreTheRenewedOnes() {
        long second = Duration.ofSeconds(1).toNanos();
        Client ann = realms.wants("a", "ann", "o", "ann", "", second);
        a.refresh("ann", 10 * second, realms.nowNanos);
        realms.talk();
        realms.pass(Duration.ofSeconds(9));
        assertThat(ann.end).isEmpty();
        realms.pass(Duration.ofSeconds(1));
        assertThat(ann.end).startsWith("3005");
    }

    @Test
    void aNodeThatObjectsLateIsRightAlsoToWhoeverTookOver() {
        realms.opened("a", "ann");
        realms.lose(message -> message instanceof RealmMessage.Claim);
        realms.wants("b", "ann", "another");
        realms.pass(Duration.ofSeconds(1));
        Client again = realms.wants("b", "ann", "another");
        assertThat(again.isOpen).isTrue();
        b.heard("a", new RealmMessage.Answer(1, "ann", true, false), realms.nowNanos);
        assertThat(again.take()).last().asString().contains("ID-TAKEN");
        assertThat(b.count()).isZero();
    }

    @Test
    void whileNobodyHearsAnybodyPeersOfOneNodeGoOn() {
        realms.lose(_ -> true);
        Client ann = realms.wants("a", "ann", "o");
        Client bob = realms.wants("a", "bob", "p");
        realms.pass(Duration.ofSeconds(1));
        ann.says(Kind.OFFER, "bob", "1");
        assertThat(bob.take()).hasSize(2);
    }

    @Test
    void allIdsOfAllNodesAreCountedAndADeadNodeIsNotWaitedForLong() {
        realms.opened("a", "ann");
        realms.opened("b", "bob");
        realms.opened("c", "carl");
        List<String> ids = new ArrayList<>();
        b.ids(ids::addAll, realms.nowNanos);
        realms.talk();
        assertThat(ids).containsExactly("ann", "bob", "carl");
        realms.pass(Duration.ofSeconds(1));
        realms.kill("c");
        List<String> fewer = new ArrayList<>();
        b.ids(fewer::addAll, realms.nowNanos);
        realms.talk();
        assertThat(fewer).isEmpty();
        realms.pass(Duration.ofSeconds(1));
        assertThat(fewer).containsExactly("ann", "bob");
    }

    @Test
    void whoAsksForAllIdsAgainAndAgainMakesNobodyCountMoreThanOnceASecond() {
        realms.opened("a", "ann");
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < 100; i++) b.ids(ids::addAll, realms.nowNanos);
        List<RealmMessage> asked = new ArrayList<>();
        realms.lose(message -> message instanceof RealmMessage.Census && !asked.add(message));
        realms.talk();
        assertThat(ids).hasSize(100);
        for (int i = 0; i < 100; i++) b.ids(ids::addAll, realms.nowNanos);
        realms.talk();
        assertThat(ids).hasSize(200);
        assertThat(asked).as("by each of two other nodes").hasSize(2);
        realms.opened("c", "carl");
        realms.pass(Duration.ofSeconds(1));
        List<String> later = new ArrayList<>();
        b.ids(later::addAll, realms.nowNanos);
        realms.talk();
        assertThat(later).containsExactly("ann", "carl");
    }

    @Test
    void damagedMessagesAreMalformedAndNothingElse() {
        SplittableRandom random = new SplittableRandom(7);
        List<RealmMessage> messages =
                List.of(
                        new RealmMessage.Here(),
                        new RealmMessage.Away(),
                        new RealmMessage.Claim(1L << 40, "id", "owner"),
                        new RealmMessage.Answer(7, "id", true, false),
                        new RealmMessage.Seek("id"),
                        new RealmMessage.Found("id"),
                        new RealmMessage.Pass(new Signal(Kind.LEAVE, "a", "b", Bytes.utf8("{}"))),
                        new RealmMessage.Missed(new Signal(Kind.OFFER, "a", "b", Bytes.EMPTY)),
                        new RealmMessage.Census(3),
                        new RealmMessage.Counted(3, List.of("a", "b")));
        for (RealmMessage each : messages) {
            Bytes written = RealmCodec.write(each);
            assertThat(RealmCodec.read(written)).isEqualTo(each);
            for (int i = 0; i < 1000; i++) {
                byte[] damaged = written.toArray();
                damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
                try {
                    RealmCodec.read(Bytes.wrap(damaged));
                } catch (Malformed _) {
                    // is what may be
                }
            }
        }
        assertThatThrownBy(() -> RealmCodec.read(Bytes.EMPTY)).isInstanceOf(Malformed.class);
    }
}
