package dev.cardea.messaging.filter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cardea.wire.centrifuge.FilterNode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TagsFilterTest {
    private static FilterNode leaf(String key, String cmp, String val, String... vals) {
        return new FilterNode("", key, cmp, val, List.of(vals), List.of());
    }

    private static FilterNode group(String op, FilterNode... nodes) {
        return new FilterNode(op, "", "", "", List.of(), List.of(nodes));
    }

    private static boolean passes(FilterNode node, Map<String, String> tags) {
        return Objects.requireNonNull(TagsFilter.of(node)).passes(tags);
    }

    private static boolean isRefused(FilterNode node) {
        return TagsFilter.of(node) == null;
    }

    @ParameterizedTest
    @CsvSource({
        "eq, OAK, OAK, true",
        "eq, OAK, oak, false",
        "neq, OAK, OAK, false",
        "neq, OAK, IRON, true",
        "sw, door, doorstep, true",
        "sw, step, doorstep, false",
        "ew, step, doorstep, true",
        "ew, door, doorstep, false",
        "ct, ors, doorstep, true",
        "ct, bell, doorstep, false",
        "ct, '', doorstep, true",
        "lt, 10, 9, true", // as texts it would be false
        "lt, 10, 10, false",
        "lt, 10, -11.5, true",
        "lte, 10, 10.000, true",
        "lte, 10, 10.001, false",
        "gt, 0.1, 0.10000000000000000001, true", // a double would not tell
        "gt, 9007199254740993, 9007199254740992, false",
        "gt, 9007199254740992, 9007199254740993, true",
        "gt, 5, 5.0, false",
        "lt, 5, 5.0, false",
        "lte, 5, 5.0, true",
        "gte, +5, 5, true",
        "gte, 5, 4.9, false",
        "gte, 5, many, false",
        "gte, 5, '', false",
        "gte, 5, 1e9, false",
        "gte, 5, ٦, false", // a digit, but none of ours
        "gte, 5, 6., false",
        "gte, 5, .6, false",
    })
    void comparesOneTag(String cmp, String val, String tag, boolean expected) {
        assertThat(passes(leaf("tag", cmp, val), Map.of("tag", tag))).isEqualTo(expected);
    }

    @Test
    void looksForATagInAList() {
        FilterNode in = leaf("symbol", "in", "", "OAK", "IRON");
        FilterNode nin = leaf("symbol", "nin", "", "OAK", "IRON");
        assertThat(passes(in, Map.of("symbol", "IRON"))).isTrue();
        assertThat(passes(in, Map.of("symbol", "BRASS"))).isFalse();
        assertThat(passes(nin, Map.of("symbol", "IRON"))).isFalse();
        assertThat(passes(nin, Map.of("symbol", "BRASS"))).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "eq, false",
        "neq, true",
        "in, false",
        "nin, true",
        "ex, false",
        "nex, true",
        "sw, false",
        "ew, false",
        "ct, false",
        "lt, false",
        "lte, false",
        "gt, false",
        "gte, false"
    })
    void aTagThatIsMissingIsNotEqualNotInAnyListAndNothingElse(String cmp, boolean expected) {
        FilterNode node =
                switch (cmp) {
                    case "in", "nin" -> leaf("tag", cmp, "", "1");
                    case "ex", "nex" -> leaf("tag", cmp, "");
                    default -> leaf("tag", cmp, "1");
                };
        assertThat(passes(node, Map.of("other", "1"))).isEqualTo(expected);
    }

    @Test
    void groupsJoinNodes() {
        FilterNode oak = leaf("symbol", "eq", "OAK");
        FilterNode dear = leaf("price", "gte", "100");
        Map<String, String> dearOak = Map.of("symbol", "OAK", "price", "120");
        Map<String, String> cheapOak = Map.of("symbol", "OAK", "price", "80");
        Map<String, String> cheapIron = Map.of("symbol", "IRON", "price", "80");
        assertThat(passes(group("and", oak, dear), dearOak)).isTrue();
        assertThat(passes(group("and", oak, dear), cheapOak)).isFalse();
        assertThat(passes(group("or", oak, dear), cheapOak)).isTrue();
        assertThat(passes(group("or", oak, dear), cheapIron)).isFalse();
        assertThat(passes(group("not", group("or", oak, dear)), cheapIron)).isTrue();
    }

    @Test
    void whatMeansNothingIsRefused() {
        assertThat(isRefused(leaf("", "eq", "x"))).isTrue();
        assertThat(isRefused(leaf("tag", "", "x"))).isTrue();
        assertThat(isRefused(leaf("tag", "like", "x"))).isTrue();
        assertThat(isRefused(leaf("tag", "in", ""))).isTrue();
        assertThat(isRefused(leaf("tag", "in", "x", "y"))).isTrue();
        assertThat(isRefused(leaf("tag", "eq", "x", "y"))).isTrue();
        assertThat(isRefused(leaf("tag", "ex", "x"))).isTrue();
        assertThat(isRefused(leaf("tag", "nex", "", "x"))).isTrue();
        assertThat(isRefused(leaf("tag", "gt", "many"))).isTrue();
        assertThat(isRefused(leaf("tag", "gt", "9".repeat(65)))).isTrue();
        assertThat(isRefused(group("and"))).isTrue();
        assertThat(isRefused(group("or"))).isTrue();
        assertThat(isRefused(group("not"))).isTrue();
        FilterNode fine = leaf("tag", "eq", "x");
        assertThat(isRefused(group("not", fine, fine))).isTrue();
        assertThat(isRefused(group("xor", fine))).isTrue();
        assertThat(isRefused(group("and", fine, FilterNode.TOO_MUCH))).isTrue();
        assertThat(isRefused(new FilterNode("", "tag", "eq", "x", List.of(), List.of(fine))))
                .isTrue();
    }

    @Test
    void soMuchTextIsRefused() {
        assertThat(isRefused(leaf("tag", "eq", "x".repeat(TagsFilter.MAX_TEXT_CHARS / 2))))
                .isFalse();
        assertThat(isRefused(leaf("tag", "eq", "x".repeat(TagsFilter.MAX_TEXT_CHARS)))).isTrue();
        List<String> many = Collections.nCopies(TagsFilter.MAX_TEXT_CHARS / 8, "x");
        assertThat(isRefused(new FilterNode("", "tag", "in", "", many, List.of()))).isTrue();
    }

    @Test
    void equalFiltersAreEqualSoThatOneJudgesForAll() {
        FilterNode one =
                group("and", leaf("a", "in", "", "x", "y"), group("not", leaf("b", "gt", "1")));
        FilterNode other =
                group("and", leaf("a", "in", "", "y", "x"), group("not", leaf("b", "gt", "1")));
        assertThat(TagsFilter.of(one))
                .isEqualTo(TagsFilter.of(other))
                .hasSameHashCodeAs(TagsFilter.of(other));
        assertThat(TagsFilter.of(one)).isNotEqualTo(TagsFilter.of(leaf("a", "in", "", "x")));
    }

    /** De Morgan's laws and double negation, on random filters and tags. */
    @Test
    void notAndOrKeepTheirLaws() {
        long seed = new SplittableRandom().nextLong();
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < 5_000; i++) {
            FilterNode a = random(random, 0);
            FilterNode b = random(random, 0);
            Map<String, String> tags = tags(random);
            assertThat(passes(group("not", group("and", a, b)), tags))
                    .as("seed %d, round %d", seed, i)
                    .isEqualTo(passes(group("or", group("not", a), group("not", b)), tags));
            assertThat(passes(group("not", group("not", a)), tags)).isEqualTo(passes(a, tags));
        }
    }

    private static FilterNode random(SplittableRandom random, int depth) {
        String key = "k" + random.nextInt(3);
        String val = Integer.toString(random.nextInt(4));
        if (depth < 4 && random.nextInt(3) == 0) {
            List<FilterNode> nodes = new ArrayList<>();
            for (int i = random.nextInt(3); i >= 0; i--) nodes.add(random(random, depth + 1));
            String op = random.nextBoolean() ? "and" : "or";
            return new FilterNode(op, "", "", "", List.of(), nodes);
        }
        return switch (random.nextInt(7)) {
            case 0 -> leaf(key, "neq", val);
            case 1 -> leaf(key, "nin", "", val, "9");
            case 2 -> leaf(key, "ex", "");
            case 3 -> leaf(key, "lt", val);
            case 4 -> leaf(key, "gte", val);
            case 5 -> leaf(key, "sw", val);
            default -> leaf(key, "eq", val);
        };
    }

    private static Map<String, String> tags(SplittableRandom random) {
        return random.nextBoolean()
                ? Map.of("k0", Integer.toString(random.nextInt(4)))
                : Map.of("k1", Integer.toString(random.nextInt(4)), "k2", "x");
    }
}
