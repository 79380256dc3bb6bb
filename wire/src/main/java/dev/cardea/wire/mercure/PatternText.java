package dev.cardea.wire.mercure;

import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Takes a URL pattern apart into its components (the URL Pattern standard, "constructor string
 * parsing").
 */
final class PatternText {
    /** In the order in which they stand. */
    enum Component {
        PROTOCOL,
        USERNAME,
        PASSWORD,
        HOSTNAME,
        PORT,
        PATHNAME,
        SEARCH,
        HASH
    }

    private enum State {
        INIT,
        PROTOCOL,
        AUTHORITY,
        USERNAME,
        PASSWORD,
        HOSTNAME,
        PORT,
        PATHNAME,
        SEARCH,
        HASH,
        DONE
    }

    private static final Set<State> NO_COMPONENT =
            EnumSet.of(State.INIT, State.AUTHORITY, State.DONE);

    private final String text;
    private final List<PatternToken> tokens;
    private final Predicate<String> isSpecial;
    private final Map<Component, String> found = new EnumMap<>(Component.class);
    private State state = State.INIT;
    private int at;
    private int start;
    private int forward = 1;
    private int groups;
    private int brackets;
    private boolean special;

    private PatternText(String text, Predicate<String> isSpecial) {
        this.text = text;
        this.tokens = PatternToken.split(text, false);
        this.isSpecial = isSpecial;
    }

    /**
     * The components that the pattern says something about.
     *
     * @param isSpecial whether a pattern of a protocol matches {@code https} or one like it
     */
    static Map<Component, String> split(String text, Predicate<String> isSpecial) {
        PatternText reader = new PatternText(text, isSpecial);
        reader.read();
        if (reader.found.containsKey(Component.HOSTNAME))
            reader.found.putIfAbsent(Component.PORT, "");
        return reader.found;
    }

    private void read() {
        for (; at < tokens.size(); at += forward) {
            forward = 1;
            PatternToken token = tokens.get(at);
            if (token.kind() == PatternToken.Kind.END) {
                if (!end()) return;
            } else if (token.kind() == PatternToken.Kind.OPEN) {
                groups++;
            } else if (groups > 0) {
                if (token.kind() == PatternToken.Kind.CLOSE) groups--;
            } else {
                step();
            }
        }
    }

    /** Whether it goes on in another state. */
    private boolean end() {
        if (state == State.INIT) {
            rewind();
            if (is('#')) become(State.HASH, 1);
            else if (isSearch()) become(State.SEARCH, 1);
            else become(State.PATHNAME, 0);
            return true;
        }
        if (state == State.AUTHORITY) {
            rewind();
            state = State.HOSTNAME;
            return true;
        }
        become(State.DONE, 0);
        return false;
    }

    private void step() {
        switch (state) {
            case INIT -> {
                if (is(':')) rewindTo(State.PROTOCOL);
            }
            case PROTOCOL -> {
                if (is(':')) protocolEnds();
            }
            case AUTHORITY -> {
                if (is('@')) rewindTo(State.USERNAME);
                else if (is('/') || isSearch() || is('#')) rewindTo(State.HOSTNAME);
            }
            case USERNAME -> {
                if (is(':')) become(State.PASSWORD, 1);
                else if (is('@')) become(State.HOSTNAME, 1);
            }
            case PASSWORD -> {
                if (is('@')) become(State.HOSTNAME, 1);
            }
            case HOSTNAME -> {
                if (is('[')) brackets++;
                else if (is(']')) brackets--;
                else if (is(':') && brackets == 0) become(State.PORT, 1);
                else pathOrLater();
            }
            case PORT -> pathOrLater();
            case PATHNAME -> searchOrLater();
            case SEARCH -> {
                if (is('#')) become(State.HASH, 1);
            }
            case HASH, DONE -> {}
        }
    }

    private void protocolEnds() {
        special = isSpecial.test(componentText());
        boolean slashes = is('/', 1) && is('/', 2);
        if (slashes) become(State.AUTHORITY, 3);
        else if (special) become(State.AUTHORITY, 1);
        else become(State.PATHNAME, 1);
    }

    private void pathOrLater() {
        if (is('/')) become(State.PATHNAME, 0);
        else searchOrLater();
    }

    private void searchOrLater() {
        if (isSearch()) become(State.SEARCH, 1);
        else if (is('#')) become(State.HASH, 1);
    }

    private boolean is(char c) {
        return is(c, 0);
    }

    private boolean is(char c, int ahead) {
        return at + ahead < tokens.size() && tokens.get(at + ahead).isPlain(c);
    }

    /** A question mark that makes nothing optional. */
    private boolean isSearch() {
        if (is('?')) return true;
        if (!tokens.get(at).value().equals("?")) return false;
        if (at == 0) return true;
        return switch (tokens.get(at - 1).kind()) {
            case NAME, REGEXP, CLOSE, ASTERISK -> false;
            case OPEN, CHAR, ESCAPED, MODIFIER, END, INVALID -> true;
        };
    }

    private void rewind() {
        at = start;
        forward = 0;
    }

    private void rewindTo(State next) {
        rewind();
        state = next;
    }

    private String componentText() {
        return text.substring(tokens.get(start).index(), tokens.get(at).index());
    }

    private void become(State next, int skip) {
        if (!NO_COMPONENT.contains(state))
            found.put(Component.valueOf(state.name()), componentText());
        if (state != State.INIT && next != State.DONE) {
            if (state.compareTo(State.HOSTNAME) < 0 && next.compareTo(State.HOSTNAME) > 0)
                found.putIfAbsent(Component.HOSTNAME, "");
            if (state.compareTo(State.PATHNAME) < 0 && next.compareTo(State.PATHNAME) > 0)
                found.putIfAbsent(Component.PATHNAME, special ? "/" : "");
            if (state.compareTo(State.SEARCH) < 0 && next == State.HASH)
                found.putIfAbsent(Component.SEARCH, "");
        }
        state = next;
        at += skip;
        start = at;
        forward = 0;
    }
}
