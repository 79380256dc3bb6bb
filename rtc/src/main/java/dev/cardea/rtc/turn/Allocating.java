package dev.cardea.rtc.turn;

import dev.cardea.wire.stun.StunAttribute;
import dev.cardea.wire.stun.StunError;
import dev.cardea.wire.stun.StunReader;
import dev.cardea.wire.stun.StunWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Allocate and Refresh, in the order of RFC 8656 sections 7.2 and 8.2. */
final class Allocating {
    private static final int DEFAULT_LIFETIME_SECONDS = 600;
    private static final int MAX_LIFETIME_SECONDS = 3600;
    private static final int UDP = 17;
    private static final int TCP = 6;

    private final TurnOptions options;
    private final Relays relays;
    private final TokenBucket loopBandwidth;

    Allocating(TurnOptions options, Relays relays, TokenBucket loopBandwidth) {
        this.options = options;
        this.relays = relays;
        this.loopBandwidth = loopBandwidth;
    }

    /** What was asked for. */
    private record Wish(
            boolean overTcp,
            List<Family> families,
            boolean isEither,
            Relays.Port port,
            long token) {}

    /** Writes the attributes of the success. */
    Answer allocate(
            StunReader request, StunWriter out, Client client, Account account, long nowNanos) {
        if (!request.has(StunAttribute.REQUESTED_TRANSPORT))
            return refused(StunError.BAD_REQUEST, "it has no REQUESTED-TRANSPORT");
        int transport = request.firstOfFour(StunAttribute.REQUESTED_TRANSPORT);
        if (transport != UDP && (transport != TCP || !options.hasTcpRelays()))
            return refused(
                    StunError.TRANSPORT_NOT_SUPPORTED,
                    "it asks for a relay over protocol " + transport);
        if (transport == TCP && !client.isStream())
            return refused(StunError.BAD_REQUEST, "it asks over UDP for a relay over TCP");
        if (request.has(StunAttribute.DONT_FRAGMENT) && !relays.supportsDontFragment())
            return refused(StunError.UNKNOWN_ATTRIBUTE, "DONT-FRAGMENT isn't supported here");
        String conflict = conflict(request, transport == TCP);
        if (!conflict.isEmpty()) return refused(StunError.BAD_REQUEST, conflict);
        Wish wish = wish(request, transport == TCP);
        for (Family each : wish.families()) {
            if (!relays.supports(each) && !wish.isEither())
                return refused(
                        StunError.FAMILY_NOT_SUPPORTED, "there are no relays of " + each + " here");
        }
        String quota = options.quotas().take(account.user());
        if (!quota.isEmpty()) return refused(StunError.QUOTA_REACHED, quota);
        Answer answer = open(request, out, client, account, wish, nowNanos);
        if (client.allocation() == null) options.quotas().give(account.user());
        return answer;
    }

    /** What can't be asked for together, or an empty text. */
    private static String conflict(StunReader request, boolean overTcp) {
        boolean even = request.has(StunAttribute.EVEN_PORT);
        boolean additional = request.has(StunAttribute.ADDITIONAL_ADDRESS_FAMILY);
        boolean requested = request.has(StunAttribute.REQUESTED_ADDRESS_FAMILY);
        if (request.has(StunAttribute.RESERVATION_TOKEN) && (even || additional || requested))
            return "it has a RESERVATION-TOKEN together with what the reserved port has already";
        if (additional && requested) return "it asks for one address family and for both";
        if (additional
                && request.firstOfFour(StunAttribute.ADDITIONAL_ADDRESS_FAMILY)
                        != Family.IPV6.number()) return "an additional family other than IPv6";
        if (additional && even && (request.uint8(StunAttribute.EVEN_PORT) & 0x80) != 0)
            return "it asks for a port to be reserved, and for both address families";
        if (overTcp
                && (even
                        || request.has(StunAttribute.RESERVATION_TOKEN)
                        || request.has(StunAttribute.DONT_FRAGMENT)))
            return "it asks for what relays over TCP don't have"; // RFC 6062 section 5.1
        return "";
    }

    private static Wish wish(StunReader request, boolean overTcp) {
        Relays.Port port = Relays.Port.ANY;
        if (request.has(StunAttribute.EVEN_PORT)) {
            boolean andNext = (request.uint8(StunAttribute.EVEN_PORT) & 0x80) != 0;
            port = andNext ? Relays.Port.EVEN_AND_NEXT : Relays.Port.EVEN;
        }
        long token =
                request.has(StunAttribute.RESERVATION_TOKEN)
                        ? request.int64(StunAttribute.RESERVATION_TOKEN)
                        : 0;
        if (request.has(StunAttribute.ADDITIONAL_ADDRESS_FAMILY))
            return new Wish(overTcp, List.of(Family.IPV4, Family.IPV6), true, port, token);
        Family family = Family.IPV4;
        if (request.has(StunAttribute.REQUESTED_ADDRESS_FAMILY)) {
            family = Family.of(request.firstOfFour(StunAttribute.REQUESTED_ADDRESS_FAMILY));
        }
        // an unknown family is like one that there are no relays of
        List<Family> families = family == null ? List.of() : List.of(family);
        return new Wish(overTcp, families, false, port, token);
    }

    private Answer open(
            StunReader request,
            StunWriter out,
            Client client,
            Account account,
            Wish wish,
            long nowNanos) {
        if (wish.families().isEmpty())
            return refused(StunError.FAMILY_NOT_SUPPORTED, "no such address family");
        Allocation allocation =
                new Allocation(
                        client, account, wish.overTcp(), options, relays, loopBandwidth, nowNanos);
        List<Family> missing = new ArrayList<>();
        long token = 0;
        for (Family each : wish.families()) {
            Relays.Opened opened =
                    relays.supports(each) ? open(allocation, each, wish, nowNanos) : null;
            if (opened == null) {
                missing.add(each);
                continue;
            }
            Relay relay = opened.relay();
            allocation.add(Family.of(relay.address().ip()), relay);
            out.putAddress(StunAttribute.XOR_RELAYED_ADDRESS, relay.address());
            if (opened.token() != 0) token = opened.token();
        }
        if (allocation.relayedAddresses().isEmpty())
            return refused(
                    StunError.INSUFFICIENT_CAPACITY,
                    wish.token() != 0
                            ? "no port is reserved with its token"
                            : "there is no such port left (relay.ports)");
        for (Family each : missing) out.putAddressError(each.number(), reasonOf(each));
        int lifetimeSeconds = lifetimeSeconds(request);
        allocation.refresh(TimeUnit.SECONDS.toNanos(lifetimeSeconds), nowNanos);
        out.putInt32(StunAttribute.LIFETIME, lifetimeSeconds);
        if (token != 0) out.putInt64(StunAttribute.RESERVATION_TOKEN, token);
        out.putAddress(StunAttribute.XOR_MAPPED_ADDRESS, client.address());
        client.hold(allocation);
        return new Answer.Granted("relayed address " + allocation.relayedAddresses());
    }

    private StunError reasonOf(Family missing) {
        return relays.supports(missing)
                ? StunError.INSUFFICIENT_CAPACITY
                : StunError.FAMILY_NOT_SUPPORTED;
    }

    private Relays.@Nullable Opened open(
            Allocation owner, Family family, Wish wish, long nowNanos) {
        if (wish.overTcp()) {
            Relay relay = relays.openTcp(owner, family);
            return relay == null ? null : new Relays.Opened(relay, 0);
        }
        return wish.token() != 0
                ? relays.openReserved(owner, wish.token(), nowNanos)
                : relays.open(owner, family, wish.port(), nowNanos);
    }

    private static int lifetimeSeconds(StunReader request) {
        if (!request.has(StunAttribute.LIFETIME)) return DEFAULT_LIFETIME_SECONDS;
        long wished = Integer.toUnsignedLong(request.int32(StunAttribute.LIFETIME));
        return Math.clamp(wished, DEFAULT_LIFETIME_SECONDS, MAX_LIFETIME_SECONDS);
    }

    /** A lifetime of 0 ends the allocation, or the one of its addresses that is named. */
    Answer refresh(StunReader request, StunWriter out, Allocation allocation, long nowNanos) {
        Family family = null;
        if (request.has(StunAttribute.REQUESTED_ADDRESS_FAMILY)) {
            family = Family.of(request.firstOfFour(StunAttribute.REQUESTED_ADDRESS_FAMILY));
            if (family == null || allocation.relay(family) == null)
                return refused(
                        StunError.PEER_FAMILY_MISMATCH,
                        "the allocation has no address of this family");
        }
        boolean ends =
                request.has(StunAttribute.LIFETIME) && request.int32(StunAttribute.LIFETIME) == 0;
        if (ends && family != null && allocation.hasBoth()) {
            allocation.drop(family);
            out.putInt32(StunAttribute.LIFETIME, 0);
            return new Answer.Granted("one address less");
        }
        int seconds = ends ? 0 : lifetimeSeconds(request);
        allocation.refresh(TimeUnit.SECONDS.toNanos(seconds), nowNanos);
        out.putInt32(StunAttribute.LIFETIME, seconds);
        return new Answer.Granted(ends ? "the end" : seconds + " s more");
    }

    private static Answer refused(StunError error, String why) {
        return Answer.refused(error, why);
    }
}
