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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UdpClientsTest {
    private static final TransportAddress HERE = TransportAddress.parse("127.0.0.1:0");

    private final IdleTurnLoop idle = new IdleTurnLoop();
    private @Nullable UdpDoor door;

    @BeforeEach
    void open() throws Exception {
        door = UdpDoor.open(idle.loop(), HERE, false);
    }

    @AfterEach
    void close() {
        idle.close();
    }

    private UdpClient client(TransportAddress address, int scope) {
        if (door == null) throw new IllegalStateException("not open");
        return new UdpClient(door, address, scope);
    }

    /** One after the other comes and goes, and each is always found where a map has it. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void isAMap(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        List<TransportAddress> addresses = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            IpAddress ip =
                    i % 2 == 0 ? IpAddress.ofIpv4(0x0A000000 + i % 7) : new IpAddress(i % 5, 9);
            addresses.add(new TransportAddress(ip, 1000 + i));
        }
        UdpClients table = new UdpClients(seed);
        Map<TransportAddress, UdpClient> model = new HashMap<>();
        for (int step = 0; step < 20_000; step++) {
            TransportAddress address = addresses.get(random.nextInt(addresses.size()));
            UdpClient known = model.get(address);
            if (known != null) {
                table.remove(known);
                model.remove(address);
                table.remove(known); // it is gone: nothing happens
            } else if (random.nextInt(3) > 0) {
                UdpClient next = client(address, 0);
                table.add(next);
                model.put(address, next);
            }
            assertThat(table.size()).isEqualTo(model.size());
            for (TransportAddress each : addresses) {
                long high = each.ip().high();
                long low = each.ip().low();
                if (table.of(high, low, each.port(), 0) != model.get(each))
                    throw new AssertionError(each + " at step " + step);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(longs = 5)
    void oneAddressOnTwoInterfacesIsTwoClients(long seed) {
        TransportAddress address = TransportAddress.parse("[fe80::1]:4000");
        UdpClients table = new UdpClients(seed);
        UdpClient first = client(address, 1);
        UdpClient second = client(address, 2);
        table.add(first);
        table.add(second);
        IpAddress ip = address.ip();
        assertThat(table.of(ip.high(), ip.low(), 4000, 1)).isSameAs(first);
        assertThat(table.of(ip.high(), ip.low(), 4000, 2)).isSameAs(second);
        table.remove(first);
        assertThat(table.of(ip.high(), ip.low(), 4000, 1)).isNull();
        assertThat(table.of(ip.high(), ip.low(), 4000, 2)).isSameAs(second);
    }
}
