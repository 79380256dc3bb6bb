package dev.cardea.messaging.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class NameRulesTest {
    private static final NameRules RULES = NameRules.DEFAULT;

    @Test
    void theNamespaceStandsBeforeTheFirstBoundaryAndBehindThePrefix() {
        assertThat(RULES.namespaceOf("news")).isEmpty();
        assertThat(RULES.namespaceOf("chat:room:1")).isEqualTo("chat");
        assertThat(RULES.namespaceOf("$chat:room")).isEqualTo("chat");
        assertThat(RULES.namespaceOf("$$chat:room")).isEqualTo("$chat");
        assertThat(RULES.namespaceOf("a$b:c")).isEqualTo("a$b");
        assertThat(RULES.restOf("chat:room:1")).isEqualTo("room:1");
        assertThat(RULES.restOf("$chat:room")).isEqualTo("room");
        assertThat(RULES.restOf("$news")).isEqualTo("$news");
    }

    @Test
    void aPrivateChannelBeginsWithThePrefix() {
        assertThat(RULES.isPrivate("$news")).isTrue();
        assertThat(RULES.isPrivate("new$")).isFalse();
        assertThat(RULES.isPrivate("")).isFalse();
    }

    @Test
    void theUsersStandBehindTheLastBoundary() {
        assertThat(RULES.isFor("alice", "chat#alice")).isTrue();
        assertThat(RULES.isFor("bob", "chat#alice,bob")).isTrue();
        assertThat(RULES.isFor("bob", "chat#bob#alice")).isFalse();
        assertThat(RULES.isFor("alice", "chat#bob#alice")).isTrue();
        assertThat(RULES.isFor("ali", "chat#alice")).isFalse();
        assertThat(RULES.isFor("alice", "chat#ali")).isFalse();
        assertThat(RULES.isFor("alice", "chat#alice2,alic")).isFalse();
        assertThat(RULES.isFor("alice", "chat")).isFalse();
        assertThat(RULES.isFor("alice", "#")).isFalse();
        assertThat(RULES.isFor("alice", "#alice")).isTrue();
    }

    @Test
    void nobodyIsNoUser() {
        assertThat(RULES.isFor("", "chat#")).isFalse();
        assertThat(RULES.isFor("", "chat#alice,,bob")).isFalse();
    }

    @Test
    void whatIsEmptyMeansNothing() {
        NameRules none = new NameRules("", "", "", "");
        assertThat(none.isPrivate("$a")).isFalse();
        assertThat(none.namespaceOf("a:b")).isEmpty();
        assertThat(none.namesUsers("a#b")).isFalse();
        NameRules one = new NameRules("", "", "#", "");
        assertThat(one.isFor("alice,bob", "x#alice,bob")).isTrue();
        assertThat(one.isFor("alice", "x#alice,bob")).isFalse();
    }

    @Test
    void othersMayBeTold() {
        NameRules rules = new NameRules("private-", "::", "@@", "++");
        assertThat(rules.isPrivate("private-a")).isTrue();
        assertThat(rules.namespaceOf("private-chat::x:y")).isEqualTo("chat");
        assertThat(rules.restOf("private-chat::x:y")).isEqualTo("x:y");
        assertThat(rules.isFor("b", "x@@a++b")).isTrue();
        assertThat(rules.isFor("b+", "x@@a++b")).isFalse();
    }

    @Test
    void usersAreFoundAsBySplitting() {
        long seed = System.nanoTime();
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < 20_000; i++) {
            StringBuilder users = new StringBuilder();
            for (int j = random.nextInt(8); j > 0; j--) {
                users.append("ab,".charAt(random.nextInt(3)));
            }
            String user = "ab".substring(random.nextInt(2)).repeat(1 + random.nextInt(2));
            List<String> named = new ArrayList<>(Arrays.asList(users.toString().split(",", -1)));
            assertThat(RULES.isFor(user, "c#" + users))
                    .as("seed %d, %s in %s", seed, user, users)
                    .isEqualTo(named.contains(user));
        }
    }
}
