package dev.cardea.messaging.limit;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The limits of one scope (each connection, each user, each channel): which buckets an operation
 * takes a token from. The buckets' states are an array that the scope's owner keeps. Immutable.
 */
public final class LimitPlan {
    private final Bucket[] buckets;
    private final int[] total;
    private final Map<Operation, int[]> operations;
    private final Map<Operation, Map<String, int[]>> overrides;

    private LimitPlan(Builder builder) {
        this.buckets = builder.buckets.toArray(Bucket[]::new);
        this.total = builder.total;
        this.operations = new EnumMap<>(builder.operations);
        this.overrides = new EnumMap<>(builder.overrides);
    }

    public static Builder builder() {
        return new Builder();
    }

    /**
     * Gathers the limits; an operation that none is given for has the default's, if there is one.
     */
    public static final class Builder {
        private static final int[] NONE = {};

        private final List<Bucket> buckets = new ArrayList<>();
        private final Map<Operation, int[]> operations = new EnumMap<>(Operation.class);
        private final Map<Operation, Map<String, int[]>> overrides = new EnumMap<>(Operation.class);
        private List<Bucket> byDefault = List.of();
        private int[] total = NONE;

        private Builder() {}

        /** All operations together take tokens from these, too. */
        public Builder total(List<Bucket> limits) {
            total = slots(limits);
            return this;
        }

        /** Each operation without limits of its own has buckets like these. */
        public Builder byDefault(List<Bucket> limits) {
            byDefault = limits;
            return this;
        }

        public Builder operation(Operation operation, List<Bucket> limits) {
            if (!limits.isEmpty()) operations.put(operation, slots(limits));
            return this;
        }

        /**
         * Instead of the operation's own limits.
         *
         * @param of a namespace, or a method for {@link Operation#RPC}
         */
        public Builder override(Operation operation, String of, List<Bucket> limits) {
            if (!limits.isEmpty())
                overrides.computeIfAbsent(operation, _ -> new HashMap<>()).put(of, slots(limits));
            return this;
        }

        private int[] slots(List<Bucket> limits) {
            int[] slots = new int[limits.size()];
            for (int i = 0; i < slots.length; i++) {
                slots[i] = buckets.size();
                buckets.add(limits.get(i));
            }
            return slots;
        }

        public LimitPlan build() {
            for (Operation operation : Operation.values())
                if (!operations.containsKey(operation)) operation(operation, byDefault);
            return new LimitPlan(this);
        }
    }

    /** The states of buckets that are full. */
    long[] full(long nowNanos) {
        long[] states = new long[buckets.length];
        Arrays.fill(states, Bucket.full(nowNanos));
        return states;
    }

    /** Whether the states are those of full buckets, so that they needn't be kept. */
    static boolean isFull(long[] states, long nowNanos) {
        for (long state : states) if (!Bucket.isFull(state, nowNanos)) return false;
        return true;
    }

    /**
     * Takes a token from every bucket that the operation is counted in, or none, if one is empty.
     *
     * @param of a channel's namespace, or a method
     */
    boolean admits(long[] states, Operation operation, String of, long nowNanos) {
        int[] own = own(operation, of);
        if (!admit(own, states, nowNanos) || !admit(total, states, nowNanos)) return false;
        take(own, states, nowNanos);
        take(total, states, nowNanos);
        return true;
    }

    private int[] own(Operation operation, String of) {
        Map<String, int[]> others = overrides.get(operation);
        int[] override = others == null ? null : others.get(of);
        return override != null ? override : operations.getOrDefault(operation, Builder.NONE);
    }

    private boolean admit(int[] slots, long[] states, long nowNanos) {
        for (int slot : slots) if (!buckets[slot].admits(states[slot], nowNanos)) return false;
        return true;
    }

    private void take(int[] slots, long[] states, long nowNanos) {
        for (int slot : slots) states[slot] = buckets[slot].take(states[slot], nowNanos);
    }
}
