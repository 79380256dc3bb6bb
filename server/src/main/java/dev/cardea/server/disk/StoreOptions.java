package dev.cardea.server.disk;

import dev.cardea.server.config.PersistenceConfig.Sync;
import java.nio.file.Path;

/**
 * Where and how publications are kept.
 *
 * @param intervalNanos between two syncs of {@link Sync#INTERVAL}
 * @param maxBytes of the database; 0: as much as the disk has
 * @param maxStreams streams of which nothing but the position is left; past it the oldest go
 */
public record StoreOptions(
        Path folder, Sync sync, long intervalNanos, long maxBytes, long maxStreams) {}
