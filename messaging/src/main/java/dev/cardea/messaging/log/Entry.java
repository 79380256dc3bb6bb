package dev.cardea.messaging.log;

import dev.cardea.wire.Bytes;
import dev.cardea.wire.centrifuge.ClientInfo;
import dev.cardea.wire.centrifuge.Publication;
import dev.cardea.wire.centrifuge.Push;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One slot of a log. Its content is immutable; its frames are made on first use and its memory is
 * accounted for until the log lets go of it. Readers may hold it for as long as they like: it is
 * garbage-collected.
 */
public final class Entry {
    /**
     * What an entry costs beside its payload and frames: objects, headers, the slot. An estimate.
     */
    private static final int OVERHEAD_BYTES = 192;

    /** What the room for encodings beyond {@link Encoding#COMMON} costs, once one is used. */
    public static final int OTHER_FRAMES_BYTES = 16 + 4 * (Encoding.MAX - Encoding.COMMON);

    private static final int RELEASED = -1;

    private static final VarHandle FRAME = MethodHandles.arrayElementVarHandle(Frame[].class);
    private static final VarHandle OTHER_FRAMES;
    private static final VarHandle CHARGED;

    static {
        try {
            OTHER_FRAMES =
                    MethodHandles.lookup().findVarHandle(Entry.class, "otherFrames", Frame[].class);
            CHARGED = MethodHandles.lookup().findVarHandle(Entry.class, "chargedBytes", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final long sequence;
    private final Push push;

    /** What is told in the same message behind {@link #push}. */
    private final List<Push> more;

    private final @Nullable Base base;
    private final MemoryBudget budget;
    private final long appendedNanos;
    private final int payloadBytes;
    private final @Nullable Frame[] frames = new Frame[Encoding.COMMON];

    /** In the other encodings; null until one of them is used. */
    private volatile @Nullable Frame @Nullable [] otherFrames;

    /** Bytes taken from the budget, or {@link #RELEASED}. */
    private int chargedBytes;

    /** How many ranges (history, window) hold this entry; guarded by the log's lock. */
    private int holders;

    /** Its data, once another entry may be sent as a patch of it; guarded by the log's lock. */
    private @Nullable SharedMemory sharedData;

    Entry(long sequence, Push push, MemoryBudget budget, long nowNanos) {
        this(sequence, push, null, budget, nowNanos);
    }

    /**
     * @param base null: it is never sent as a patch
     */
    Entry(long sequence, Push push, @Nullable Base base, MemoryBudget budget, long nowNanos) {
        this(sequence, push, List.of(), base, budget, nowNanos);
    }

    /** One message of several joins and leaves. */
    Entry(long sequence, List<Push> pushes, MemoryBudget budget, long nowNanos) {
        this(
                sequence,
                pushes.getFirst(),
                pushes.size() == 1 ? List.of() : pushes.subList(1, pushes.size()),
                null,
                budget,
                nowNanos);
    }

    private Entry(
            long sequence,
            Push push,
            List<Push> more,
            @Nullable Base base,
            MemoryBudget budget,
            long nowNanos) {
        this.sequence = sequence;
        this.push = push;
        this.more = more;
        this.base = base;
        this.budget = budget;
        this.appendedNanos = nowNanos;
        this.payloadBytes = OVERHEAD_BYTES + payloadBytes(push) + payloadBytes(more);
        this.chargedBytes = payloadBytes;
        budget.charge(chargedBytes);
        if (base != null) base.memory().hold(); // it may outlive its own entry
    }

    /** Its place in the log; cursors follow it. It is no protocol offset. */
    public long sequence() {
        return sequence;
    }

    public Push push() {
        return push;
    }

    /** What else the same message tells: joins and leaves only, and mostly nothing. */
    public List<Push> more() {
        return more;
    }

    /** The publication inside, or null for a join or leave. */
    public @Nullable Publication publication() {
        return push instanceof Push.Pub pub ? pub.publication() : null;
    }

    /** What it may be sent as a patch of; null: it is always sent whole. */
    public @Nullable Base base() {
        return base;
    }

    /** Another entry holds on to its data. Under the log's lock, while the log holds this one. */
    SharedMemory shareData(Bytes data) {
        if (sharedData == null) sharedData = new SharedMemory(data.length());
        return sharedData;
    }

    /** Joins and leaves go to those cursors only that asked for them. */
    public boolean isPresenceEvent() {
        return !(push instanceof Push.Pub);
    }

    /** The protocol offset; 0 for entries that history doesn't hold. */
    public long offset() {
        return push instanceof Push.Pub pub ? pub.publication().offset() : 0;
    }

    public long appendedNanos() {
        return appendedNanos;
    }

    /** The finished frame; made by whoever comes first. Two loops may race: one result is kept. */
    public Frame frame(Encoding encoding) {
        int index = encoding.index();
        if (index >= Encoding.COMMON) return otherFrame(encoding, index - Encoding.COMMON);
        Frame frame = (Frame) FRAME.getAcquire(frames, index);
        return frame != null ? frame : makeFrame(encoding, frames, index);
    }

    private Frame otherFrame(Encoding encoding, int index) {
        @Nullable Frame[] others = otherFrames;
        if (others == null) {
            @Nullable Frame[] made = new Frame[Encoding.MAX - Encoding.COMMON];
            if (OTHER_FRAMES.compareAndSet(this, null, made)) {
                others = made;
                charge(OTHER_FRAMES_BYTES);
            } else {
                others = otherFrames;
            }
        }
        if (others == null) throw new AssertionError("they were made");
        Frame frame = (Frame) FRAME.getAcquire(others, index);
        return frame != null ? frame : makeFrame(encoding, others, index);
    }

    private Frame makeFrame(Encoding encoding, @Nullable Frame[] slots, int index) {
        Frame made = encoding.encode(push.channel(), this);
        // An encoding may fall back on another's frame, which is counted there.
        boolean isKept = isKept(made);
        Frame other = (Frame) FRAME.compareAndExchange(slots, index, null, made);
        if (other != null) return other;
        if (!isKept) charge(made.lengthBytes());
        return made;
    }

    @SuppressWarnings("ReferenceEquality") // the very frame, not one like it
    private boolean isKept(Frame made) {
        for (Frame frame : frames) if (frame == made) return true;
        @Nullable Frame[] others = otherFrames;
        if (others == null) return false;
        for (Frame frame : others) if (frame == made) return true;
        return false;
    }

    private void charge(int bytes) {
        for (int charged = (int) CHARGED.getVolatile(this); charged != RELEASED; ) {
            int witness = (int) CHARGED.compareAndExchange(this, charged, charged + bytes);
            if (witness == charged) {
                budget.charge(bytes);
                return;
            }
            charged = witness;
        }
    }

    /**
     * What it counts for in the bounds of window and history: the payload, without frames that are
     * made later.
     */
    int payloadBytes() {
        return payloadBytes;
    }

    /** What it takes of the budget now, frames included; 0 once released. */
    public int chargedBytes() {
        return Math.max(0, (int) CHARGED.getVolatile(this));
    }

    void hold() {
        holders++;
    }

    void release() {
        if (--holders > 0) return;
        int charged = (int) CHARGED.getAndSet(this, RELEASED);
        if (charged == RELEASED) return;
        int kept = sharedData == null ? 0 : sharedData.bytes() - sharedData.release();
        int ofBase = base == null ? 0 : base.memory().release();
        budget.charge(kept - charged - ofBase);
    }

    private static int payloadBytes(List<Push> pushes) {
        int bytes = 0;
        for (Push push : pushes) bytes += payloadBytes(push);
        return bytes;
    }

    private static int payloadBytes(Push push) {
        return switch (push) {
            case Push.Pub(_, Publication publication) -> payloadBytes(publication);
            case Push.Join(_, ClientInfo info) -> payloadBytes(info);
            case Push.Leave(_, ClientInfo info) -> payloadBytes(info);
            case Push.Message(Bytes data) -> data.length();
            case Push.Unsubscribe _,
                    Push.Subscribe _,
                    Push.Connect _,
                    Push.Disconnect _,
                    Push.Refresh _ ->
                    0;
        };
    }

    private static int payloadBytes(Publication publication) {
        int bytes = publication.data().length();
        for (var tag : publication.tags().entrySet())
            bytes += 64 + tag.getKey().length() + tag.getValue().length();
        return publication.info() == null ? bytes : bytes + payloadBytes(publication.info());
    }

    private static int payloadBytes(ClientInfo info) {
        return 64
                + info.user().length()
                + info.client().length()
                + info.connInfo().length()
                + info.chanInfo().length();
    }
}
