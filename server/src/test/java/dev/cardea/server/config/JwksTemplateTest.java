package dev.cardea.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class JwksTemplateTest {
    private static final JwksTemplate TEMPLATE =
            new JwksTemplate("https://id.example/{{realm}}/keys");

    @Test
    void aVariableStandsForItsGroup() {
        assertThat(TEMPLATE.resolve(Map.of("realm", "one", "other", "x")))
                .hasToString("https://id.example/one/keys");
        assertThat(new JwksTemplate("https://id.example/keys").resolve(Map.of()))
                .hasToString("https://id.example/keys");
    }

    @Test
    void whatIsNoPartOfAnAddressIsRefused() {
        for (String value :
                new String[] {"", "..", "a/../b", "a b", "a?b", "a#b", "a@b", "a%2fb"}) {
            assertThat(TEMPLATE.resolve(Map.of("realm", value))).as(value).isNull();
        }
        assertThat(TEMPLATE.resolve(Map.of())).isNull();
    }

    @Test
    void aVariableMustBeAListOfValues() {
        assertThat(open("https://x/(?P<realm>one|two\\.three|4)")).isNull();
        assertThat(open("https://x/(?<realm>one)$")).isNull();
        for (String group :
                new String[] {
                    ".+", "[a-z]+", "a|b*", "a|\\w", "(a|b)", "a{3}", "a?", "", "^", "\\pL", "a|."
                }) {
            assertThat(open("https://x/(?P<realm>" + group + ")")).as(group).isNotNull();
        }
        assertThat(open("https://x/(one|two)")).contains("realm is no group");
    }

    @Test
    void theStartIsStoppedUnlessTheOperatorInsists() throws BadConfig {
        String yaml =
                "client: {token: {jwks_public_endpoint: 'https://{{h}}/keys',"
                        + " issuer_regex: '(?P<h>.+)'%s}}";
        assertThat(Load.problems(yaml.formatted("")))
                .containsExactly(
                        "c.yaml:1: client.token.jwks_public_endpoint h stands for \".+\"; expected a"
                                + " list such as one|two|three");
        String insists = ", insecure_skip_jwks_endpoint_safety_check: true";
        assertThat(Load.warnings(yaml.formatted(insists))).hasSize(1);
    }

    @Test
    void theAddressMustBeOne() {
        assertThat(Load.problems("client: {token: {jwks_public_endpoint: 'ftp://x/keys'}}"))
                .containsExactly(
                        "c.yaml:1: client.token.jwks_public_endpoint is \"ftp://x/keys\"; expected an"
                                + " address with http or https");
    }

    private static @Nullable String open(String issuerRegex) {
        return TEMPLATE.openVariable(issuerRegex, "");
    }
}
