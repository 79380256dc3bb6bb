package dev.cardea.server.auth;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.cardea.messaging.auth.Capabilities;
import dev.cardea.messaging.auth.Capability;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The claim {@code caps}: a list of rules, each with channels, how they are matched, and what they
 * are allowed for. A channel may have what any of its rules allows.
 */
final class CapabilityRules implements Capabilities {
    /** Of all rules of a token: each is kept for as long as the connection is open. */
    static final int MAX_CHANNELS = 1000;

    static final int MAX_PATTERN_CHARS = 256;

    /** The same rules come with each of a user's tokens, and often with everybody's. */
    private static final Map<String, Pattern> PATTERNS = new ConcurrentHashMap<>();

    private static final int MAX_SHARED_PATTERNS = 1000;

    private record Rule(Set<Capability> allow, List<Predicate<String>> channels) {
        boolean covers(String channel) {
            for (Predicate<String> each : channels) {
                if (each.test(channel)) return true;
            }
            return false;
        }
    }

    private final List<Rule> rules;

    private CapabilityRules(List<Rule> rules) {
        this.rules = rules;
    }

    @Override
    public boolean allow(Capability capability, String channel) {
        for (Rule rule : rules) {
            if (rule.allow().contains(capability) && rule.covers(channel)) return true;
        }
        return false;
    }

    static Capabilities read(ClaimReader reader) throws IOException, BadClaim {
        List<Rule> rules = new ArrayList<>();
        Reading reading = new Reading(reader);
        reader.items(() -> rules.add(reading.rule()));
        return rules.isEmpty() ? NONE : new CapabilityRules(List.copyOf(rules));
    }

    /** Names that nobody knows are passed over: they can't allow anything. */
    static Set<Capability> named(List<String> names) {
        Set<Capability> named = EnumSet.noneOf(Capability.class);
        for (String name : names) {
            Capability capability = Capability.named(name);
            if (capability != null) named.add(capability);
        }
        return named;
    }

    private static final class Reading {
        private final ClaimReader reader;
        private int channelsLeft = MAX_CHANNELS;

        Reading(ClaimReader reader) {
            this.reader = reader;
        }

        private List<String> channels = List.of();
        private String match = "";
        private Set<Capability> allow = Set.of();

        Rule rule() throws IOException, BadClaim {
            channels = List.of();
            match = "";
            allow = Set.of();
            reader.members(name -> {
                switch (name) {
                    case "channels" -> channels = reader.texts();
                    case "match" -> match = reader.text();
                    case "allow" -> allow = named(reader.texts());
                    default -> reader.skip();
                }
            });
            channelsLeft -= channels.size();
            if (channelsLeft < 0) throw new BadClaim("caps has too many channels");
            if (match.isEmpty() || match.equals("exact")) {
                return new Rule(allow, List.of(Set.copyOf(channels)::contains));
            }
            List<Predicate<String>> each = new ArrayList<>();
            for (String channel : channels) each.add(matcher(match, channel));
            return new Rule(allow, each);
        }
    }

    private static Predicate<String> matcher(String match, String pattern) throws BadClaim {
        if (pattern.length() > MAX_PATTERN_CHARS) throw new BadClaim("caps has a long pattern");
        return switch (match) {
            case "wildcard" -> {
                Pattern compiled = compiled(wildcard(pattern));
                yield channel -> compiled.matcher(channel).matches();
            }
            case "regex" -> {
                Pattern compiled = compiled(pattern);
                yield channel -> compiled.matcher(channel).find();
            }
            default -> throw new BadClaim("caps has a match of another kind");
        };
    }

    /** A star is any number of any characters; nothing else has a meaning. */
    private static String wildcard(String text) {
        return Stream.of(text.split("\\*+", -1))
                .map(Pattern::quote)
                .collect(Collectors.joining(".*", "(?s)", ""));
    }

    private static Pattern compiled(String regex) throws BadClaim {
        Pattern known = PATTERNS.get(regex);
        if (known != null) return known;
        try {
            Pattern compiled = Pattern.compile(regex);
            if (PATTERNS.size() >= MAX_SHARED_PATTERNS) PATTERNS.clear();
            PATTERNS.put(regex, compiled);
            return compiled;
        } catch (PatternSyntaxException e) {
            throw new BadClaim("caps has no regular expression");
        }
    }
}
