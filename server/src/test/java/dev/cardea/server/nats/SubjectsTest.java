package dev.cardea.server.nats;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class SubjectsTest {
    @Test
    void aChannelIsOneTokenWhateverIsInItsName() {
        assertThat(Subjects.token("news-1_A")).isEqualTo("news-1_A");
        assertThat(Subjects.token("a.b c*>")).isEqualTo("a=2Eb=20c=2A=3E");
        assertThat(Subjects.token("=")).isEqualTo("=3D");
        assertThat(Subjects.token("é\n")).isEqualTo("=C3=A9=0A");
        assertThat(Subjects.token("")).isEqualTo("=");
        Subjects subjects = new Subjects("p.q");
        assertThat(subjects.log("ns", "ns:x.y")).isEqualTo("p.q.log.ns.ns=3Ax=2Ey");
        assertThat(subjects.logStream("")).isEqualTo("p=2Eq-log-=");
    }

    @Test
    void longNamesAreBoundedAndStayApart() {
        String name = "漢".repeat(5_000);
        String token = Subjects.token(name);
        assertThat(token).hasSizeLessThan(1_001).matches("[A-Za-z0-9_=-]+");
        assertThat(Subjects.token(name + "x")).isNotEqualTo(token);
    }

    @Test
    void differentNamesHaveDifferentTokens() {
        List<String> parts = List.of(".", "=", "==", "=2E", "a", "2E", "*", ">", " ", "é", "~", "");
        SplittableRandom random = new SplittableRandom(5);
        Map<String, String> names = new HashMap<>();
        for (int i = 0; i < 50_000; i++) {
            StringBuilder name = new StringBuilder();
            for (int j = random.nextInt(1, 6); j > 0; j--)
                name.append(parts.get(random.nextInt(parts.size())));
            String token = Subjects.token(name.toString());
            assertThat(token).matches("[A-Za-z0-9_=-]+");
            String same = names.put(token, name.toString());
            if (same != null) assertThat(same).isEqualTo(name.toString());
        }
    }
}
