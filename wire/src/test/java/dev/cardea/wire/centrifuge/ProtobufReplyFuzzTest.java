package dev.cardea.wire.centrifuge;

import com.code_intelligence.jazzer.junit.FuzzTest;

class ProtobufReplyFuzzTest {
    @FuzzTest(maxDuration = "1m")
    void anyBytesAreRefusedOrWrittenAgain(byte[] input) {
        Fuzzed.replies(Encoding.PROTOBUF, input);
    }
}
