package dev.cardea.wire.websocket;

import dev.cardea.wire.Bytes;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** Writes down what a reader says, and stops it when told to. */
final class Recording implements FrameListener {
    sealed interface Event {}

    record Message(boolean text, Bytes payload) implements Event {}

    record Ping(Bytes payload) implements Event {}

    record Pong(Bytes payload) implements Event {}

    record Close(int code, String reason) implements Event {}

    record Failed(int closeCode) implements Event {}

    final List<Event> events = new ArrayList<>();
    boolean stopping;

    /** Reads all of it at once; an error becomes the last event. */
    static List<Event> whole(FrameReader reader, byte[] bytes) {
        Recording recording = new Recording();
        recording.feed(reader, ByteBuffer.wrap(bytes.clone()));
        return recording.events;
    }

    /** Reads it one byte at a time, each in a buffer of its own. */
    static List<Event> byteByByte(FrameReader reader, byte[] bytes) {
        Recording recording = new Recording();
        for (byte one : bytes) {
            if (!recording.feed(reader, ByteBuffer.wrap(new byte[] {one}))) break;
        }
        return recording.events;
    }

    /** Returns false after an error. */
    boolean feed(FrameReader reader, ByteBuffer in) {
        try {
            reader.read(in, this);
            return true;
        } catch (ProtocolError e) {
            events.add(new Failed(e.closeCode()));
            return false;
        }
    }

    static Message text(String payload) {
        return new Message(true, Bytes.utf8(payload));
    }

    static byte[] hex(String text) {
        return HexFormat.of().parseHex(text.replaceAll("[\\s|]", ""));
    }

    @Override
    public boolean message(boolean text, ByteBuffer payload) {
        events.add(new Message(text, Bytes.copyOf(payload)));
        return !stopping;
    }

    @Override
    public boolean ping(ByteBuffer payload) {
        events.add(new Ping(Bytes.copyOf(payload)));
        return !stopping;
    }

    @Override
    public boolean pong(ByteBuffer payload) {
        events.add(new Pong(Bytes.copyOf(payload)));
        return !stopping;
    }

    @Override
    public void close(int code, String reason) {
        events.add(new Close(code, reason));
    }
}
