package dev.cardea.server.redis;

import java.nio.charset.StandardCharsets;

/**
 * Which of several Redis a channel is in: evenly spread, and one more moves no more channels than
 * it takes (Lamping and Veach, "A fast, minimal memory, consistent hash algorithm").
 */
final class JumpHash {
    private JumpHash() {}

    static int bucket(String channel, int buckets) {
        long key = fnv(channel.getBytes(StandardCharsets.UTF_8));
        long bucket = -1;
        long next = 0;
        while (next < buckets) {
            bucket = next;
            key = key * 2862933555777941757L + 1;
            next = (long) ((bucket + 1) * ((double) (1L << 31) / ((key >>> 33) + 1)));
        }
        return (int) bucket;
    }

    /** FNV-1a of 64 bits. */
    private static long fnv(byte[] bytes) {
        long hash = 0xcbf29ce484222325L;
        for (byte b : bytes) hash = (hash ^ (b & 0xFF)) * 0x100000001b3L;
        return hash;
    }
}
