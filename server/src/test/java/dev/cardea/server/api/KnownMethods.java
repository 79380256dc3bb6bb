package dev.cardea.server.api;

import java.util.LinkedHashSet;
import java.util.Set;

/** Every method of the server API and every argument that one of them reads. */
public final class KnownMethods {
    private KnownMethods() {}

    /** Those that only say that they aren't available, too. */
    public static Set<String> methods() {
        Set<String> methods = new LinkedHashSet<>(Set.of("batch"));
        for (ApiMethod method : ApiMethod.values()) methods.add(method.jsonName());
        return methods;
    }

    /** As {@code method.argument}. */
    public static Set<String> arguments() {
        Set<String> arguments = new LinkedHashSet<>(Set.of("batch.commands", "batch.parallel"));
        for (ApiMethod method : ApiMethod.values()) {
            ApiDescription description = ApiDescription.of(method);
            if (description == null) continue;
            for (ApiField field : description.arguments())
                arguments.add(method.jsonName() + "." + field.name());
        }
        return arguments;
    }
}
