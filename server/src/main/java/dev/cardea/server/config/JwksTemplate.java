package dev.cardea.server.config;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * {@code jwks_public_endpoint}: an address that may have <code>{{name}}</code> in it, for the group
 * of that name in {@code issuer_regex} or {@code audience_regex}.
 *
 * <p>The claims are not verified when the address is made of them, so a group must be a plain list
 * of values: otherwise whoever makes a token says where its key comes from.
 */
public final class JwksTemplate {
    private static final Pattern VARIABLE = Pattern.compile("\\{\\{([^{}]*)\\}\\}");

    /** What a variable may bring into an address, when its group isn't checked. */
    private static final Pattern VALUE = Pattern.compile("[A-Za-z0-9._~:/-]{1,256}");

    private final String text;
    private final Set<String> variables = new LinkedHashSet<>();

    public JwksTemplate(String text) {
        this.text = text;
        Matcher matcher = VARIABLE.matcher(text);
        while (matcher.find()) variables.add(matcher.group(1));
    }

    /** None of them: there is one address. */
    public Set<String> variables() {
        return variables;
    }

    /** The address; null if a value is missing, or isn't fit for one. */
    public @Nullable URI resolve(Map<String, String> values) {
        for (String name : variables) {
            String value = values.get(name);
            if (value == null || !VALUE.matcher(value).matches() || value.contains("..")) {
                return null;
            }
        }
        return uri(values::get);
    }

    private @Nullable URI uri(UnaryOperator<@Nullable String> valueOf) {
        String resolved = text;
        for (String name : variables) {
            resolved = resolved.replace("{{" + name + "}}", String.valueOf(valueOf.apply(name)));
        }
        try {
            URI uri = new URI(resolved);
            boolean isHttp = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
            return isHttp && uri.getHost() != null ? uri : null;
        } catch (URISyntaxException e) {
            return null;
        }
    }

    boolean isAddress() {
        return uri(_ -> "name") != null;
    }

    boolean isOpenToListeners() {
        URI uri = uri(_ -> "name");
        if (uri == null || !"http".equals(uri.getScheme())) return false;
        return !Set.of("localhost", "127.0.0.1", "[::1]").contains(uri.getHost());
    }

    /**
     * The first variable that isn't a list of plain values, with what is wrong; null if none is.
     */
    @Nullable String openVariable(String issuerRegex, String audienceRegex) {
        Map<String, String> groups = new LinkedHashMap<>();
        groups.putAll(namedGroups(issuerRegex));
        groups.putAll(namedGroups(audienceRegex));
        for (String name : variables) {
            String group = groups.get(name);
            if (group == null) return name + " is no group of issuer_regex or audience_regex";
            if (!PLAIN_VALUES.matcher(group).matches()) {
                return name
                        + " stands for \""
                        + group
                        + "\"; expected a list such as one|two|three";
            }
        }
        return null;
    }

    private static final Pattern GROUP = Pattern.compile("\\(\\?P?<([A-Za-z0-9_]+)>([^()]*)\\)");

    // No letter behind a backslash: \d and its like stand for more than one character.
    private static final Pattern PLAIN_VALUES =
            Pattern.compile("(?:[^\\\\\\[\\](){}.*+?^$]|\\\\[^A-Za-z0-9])+");

    private static Map<String, String> namedGroups(String regex) {
        Map<String, String> groups = new LinkedHashMap<>();
        Matcher matcher = GROUP.matcher(regex);
        while (matcher.find()) {
            String name = matcher.group(1);
            groups.put(name, groups.containsKey(name) ? "(" : matcher.group(2));
        }
        return groups;
    }
}
