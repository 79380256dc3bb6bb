package dev.cardea.server.config;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class DamagedFileTest {
    private static final String JSON =
            "{\"client\":{\"token\":{\"hmac_secret_key\":\"x\"},\"ping_interval\":\"25s\","
                    + "\"allowed_origins\":[\"*\"]},\"channel\":{\"namespaces\":[{\"name\":\"chat\"}]}}";
    private static final String TOML =
            "event_loops = 2\n[client]\nping_interval = \"25s\"\n[[channel.namespaces]]\nname = 'ab'\n";

    @Test
    void aDamagedFileIsReadOrRefusedAndNothingElse() {
        long seed = System.nanoTime();
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < 100; i++) {
            tryOne("c.yaml", damaged(DefaultFile.yaml(), random), seed);
            tryOne("c.json", damaged(JSON, random), seed);
            tryOne("c.toml", damaged(TOML, random), seed);
        }
    }

    private static String damaged(String text, SplittableRandom random) {
        StringBuilder damaged = new StringBuilder(text);
        for (int i = random.nextInt(1, 8); i > 0; i--) {
            int at = random.nextInt(damaged.length());
            switch (random.nextInt(4)) {
                case 0 -> damaged.deleteCharAt(at);
                case 1 -> damaged.insert(at, (char) random.nextInt(0x100));
                case 2 ->
                        damaged.setCharAt(at, "{}[]:,&*!\"'\n\t-<#%\0".charAt(random.nextInt(18)));
                default ->
                        damaged.insert(
                                at, damaged.substring(at, Math.min(at + 40, damaged.length())));
            }
        }
        return damaged.toString();
    }

    private static void tryOne(String name, String text, long seed) {
        try {
            ConfigLoader.text(name, text).load();
        } catch (BadConfig e) {
            // as it should be
        } catch (RuntimeException | Error e) {
            throw new AssertionError("seed " + seed + "\n" + text, e);
        }
    }
}
