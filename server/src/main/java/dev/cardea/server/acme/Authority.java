package dev.cardea.server.acme;

import dev.cardea.server.tls.CertificateRequest;
import dev.cardea.server.tls.TlsMaterial;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.security.KeyPair;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.shredzone.acme4j.AccountBuilder;
import org.shredzone.acme4j.Authorization;
import org.shredzone.acme4j.Login;
import org.shredzone.acme4j.Order;
import org.shredzone.acme4j.Problem;
import org.shredzone.acme4j.Session;
import org.shredzone.acme4j.Status;
import org.shredzone.acme4j.challenge.Http01Challenge;
import org.shredzone.acme4j.connector.NetworkSettings;
import org.shredzone.acme4j.exception.AcmeException;
import org.shredzone.acme4j.exception.AcmeNetworkException;
import org.shredzone.acme4j.exception.AcmeRateLimitedException;
import org.shredzone.acme4j.provider.GenericAcmeProvider;

/** Asks an authority for a certificate, step by step as in RFC 8555 section 7.1. Blocks. */
final class Authority {
    private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(20);

    /** For an authority to look at one name, or to issue. */
    private static final Duration STEP_TIMEOUT = Duration.ofMinutes(2);

    private final URI directory;
    private final SSLContext tls;
    private final String email;
    private final List<String> names;

    /**
     * @param tls who is trusted to be the authority
     * @param email empty: none
     */
    Authority(URI directory, SSLContext tls, String email, List<String> names) {
        this.directory = directory;
        this.tls = tls;
        this.email = email;
        this.names = List.copyOf(names);
    }

    /**
     * A certificate for all names, with a key of its own.
     *
     * @param account the key that the authority knows us by, or will from now on
     */
    TlsMaterial issue(KeyPair account, Challenges challenges)
            throws AcmeFailure, InterruptedException {
        Session session = new Session(directory, new Trusting());
        session.networkSettings().setTimeout(REQUEST_TIMEOUT);
        try {
            Order order = login(session, account).newOrder().domains(names).create();
            for (Authorization each : order.getAuthorizations()) prove(each, challenges);
            if (order.waitUntilReady(STEP_TIMEOUT) == Status.INVALID) throw refused(order);
            KeyPair key = CertificateRequest.newKey();
            if (order.getStatus() != Status.VALID) order.execute(CertificateRequest.of(key, names));
            if (order.waitForCompletion(STEP_TIMEOUT) != Status.VALID) throw refused(order);
            return new TlsMaterial(
                    order.getCertificate().getCertificateChain(), key.getPrivate(), List.of());
        } catch (AcmeRateLimitedException e) {
            throw new AcmeFailure(reason(e), false, e.getRetryAfter().orElse(null));
        } catch (AcmeNetworkException e) {
            if (Thread.interrupted()) throw new InterruptedException();
            throw new AcmeFailure(reason(e), true, null);
        } catch (AcmeException e) {
            throw new AcmeFailure(reason(e), false, null);
        } catch (RuntimeException e) {
            // the library's way to say that an answer wasn't what it should be, among others
            if (Thread.interrupted()) throw new InterruptedException();
            throw new AcmeFailure(reason(e), false, null);
        }
    }

    private Login login(Session session, KeyPair account) throws AcmeException {
        AccountBuilder builder = new AccountBuilder().agreeToTermsOfService().useKeyPair(account);
        if (!email.isEmpty()) builder.addEmail(email);
        return builder.createLogin(session);
    }

    private static void prove(Authorization authorization, Challenges challenges)
            throws AcmeException, AcmeFailure, InterruptedException {
        if (authorization.getStatus() == Status.VALID) return;
        String name = authorization.getIdentifier().getDomain();
        Http01Challenge challenge =
                authorization
                        .findChallenge(Http01Challenge.class)
                        .orElseThrow(() ->
                                new AcmeFailure(
                                        name + " can't be proven by HTTP-01 there", false, null));
        challenges.expect(challenge.getToken(), challenge.getAuthorization());
        try {
            challenge.trigger();
            if (authorization.waitForCompletion(STEP_TIMEOUT) == Status.VALID) return;
            challenge.fetch();
            throw new AcmeFailure(
                    name + " isn't proven: " + detail(challenge.getError().orElse(null)),
                    false,
                    null);
        } finally {
            challenges.forget(challenge.getToken());
        }
    }

    private static AcmeFailure refused(Order order) {
        return new AcmeFailure(
                "no certificate: " + detail(order.getError().orElse(null)), false, null);
    }

    private static String detail(@Nullable Problem problem) {
        return problem == null ? "the authority took too long" : problem.toString();
    }

    private static String reason(Exception e) {
        Throwable cause = e.getCause() instanceof IOException io ? io : e;
        String text = cause.getMessage();
        return text == null ? cause.getClass().getSimpleName() : text;
    }

    /** With another idea of whom to trust than the JDK's. */
    private final class Trusting extends GenericAcmeProvider {
        @Override
        public HttpClient createHttpClient(NetworkSettings settings) {
            return HttpClient.newBuilder()
                    .sslContext(tls)
                    .connectTimeout(settings.getTimeout())
                    .followRedirects(HttpClient.Redirect.NORMAL)
                    .build();
        }
    }
}
