package dev.cardea.server.turn;

import io.netty.channel.ChannelConfig;
import io.netty.channel.DefaultMaxMessagesRecvByteBufAllocator;
import io.netty.util.UncheckedBooleanSupplier;
import java.util.function.IntSupplier;

/**
 * How many datagrams a socket asks the kernel for at once. To ask for many costs something for each
 * of them, whether they are there or not; so it is twice as many as the last time while they all
 * come, and half as many while they don't. A single one, which is the cheapest, becomes two when
 * the socket has something in two wake-ups on end. It asks again only where as many came as it
 * asked for: where fewer did, the next look would find nothing.
 */
final class DatagramReads extends DefaultMaxMessagesRecvByteBufAllocator {
    private static final int MAX_BY_WAKE_UP = 64;

    private final int datagramBytes;
    private final int maxAtOnce;
    private final IntSupplier wakeUps;

    /**
     * @param datagramBytes of the longest datagram
     * @param maxAtOnce a power of two
     * @param wakeUps the number of the loop's wake-up
     */
    DatagramReads(int datagramBytes, int maxAtOnce, IntSupplier wakeUps) {
        super(MAX_BY_WAKE_UP);
        this.datagramBytes = datagramBytes;
        this.maxAtOnce = maxAtOnce;
        this.wakeUps = wakeUps;
    }

    @Override
    public MaxMessageHandle newHandle() {
        return new Reads();
    }

    private final class Reads extends MaxMessageHandle {
        private int atOnce = 1;
        private boolean mayBeMore;
        private int lastWakeUp;
        private boolean isOnEnd;

        @Override
        public void reset(ChannelConfig config) {
            super.reset(config);
            int wakeUp = wakeUps.getAsInt();
            isOnEnd = wakeUp == lastWakeUp + 1;
            lastWakeUp = wakeUp;
        }

        @Override
        public int guess() {
            return atOnce * datagramBytes;
        }

        @Override
        public void lastBytesRead(int bytes) {
            super.lastBytesRead(bytes);
            // of several the kernel's answer is in whole datagrams, of a single one its length
            int came = Math.ceilDiv(bytes, datagramBytes);
            boolean all = came >= atOnce;
            mayBeMore = all && atOnce > 1;
            if (all && (mayBeMore || isOnEnd)) atOnce = Math.min(2 * atOnce, maxAtOnce);
            else if (2 * came <= atOnce) atOnce = Math.max(1, atOnce / 2);
        }

        @Override
        public boolean continueReading(UncheckedBooleanSupplier unused) {
            return mayBeMore && super.continueReading(unused);
        }
    }
}
