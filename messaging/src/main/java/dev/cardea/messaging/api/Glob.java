package dev.cardea.messaging.api;

import dev.cardea.wire.Malformed;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.function.Predicate;

/**
 * A pattern for channel names. {@code *} is any text, {@code ?} any character, {@code [abc]},
 * {@code [a-z]} and {@code [!a-z]} one of a set or one outside, <code>{one,other}</code> either
 * pattern, and {@code \} takes its meaning from what follows it.
 *
 * <p>All ways to match are followed at once (Thompson's construction), so that no pattern is slow:
 * a look costs at most the name's length times the pattern's. Not thread safe.
 */
final class Glob implements Predicate<String> {
    private static final int MAX_LENGTH = 255;

    private sealed interface Step {}

    /** Takes one character, and goes on with the next step. */
    private record One(IntPredicate accepts) implements Step {}

    /** Takes nothing, and goes on with all of these. */
    private static final class Fork implements Step {
        private final int[] to;

        Fork(int... to) {
            this.to = to;
        }
    }

    private record End() implements Step {}

    private final Step[] steps;
    private int[] now;
    private int[] then;

    /** When a step was last added: the number of a character, counted over all names. */
    private final int[] addedAt;

    private int time;

    private Glob(List<Step> steps) {
        this.steps = steps.toArray(Step[]::new);
        this.now = new int[this.steps.length];
        this.then = new int[this.steps.length];
        this.addedAt = new int[this.steps.length];
    }

    /**
     * @throws Malformed it is no pattern, or a very long one
     */
    static Glob of(String pattern) {
        if (pattern.length() > MAX_LENGTH) throw new Malformed("pattern is too long");
        return new Glob(new Compiler(pattern.codePoints().toArray()).compile());
    }

    @Override
    public boolean test(String name) {
        if (time > Integer.MAX_VALUE / 2) {
            Arrays.fill(addedAt, 0);
            time = 0;
        }
        time++;
        int count = add(0, now, 0);
        for (int i = 0; i < name.length() && count > 0; ) {
            int c = name.codePointAt(i);
            i += Character.charCount(c);
            time++;
            int taken = 0;
            for (int s = 0; s < count; s++) {
                if (steps[now[s]] instanceof One(IntPredicate accepts) && accepts.test(c)) {
                    taken = add(now[s] + 1, then, taken);
                }
            }
            int[] spent = now;
            now = then;
            then = spent;
            count = taken;
        }
        for (int s = 0; s < count; s++) {
            if (steps[now[s]] instanceof End) return true;
        }
        return false;
    }

    /** Adds a step and what it forks to; returns how many there are then. */
    private int add(int step, int[] to, int count) {
        if (addedAt[step] == time) return count;
        addedAt[step] = time;
        int added = count;
        if (steps[step] instanceof Fork fork) {
            for (int next : fork.to) added = add(next, to, added);
        } else {
            to[added++] = step;
        }
        return added;
    }

    private static final class Compiler {
        private static final int NONE = -1;

        private final int[] pattern;
        private final List<Step> steps = new ArrayList<>();
        private int at;

        Compiler(int[] pattern) {
            this.pattern = pattern;
        }

        List<Step> compile() {
            sequence(false);
            steps.add(new End());
            return steps;
        }

        private int peek() {
            return at < pattern.length ? pattern[at] : NONE;
        }

        private int take(String missing) {
            if (at == pattern.length) throw new Malformed(missing);
            return pattern[at++];
        }

        /** Ends before the comma or brace that ends an alternative. */
        private void sequence(boolean inBraces) {
            while (at < pattern.length) {
                if (inBraces && (peek() == ',' || peek() == '}')) return;
                element();
            }
        }

        private void element() {
            int c = pattern[at++];
            switch (c) {
                case '*' -> star();
                case '?' -> steps.add(new One(_ -> true));
                case '[' -> set();
                case '{' -> alternatives();
                case '\\' -> literal(take("nothing follows the backslash"));
                default -> literal(c);
            }
        }

        private void literal(int wanted) {
            steps.add(new One(c -> c == wanted));
        }

        private void star() {
            while (peek() == '*') at++;
            int begin = steps.size();
            steps.add(new Fork(begin + 1, begin + 3));
            steps.add(new One(_ -> true));
            steps.add(new Fork(begin));
        }

        private void set() {
            boolean outside = peek() == '!';
            if (outside) at++;
            IntPredicate inside = _ -> false;
            do {
                int from = member();
                int to = from;
                if (peek() == '-' && at + 1 < pattern.length && pattern[at + 1] != ']') {
                    at++;
                    to = member();
                }
                if (to < from) throw new Malformed("range runs backwards");
                int last = to;
                inside = inside.or(c -> c >= from && c <= last);
            } while (peek() != ']');
            at++;
            steps.add(new One(outside ? inside.negate() : inside));
        }

        private int member() {
            int c = take("set does not end");
            return c == '\\' ? take("nothing follows the backslash") : c;
        }

        private void alternatives() {
            int fork = steps.size();
            steps.add(new Fork()); // until its targets are known
            List<Integer> begins = new ArrayList<>();
            List<Integer> ends = new ArrayList<>();
            int separator;
            do {
                begins.add(steps.size());
                sequence(true);
                ends.add(steps.size());
                steps.add(new Fork());
                separator = take("braces do not end");
            } while (separator == ',');
            int behind = steps.size();
            for (int end : ends) steps.set(end, new Fork(behind));
            steps.set(fork, new Fork(begins.stream().mapToInt(Integer::intValue).toArray()));
        }
    }
}
