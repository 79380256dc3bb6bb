package dev.cardea.wire.centrifuge;

import com.code_intelligence.jazzer.junit.FuzzTest;

class ProtobufCommandFuzzTest {
    @FuzzTest(maxDuration = "1m")
    void anyBytesAreRefusedOrWrittenAgain(byte[] input) {
        Fuzzed.commands(Encoding.PROTOBUF, input);
    }
}
