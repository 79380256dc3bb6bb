package dev.cardea.wire.mercure;

import dev.cardea.wire.Malformed;
import java.util.ArrayList;
import java.util.List;

/**
 * A {@link Shape} made ready to be looked for. All ways through it are followed at once, so that no
 * text makes it go back and try again: time is linear in the text. An evaluation that takes {@value
 * #MAX_STEPS} steps all the same (a hostile pattern on a hostile topic, about a millisecond) is
 * given up, and the text doesn't match. Immutable.
 */
final class Automaton {
    static final int MAX_STEPS = 200_000;

    /** Of what a pattern may ask for: a counted repetition is written out. */
    private static final int MAX_INSTRUCTIONS = 8192;

    private enum Kind {
        CHAR,
        SET,
        /** Goes on at both. */
        FORK,
        JUMP,
        END
    }

    /**
     * @param character of CHAR
     * @param set of SET
     * @param to where FORK and JUMP go on
     * @param or where FORK goes on, too
     */
    private record Instruction(Kind kind, char character, CharSet set, int to, int or) {}

    private final Instruction[] program;

    /** What every match begins with: most topics are turned away here. */
    private final String prefix;

    Automaton(Shape shape) {
        Compiler compiler = new Compiler();
        compiler.compile(shape);
        compiler.add(new Instruction(Kind.END, '\0', CharSet.NONE, 0, 0));
        program = compiler.program.toArray(new Instruction[0]);
        StringBuilder start = new StringBuilder();
        for (Instruction each : program) {
            if (each.kind() != Kind.CHAR) break;
            start.append(each.character());
        }
        prefix = start.toString();
    }

    /** How many instructions it has: no character of a text takes more steps. */
    int size() {
        return program.length;
    }

    /** Whether the whole text has the shape. */
    boolean matches(String text) {
        if (!text.startsWith(prefix)) return false;
        Run run = new Run(program);
        run.follow(prefix.length());
        for (int i = prefix.length(); i < text.length(); i++) {
            run.step(text.charAt(i));
            if (run.isOver()) return false;
        }
        return run.hasEnded();
    }

    /** Where an evaluation stands: the instructions that wait for the next character. */
    private static final class Run {
        private final Instruction[] program;
        private int[] now;
        private int[] next;
        private int count;
        private final int[] seenAt;
        private int generation = 1;
        private int steps;
        private boolean ended;
        private final int[] stack;

        Run(Instruction[] program) {
            this.program = program;
            this.now = new int[program.length];
            this.next = new int[program.length];
            this.seenAt = new int[program.length];
            this.stack = new int[program.length];
        }

        boolean isOver() {
            return count == 0 || steps > MAX_STEPS;
        }

        boolean hasEnded() {
            return ended && steps <= MAX_STEPS;
        }

        void step(char c) {
            int[] before = now;
            int waiting = count;
            now = next;
            next = before;
            count = 0;
            ended = false;
            generation++;
            for (int i = 0; i < waiting; i++) {
                Instruction each = program[before[i]];
                steps++;
                boolean takes =
                        switch (each.kind()) {
                            case CHAR -> each.character() == c;
                            case SET -> each.set().has(c);
                            case FORK, JUMP, END -> false;
                        };
                if (takes) follow(before[i] + 1);
            }
        }

        /** Adds all instructions that can be reached from here without a character. */
        void follow(int start) {
            int depth = push(start, 0);
            while (depth > 0) {
                int at = stack[--depth];
                Instruction each = program[at];
                switch (each.kind()) {
                    case CHAR, SET -> now[count++] = at;
                    case END -> {
                        ended = true;
                        now[count++] = at;
                    }
                    case JUMP -> depth = push(each.to(), depth);
                    case FORK -> depth = push(each.to(), push(each.or(), depth));
                }
            }
        }

        /** Each instruction once for a character, so the stack is as long as the program. */
        private int push(int at, int depth) {
            if (seenAt[at] == generation) return depth;
            seenAt[at] = generation;
            steps++;
            stack[depth] = at;
            return depth + 1;
        }
    }

    private static final class Compiler {
        final List<Instruction> program = new ArrayList<>();

        void add(Instruction instruction) {
            if (program.size() == MAX_INSTRUCTIONS) throw new Malformed("the pattern is too large");
            program.add(instruction);
        }

        private void fork(int to, int or) {
            add(new Instruction(Kind.FORK, '\0', CharSet.NONE, to, or));
        }

        private void jump(int to) {
            add(new Instruction(Kind.JUMP, '\0', CharSet.NONE, to, 0));
        }

        private void point(int at, int to, int or) {
            Kind kind = program.get(at).kind();
            program.set(at, new Instruction(kind, '\0', CharSet.NONE, to, or));
        }

        void compile(Shape shape) {
            switch (shape) {
                case Shape.Literal(String text) -> {
                    for (int i = 0; i < text.length(); i++)
                        add(new Instruction(Kind.CHAR, text.charAt(i), CharSet.NONE, 0, 0));
                }
                case Shape.One(CharSet of) -> add(new Instruction(Kind.SET, '\0', of, 0, 0));
                case Shape.Sequence(List<Shape> parts) -> parts.forEach(this::compile);
                case Shape.Choice(List<Shape> alternatives) -> choice(alternatives);
                case Shape.Repeat(Shape of, int least, int most) -> repeat(of, least, most);
            }
        }

        private void choice(List<Shape> alternatives) {
            List<Integer> ends = new ArrayList<>();
            for (int i = 0; i < alternatives.size() - 1; i++) {
                int fork = program.size();
                fork(0, 0);
                compile(alternatives.get(i));
                ends.add(program.size());
                jump(0);
                point(fork, fork + 1, program.size());
            }
            compile(alternatives.getLast());
            for (int end : ends) point(end, program.size(), 0);
        }

        private void repeat(Shape of, int least, int most) {
            for (int i = 0; i < least; i++) compile(of);
            if (most == Shape.UNLIMITED) {
                int fork = program.size();
                fork(0, 0);
                compile(of);
                jump(fork);
                point(fork, fork + 1, program.size());
                return;
            }
            List<Integer> forks = new ArrayList<>();
            for (int i = least; i < most; i++) {
                forks.add(program.size());
                fork(0, 0);
                compile(of);
            }
            for (int fork : forks) point(fork, fork + 1, program.size());
        }
    }
}
