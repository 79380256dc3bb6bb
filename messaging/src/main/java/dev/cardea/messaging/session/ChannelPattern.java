package dev.cardea.messaging.session;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Channels as paths: {@code /users/:name} is each channel of two segments of which the first is
 * {@code users}. A variable stands for the rest of its segment, and for one character at least.
 */
public final class ChannelPattern {
    /**
     * @param text what a segment is, or begins with if {@code open}
     */
    private record Segment(String text, boolean open) {
        boolean matches(String channel, int from, int to) {
            int length = to - from;
            boolean begins = length >= text.length() && channel.startsWith(text, from);
            return begins && (open ? length > text.length() : length == text.length());
        }

        boolean overlaps(Segment other) {
            if (!open && !other.open) return text.equals(other.text);
            if (!open) return text.length() > other.text.length() && text.startsWith(other.text);
            if (!other.open) return other.overlaps(this);
            return text.startsWith(other.text) || other.text.startsWith(text);
        }
    }

    private final String text;
    private final List<Segment> segments;

    private ChannelPattern(String text, List<Segment> segments) {
        this.text = text;
        this.segments = segments;
    }

    /**
     * Reads a pattern.
     *
     * @throws IllegalArgumentException it is none; the message completes "the pattern ..."
     */
    public static ChannelPattern of(String text) {
        if (!text.startsWith("/")) throw new IllegalArgumentException("doesn't begin with /");
        if (!text.chars().allMatch(c -> c > ' ' && c < 0x7F)) {
            throw new IllegalArgumentException("has other characters than those of ASCII");
        }
        if (text.contains("*")) throw new IllegalArgumentException("has a *; use a :variable");
        Set<String> variables = new HashSet<>();
        List<Segment> segments = new ArrayList<>();
        for (String segment : text.substring(1).split("/", -1)) {
            int colon = segment.indexOf(':');
            if (segment.isEmpty()) throw new IllegalArgumentException("has an empty segment");
            if (colon < 0) {
                segments.add(new Segment(segment, false));
                continue;
            }
            String variable = segment.substring(colon + 1);
            if (!variable.matches("[A-Za-z_][A-Za-z0-9_]*")) {
                throw new IllegalArgumentException(
                        "has \"" + segment + "\"; expected a name behind the colon");
            }
            if (!variables.add(variable)) {
                throw new IllegalArgumentException("has the variable " + variable + " twice");
            }
            segments.add(new Segment(segment.substring(0, colon), true));
        }
        return new ChannelPattern(text, segments);
    }

    /** One channel only. */
    boolean isStatic() {
        return segments.stream().noneMatch(Segment::open);
    }

    boolean matches(String channel) {
        int from = 1;
        for (int i = 0; i < segments.size(); i++) {
            boolean isLast = i == segments.size() - 1;
            int slash = channel.indexOf('/', from);
            if (isLast ? slash >= 0 : slash < 0) return false;
            int to = isLast ? channel.length() : slash;
            if (from > to || !segments.get(i).matches(channel, from, to)) return false;
            from = to + 1;
        }
        return channel.startsWith("/");
    }

    /** Whether some channel would be of both, and neither is that one channel alone. */
    public boolean conflictsWith(ChannelPattern other) {
        if (text.equals(other.text)) return true;
        if (isStatic() || other.isStatic() || segments.size() != other.segments.size()) {
            return false;
        }
        for (int i = 0; i < segments.size(); i++) {
            if (!segments.get(i).overlaps(other.segments.get(i))) return false;
        }
        return true;
    }

    @Override
    public String toString() {
        return text;
    }
}
