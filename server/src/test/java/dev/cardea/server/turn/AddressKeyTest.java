package dev.cardea.server.turn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cardea.wire.stun.IpAddress;
import dev.cardea.wire.stun.TransportAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AddressKeyTest {
    private final AddressKey sender = new AddressKey();
    private final Map<AddressKey, String> map = new HashMap<>();

    private @Nullable String of(TransportAddress address, int scope) {
        IpAddress ip = address.ip();
        return map.get(sender.become(ip.high(), ip.low(), address.port(), scope));
    }

    /** One after the other comes and goes, and each is always found where its address has it. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void oneKeyLooksAllAddressesUp(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        List<TransportAddress> addresses = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            IpAddress ip =
                    i % 2 == 0 ? IpAddress.ofIpv4(0x0A000000 + i % 7) : new IpAddress(i % 5, 9);
            addresses.add(new TransportAddress(ip, 1000 + i));
        }
        Map<TransportAddress, String> model = new HashMap<>();
        for (int step = 0; step < 20_000; step++) {
            TransportAddress address = addresses.get(random.nextInt(addresses.size()));
            if (model.remove(address) != null) {
                map.remove(AddressKey.of(address));
            } else if (random.nextInt(3) > 0) {
                model.put(address, "at step " + step);
                map.put(AddressKey.of(address), "at step " + step);
            }
            assertThat(map).hasSameSizeAs(model);
            for (TransportAddress each : addresses)
                assertThat(of(each, 0)).isEqualTo(model.get(each));
        }
    }

    @Test
    void oneAddressOnTwoInterfacesIsTwo() {
        TransportAddress address = TransportAddress.parse("[fe80::1]:4000");
        map.put(AddressKey.of(address, 1), "first");
        map.put(AddressKey.of(address, 2), "second");
        assertThat(of(address, 1)).isEqualTo("first");
        assertThat(of(address, 2)).isEqualTo("second");
        map.remove(AddressKey.of(address, 1));
        assertThat(of(address, 1)).isNull();
        assertThat(of(address, 2)).isEqualTo("second");
    }
}
