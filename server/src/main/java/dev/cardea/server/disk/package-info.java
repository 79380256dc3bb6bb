/**
 * Channels whose history survives a restart: an SQLite database in a folder of this server's own.
 *
 * <p>One thread writes, many publications in one transaction; what is published is told to
 * subscribers and to its publisher once it is written. Nobody else waits for the disk.
 */
@NullMarked
package dev.cardea.server.disk;

import org.jspecify.annotations.NullMarked;
