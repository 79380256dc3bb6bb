package dev.cardea.messaging.auth;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

final class MemoryRevocationsTest {
    private long now = 1000;
    private final MemoryRevocations revocations = new MemoryRevocations(3, () -> now);

    private boolean add(Revocation revocation) {
        return revocations.add(revocation).toCompletableFuture().join();
    }

    private boolean covers(String id, long issuedAt, String user, String channel) {
        return revocations.cover(new TokenId(id, issuedAt), user, channel);
    }

    @Test
    void aTokenIsRevokedByItsId() {
        assertThat(covers("x", 1, "alice", "")).isFalse();
        add(new Revocation.OfToken("x", 0));
        assertThat(covers("x", 1, "alice", "")).isTrue();
        assertThat(covers("x", 1, "bob", "news")).isTrue();
        assertThat(covers("y", 1, "alice", "")).isFalse();
        assertThat(covers("", 1, "alice", "")).isFalse();
    }

    @Test
    void aUsersTokensAreRevokedByTheirAge() {
        add(new Revocation.OfUser("alice", "", 500, 0));
        assertThat(covers("x", 499, "alice", "")).isTrue();
        assertThat(covers("x", 499, "alice", "news")).isTrue();
        assertThat(covers("x", 500, "alice", "")).isFalse();
        assertThat(covers("x", 499, "bob", "")).isFalse();
        assertThat(covers("x", 0, "alice", "")).isTrue(); // doesn't say when
        assertThat(revocations.cover(TokenId.NONE, "alice", "")).isFalse(); // is no token
    }

    @Test
    void aUsersTokensForOneChannelLeaveOthersAlone() {
        add(new Revocation.OfUser("alice", "news", 500, 0));
        assertThat(covers("x", 499, "alice", "news")).isTrue();
        assertThat(covers("x", 499, "alice", "chat")).isFalse();
        assertThat(covers("x", 499, "alice", "")).isFalse();
    }

    @Test
    void aRevocationEndsWithTheTokensThatItIsFor() {
        add(new Revocation.OfToken("x", 1010));
        add(new Revocation.OfUser("alice", "", 500, 1020));
        now = 1009;
        assertThat(covers("x", 600, "alice", "")).isTrue();
        now = 1010;
        assertThat(covers("x", 600, "alice", "")).isFalse();
        assertThat(covers("y", 499, "alice", "")).isTrue();
        now = 1020;
        assertThat(covers("y", 499, "alice", "")).isFalse();
    }

    @Test
    void aSecondRevocationOfTheSameNeverWeakensTheFirst() {
        add(new Revocation.OfToken("x", 2000));
        add(new Revocation.OfToken("x", 1500));
        add(new Revocation.OfUser("alice", "", 500, 0));
        add(new Revocation.OfUser("alice", "", 400, 1500));
        now = 1999;
        assertThat(covers("x", 1, "bob", "")).isTrue();
        assertThat(covers("y", 499, "alice", "")).isTrue();
        assertThat(revocations.size()).isEqualTo(2);
    }

    @Test
    void theOnesThatHoldAreNeverDroppedForNewOnes() {
        assertThat(add(new Revocation.OfToken("a", 1010))).isTrue();
        assertThat(add(new Revocation.OfToken("b", 0))).isTrue();
        assertThat(add(new Revocation.OfToken("c", 0))).isTrue();
        assertThat(add(new Revocation.OfToken("d", 0))).isFalse();
        assertThat(covers("d", 1, "", "")).isFalse();
        assertThat(covers("b", 1, "", "")).isTrue();
        now = 1010;
        assertThat(add(new Revocation.OfToken("d", 0))).isTrue();
        assertThat(covers("d", 1, "", "")).isTrue();
        assertThat(revocations.size()).isEqualTo(3);
    }

    @Test
    void listenersHearWhatHoldsAlready() {
        List<Boolean> held = new ArrayList<>();
        revocations.onAdded(_ -> {
            held.add(covers("x", 1, "", ""));
            return CompletableFuture.completedFuture(true);
        });
        add(new Revocation.OfToken("x", 0));
        assertThat(held).containsExactly(true);
    }
}
