package dev.cardea.server.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class KeptHeadersTest {
    @Test
    void onlyWhatWasAskedForIsKept() {
        KeptHeaders kept = new KeptHeaders(List.of("Cookie", "X-Tenant"));
        HttpHeaders headers =
                new DefaultHttpHeaders()
                        .add("COOKIE", "a=1")
                        .add("cookie", "b=2")
                        .add("Authorization", "secret")
                        .add("x-tenant", "one")
                        .add("x-tenant", "two");
        assertThat(kept.in(head(headers)))
                .isEqualTo(Map.of("cookie", "a=1; b=2", "x-tenant", "one, two"));
        assertThat(KeptHeaders.NONE.in(head(headers))).isEmpty();
    }

    @Test
    void whatIsTooLongIsLeftOut() {
        KeptHeaders kept = new KeptHeaders(List.of("a", "b"));
        HttpHeaders headers = new DefaultHttpHeaders().add("a", "1").add("b", "x".repeat(20_000));
        assertThat(kept.in(head(headers))).isEqualTo(Map.of("a", "1"));
    }

    private static RequestHead head(HttpHeaders headers) {
        return RequestHead.of("GET", "/", headers, new InetSocketAddress(1));
    }
}
