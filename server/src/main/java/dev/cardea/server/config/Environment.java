package dev.cardea.server.config;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Lays variables of the environment over a file: {@code CENTRIFUGO_CLIENT_TOKEN_HMAC_SECRET_KEY} or
 * {@code CARDEA_...} is {@code client.token.hmac_secret_key}. A list of groups is given by its
 * names ({@code CENTRIFUGO_CHANNEL_NAMESPACES="chat news"}) or as JSON; the name of an item then
 * leads to its keys ({@code CENTRIFUGO_CHANNEL_NAMESPACES_CHAT_PRESENCE=true}). Empty is as if
 * unset.
 */
final class Environment {
    private static final List<String> PREFIXES = List.of("CENTRIFUGO_", "CARDEA_"); // later wins

    // Read by the launcher and the tests, not by the server.
    private static final Set<String> NOT_SETTINGS = Set.of("CARDEA_JAVA_OPTS", "CARDEA_HOME");

    // What Kubernetes sets in every container for a service that is called like us.
    private static final Pattern KUBERNETES =
            Pattern.compile(
                    "(CENTRIFUGO|CARDEA)(_[A-Z0-9_]+)?"
                            + "_(SERVICE_(HOST|PORT)(_.*)?|PORT_[0-9]+_(TCP|UDP|SCTP)(_.*)?)");
    private static final Pattern KUBERNETES_PORT = Pattern.compile("(tcp|udp|sctp)://.*");

    private final String prefix;
    private final Map<String, String> variables;
    private final Node.Table root;
    private final Problems problems;
    private final Set<String> known = new LinkedHashSet<>();

    private Environment(
            String prefix, Map<String, String> variables, Node.Table root, Problems problems) {
        this.prefix = prefix;
        this.variables = variables;
        this.root = root;
        this.problems = problems;
    }

    static void layOver(Node.Table root, Map<String, String> variables, Problems problems)
            throws BadConfig {
        for (String prefix : PREFIXES) {
            Map<String, String> ours = new TreeMap<>();
            variables.forEach((name, value) -> {
                if (name.startsWith(prefix) && !value.isEmpty()) ours.put(name, value);
            });
            ours.entrySet().removeIf(e -> isForSomebodyElse(e.getKey(), e.getValue()));
            if (!ours.isEmpty()) new Environment(prefix, ours, root, problems).layOver();
        }
    }

    private static boolean isForSomebodyElse(String name, String value) {
        return NOT_SETTINGS.contains(name)
                || name.startsWith("CENTRIFUGO_VAR_") // for Placeholders
                || name.startsWith("CARDEA_VAR_")
                || KUBERNETES.matcher(name).matches()
                || (name.endsWith("_PORT") && KUBERNETES_PORT.matcher(value).matches());
    }

    private void layOver() throws BadConfig {
        Map<String, Schema.Key> leaves = Schema.leaves(Config.class);
        Set<String> paths = new LinkedHashSet<>(leaves.keySet());
        paths.addAll(NotYet.entries().keySet());
        Map<String, List<String>> lists = new HashMap<>();
        for (String path : paths) {
            int bracket = path.indexOf("[].");
            if (bracket < 0) {
                set(path, prefix + Keys.inEnvironment(path), leaves.get(path));
            } else {
                lists.computeIfAbsent(path.substring(0, bracket), _ -> new ArrayList<>())
                        .add(path.substring(bracket + 3));
            }
        }
        for (Map.Entry<String, List<String>> list : lists.entrySet()) {
            String variable = prefix + Keys.inEnvironment(list.getKey());
            setList(list.getKey(), variable, list.getValue(), leaves);
        }
        for (Map.Entry<String, String> variable : variables.entrySet()) {
            if (!known.contains(variable.getKey())) refuse(variable.getKey());
        }
    }

    private void set(String path, String variable, Schema.@Nullable Key key) {
        known.add(variable);
        String value = variables.get(variable);
        if (value == null) return;
        Place place = new Place(variable, 0);
        boolean isList = key != null && key.type() == List.class;
        Tree.put(root, path, isList ? words(place, value) : text(place, value));
    }

    private void setList(
            String path, String variable, List<String> itemKeys, Map<String, Schema.Key> leaves)
            throws BadConfig {
        known.add(variable);
        String value = variables.get(variable);
        if (value != null) Tree.put(root, path, list(new Place(variable, 0), value));
        if (!(Tree.get(root, path) instanceof Node.Items items)) return;
        for (int i = 0; i < items.items().size(); i++) {
            if (!(items.items().get(i) instanceof Node.Table item)) continue;
            if (!(item.entries().get("name") instanceof Node.Scalar itemName)) continue;
            String itemVariable = variable + "_" + Keys.inEnvironment(itemName.text()) + "_";
            String own = path + "[" + i + "].";
            for (String key : itemKeys) {
                int bracket = key.indexOf("[].");
                String name = bracket < 0 ? key : key.substring(0, bracket);
                String keyVariable = itemVariable + Keys.inEnvironment(name);
                if (bracket < 0) set(own + key, keyVariable, leaves.get(path + "[]." + key));
                else setList(own + name, keyVariable, List.of(), leaves); // as JSON, whole
            }
        }
    }

    private static Node list(Place place, String value) throws BadConfig {
        if (value.startsWith("[")) return JsonReader.readJson(place.source(), value);
        List<Node> items = new ArrayList<>();
        for (String name : value.strip().split(" +", -1)) {
            Node.Table item = Node.Table.empty(place);
            item.entries().put("name", text(place, name));
            items.add(item);
        }
        return new Node.Items(place, items);
    }

    private static Node words(Place place, String value) {
        List<Node> words = new ArrayList<>();
        for (String word : value.strip().split(" +", -1)) words.add(text(place, word));
        return new Node.Items(place, words);
    }

    private static Node.Scalar text(Place place, String value) {
        return new Node.Scalar(place, Node.Kind.TEXT, value);
    }

    private void refuse(String variable) {
        String meant = Spelling.nearest(variable, known);
        if (meant == null) {
            String end = variable.substring(prefix.length() - 1);
            meant = known.stream().filter(name -> name.endsWith(end)).findFirst().orElse(null);
        }
        problems.add(
                new Place("environment", 0),
                variable,
                "is no known setting" + (meant == null ? "" : "; did you mean " + meant + "?"));
    }
}
