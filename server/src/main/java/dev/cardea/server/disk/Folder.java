package dev.cardea.server.disk;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A folder that belongs to one process for as long as it has it open. */
final class Folder implements AutoCloseable {
    private static final String DATABASE = "cardea.db";
    private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");

    private final Path path;
    private final FileChannel lock;

    private Folder(Path path, FileChannel lock) {
        this.path = path;
        this.lock = lock;
    }

    /**
     * Makes it where it isn't there.
     *
     * @throws StoreRefused another process has it, or it can't be written to
     */
    static Folder take(Path path) {
        try {
            Files.createDirectories(path);
            FileChannel file =
                    FileChannel.open(
                            path.resolve("lock"),
                            StandardOpenOption.CREATE,
                            StandardOpenOption.WRITE);
            if (isLocked(file)) return new Folder(path, file);
            file.close();
        } catch (IOException e) {
            throw new StoreRefused(
                    "persistence.path is %s, which can't be written to (%s); expected a folder that this"
                                    .formatted(path, e)
                            + " server may make files in",
                    e);
        }
        throw new StoreRefused(
                "persistence.path is %s, which another server has open; expected a folder for each server"
                        .formatted(path));
    }

    private static boolean isLocked(FileChannel file) throws IOException {
        try {
            FileLock lock = file.tryLock();
            return lock != null;
        } catch (OverlappingFileLockException _) {
            return false; // this very process
        }
    }

    Path database() {
        return path.resolve(DATABASE);
    }

    /** What is written first, and copied into the database later. */
    Path writeAheadLog() {
        return path.resolve(DATABASE + "-wal");
    }

    /** See {@link Told}. */
    Path told() {
        return path.resolve("told");
    }

    /** Which file it is: a copy of it is another one. Empty: the file system doesn't say. */
    String databaseFile() throws IOException {
        Object key = Files.readAttributes(database(), BasicFileAttributes.class).fileKey();
        return Objects.toString(key, "");
    }

    /** Which life of the machine this is; null: unknown. */
    static @Nullable String bootId() {
        try {
            return Files.readString(BOOT_ID).strip();
        } catch (IOException _) {
            return null; // no Linux
        }
    }

    @Override
    public void close() {
        try {
            lock.close();
        } catch (IOException _) {
            // it is given back when the process ends
        }
    }
}
