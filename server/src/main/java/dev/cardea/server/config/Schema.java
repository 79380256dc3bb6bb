package dev.cardea.server.config;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The keys that a record has, read off its components. */
final class Schema {
    /**
     * One component.
     *
     * @param group the record behind it, for a group, a list of groups or an inlined group
     */
    record Key(
            String name,
            Class<?> type,
            @Nullable Setting setting,
            @Nullable Class<? extends Record> group,
            boolean isInline) {

        boolean isGroupList() {
            return type == List.class && group != null;
        }

        /** A key with a value of its own. */
        boolean isLeaf() {
            return group == null;
        }

        Setting rules() {
            return Objects.requireNonNull(setting);
        }
    }

    private Schema() {}

    static List<Key> keys(Class<? extends Record> type) {
        List<Key> keys = new ArrayList<>();
        for (RecordComponent component : type.getRecordComponents()) {
            keys.add(
                    new Key(
                            Keys.of(component.getName()),
                            component.getType(),
                            component.getAnnotation(Setting.class),
                            groupOf(component),
                            component.isAnnotationPresent(Inline.class)));
        }
        return keys;
    }

    /** A group is a record of our own that is made of keys; a {@link MemoryShare} is a value. */
    private static @Nullable Class<? extends Record> groupOf(RecordComponent component) {
        Class<?> type = component.getType();
        if (component.getGenericType() instanceof ParameterizedType list
                && list.getActualTypeArguments()[0] instanceof Class<?> item) {
            type = item;
        }
        return type.isRecord() && type != MemoryShare.class ? type.asSubclass(Record.class) : null;
    }

    static <R extends Record> R instance(Class<R> type, List<Object> values) {
        RecordComponent[] components = type.getRecordComponents();
        Class<?>[] types = new Class<?>[components.length];
        for (int i = 0; i < types.length; i++) types[i] = components[i].getType();
        try {
            Constructor<R> constructor = type.getDeclaredConstructor(types);
            return constructor.newInstance(values.toArray());
        } catch (NoSuchMethodException
                | InstantiationException
                | IllegalAccessException
                | InvocationTargetException e) {
            throw new LinkageError(type + " can't be made", e);
        }
    }

    /** Every key with a value of its own, by its path; items of lists have {@code []} in theirs. */
    static Map<String, Key> leaves(Class<? extends Record> type) {
        Map<String, Key> leaves = new LinkedHashMap<>();
        gather(type, "", leaves);
        return leaves;
    }

    private static void gather(Class<? extends Record> type, String path, Map<String, Key> leaves) {
        for (Key key : keys(type)) {
            String own = Keys.join(path, key.name());
            if (key.group() == null) {
                leaves.put(own, key);
            } else if (key.isInline()) {
                gather(key.group(), path, leaves);
            } else {
                gather(key.group(), key.isGroupList() ? own + "[]" : own, leaves);
            }
        }
    }
}
