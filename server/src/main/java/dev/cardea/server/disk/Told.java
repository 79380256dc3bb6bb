package dev.cardea.server.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * How many transactions were told to anybody, in a file beside the database, which counts its own.
 * A database that comes back with fewer has lost something that clients have seen: it was cut off,
 * or is an older copy.
 */
final class Told implements AutoCloseable {
    private final FileChannel file;
    private final ByteBuffer number = ByteBuffer.allocate(Long.BYTES);

    private Told(FileChannel file) {
        this.file = file;
    }

    static Told open(Path path) throws IOException {
        return new Told(
                FileChannel.open(
                        path,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.READ,
                        StandardOpenOption.WRITE));
    }

    /** 0: not known. */
    long count() throws IOException {
        number.clear();
        int read = file.read(number, 0);
        return read < Long.BYTES ? 0 : number.getLong(0);
    }

    /**
     * So many are told from here on. It needn't be on the disk itself: it lives as the log does.
     */
    void count(long transactions) throws IOException {
        number.clear();
        number.putLong(transactions).flip();
        while (number.hasRemaining()) file.write(number, number.position());
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
