package dev.cardea.server.config;

import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** What differs between two configurations, by key; a list of groups counts as one. */
public final class Changes {
    private final List<String> keys = new ArrayList<>();

    private Changes() {}

    public static List<String> between(Config before, Config after) {
        Changes changes = new Changes();
        changes.compare("", before, after);
        return changes.keys;
    }

    private void compare(String path, Record before, Record after) {
        if (before.equals(after)) return;
        for (RecordComponent component : before.getClass().getRecordComponents()) {
            Object was = value(component, before);
            Object is = value(component, after);
            if (was.equals(is)) continue;
            boolean isInline = component.isAnnotationPresent(Inline.class);
            String own = isInline ? path : Keys.join(path, Keys.snake(component.getName()));
            boolean isGroup = was instanceof Record && !(was instanceof MemoryShare);
            if (isGroup) compare(own, (Record) was, (Record) is);
            else keys.add(own);
        }
    }

    private static Object value(RecordComponent component, Record of) {
        try {
            return Objects.requireNonNull(component.getAccessor().invoke(of));
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(component + " can't be read", e);
        }
    }
}
