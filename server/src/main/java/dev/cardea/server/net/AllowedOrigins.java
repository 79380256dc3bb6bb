package dev.cardea.server.net;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * {@code client.allowed_origins}: patterns in which {@code *} stands for any characters, matched on
 * the origin in lower case. None allows no browser at all.
 */
public final class AllowedOrigins implements OriginCheck {
    private final List<Pattern> patterns;

    public AllowedOrigins(List<String> patterns) {
        this.patterns = patterns.stream().map(AllowedOrigins::compile).toList();
    }

    private static Pattern compile(String glob) {
        String regex =
                glob.toLowerCase(Locale.ROOT)
                        .chars()
                        .mapToObj(c -> c == '*' ? ".*" : Pattern.quote(Character.toString(c)))
                        .collect(Collectors.joining());
        return Pattern.compile(regex);
    }

    @Override
    public boolean allows(String origin, RequestHead head) {
        String lower = origin.toLowerCase(Locale.ROOT);
        return patterns.stream().anyMatch(pattern -> pattern.matcher(lower).matches());
    }
}
