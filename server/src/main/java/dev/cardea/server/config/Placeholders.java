package dev.cardea.server.config;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * Variables of the environment inside of texts by name, such as static headers: <code>
 * ${CENTRIFUGO_VAR_NAME}</code> or <code>${CARDEA_VAR_NAME}</code>. As in Centrifugo, texts of no
 * other kind have them, and one that isn't set stops the start.
 */
final class Placeholders {
    static final Placeholders NONE = new Placeholders(Map.of());

    private static final Pattern PLACEHOLDER =
            Pattern.compile("\\$\\{((?:CENTRIFUGO|CARDEA)_VAR_[^}]+)}");

    private final Map<String, String> variables;

    Placeholders(Map<String, String> variables) {
        this.variables = variables;
    }

    /** The value of a key, with every placeholder filled in. */
    Object fillIn(Object value) throws Values.Unfit {
        if (!(value instanceof Map<?, ?> texts)) return value;
        Map<String, String> filled = new LinkedHashMap<>();
        for (Map.Entry<?, ?> entry : texts.entrySet()) {
            filled.put((String) entry.getKey(), fillIn((String) entry.getValue()));
        }
        return Map.copyOf(filled);
    }

    /** Once: what a variable has in it is taken as it is. */
    private String fillIn(String text) throws Values.Unfit {
        StringBuilder filled = new StringBuilder();
        int end = 0;
        for (MatchResult found : PLACEHOLDER.matcher(text).results().toList()) {
            String variable = variables.get(found.group(1));
            if (variable == null) {
                throw new Values.Unfit(
                        "needs the variable " + found.group(1) + ", which isn't set");
            }
            filled.append(text, end, found.start()).append(variable);
            end = found.end();
        }
        return filled.append(text, end, text.length()).toString();
    }
}
