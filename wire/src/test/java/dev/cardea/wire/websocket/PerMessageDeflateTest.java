package dev.cardea.wire.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PerMessageDeflateTest {
    private static final String AGREED =
            "permessage-deflate; server_no_context_takeover; client_no_context_takeover";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "permessage-deflate; client_max_window_bits", // Chromium, Firefox, ws
                "permessage-deflate",
                "PerMessage-Deflate ; Client_Max_Window_Bits=10",
                "permessage-deflate; client_max_window_bits=\"8\"",
                "permessage-deflate; server_no_context_takeover; client_no_context_takeover",
                "x-webkit-deflate-frame, permessage-deflate",
                "permessage-deflate; server_max_window_bits=10, permessage-deflate",
            })
    void offersThatAreAgreedTo(String offer) {
        assertThat(PerMessageDeflate.answer(List.of(offer))).isEqualTo(AGREED);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "permessage-deflate-2",
                "permessage-deflate; server_max_window_bits=8",
                "permessage-deflate; server_max_window_bits=14",
                "permessage-deflate; server_max_window_bits",
                "permessage-deflate; server_max_window_bits=16",
                "permessage-deflate; client_max_window_bits=16",
                "permessage-deflate; client_max_window_bits=7",
                "permessage-deflate; client_max_window_bits=08",
                "permessage-deflate; client_max_window_bits=",
                "permessage-deflate; server_no_context_takeover=1",
                "permessage-deflate; client_no_context_takeover=true",
                "permessage-deflate; server_no_context_takeover; server_no_context_takeover",
                "permessage-deflate; something",
                "permessage-deflate;",
                "permessage-bzip2",
            })
    void offersThatAreDeclined(String offer) {
        assertThat(PerMessageDeflate.answer(List.of(offer))).isNull();
    }

    @Test
    void aWindowThatWasAskedForIsSaidAgain() {
        assertThat(
                        PerMessageDeflate.answer(
                                List.of("permessage-deflate; server_max_window_bits=15")))
                .isEqualTo(AGREED + "; server_max_window_bits=15");
    }

    @Test
    void theFirstOfferInAnyHeaderLineThatCanBeKeptIsAgreedTo() {
        assertThat(
                        PerMessageDeflate.answer(
                                List.of(
                                        "foo; bar=1",
                                        "permessage-deflate; server_max_window_bits=9",
                                        "permessage-deflate; server_max_window_bits=15,"
                                                + " permessage-deflate")))
                .endsWith("server_max_window_bits=15");
        assertThat(PerMessageDeflate.answer(List.of())).isNull();
    }
}
