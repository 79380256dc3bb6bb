package dev.cardea.server.acme;

import dev.cardea.server.config.TlsAutocertConfig;
import dev.cardea.server.net.NettyLoops;
import dev.cardea.server.tls.BadPem;
import dev.cardea.server.tls.DevelopmentCertificate;
import dev.cardea.server.tls.TlsMaterial;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The certificate that the server shows: what is kept from before, and what the authority issues
 * while it runs. Without either it is one that nobody trusts, so that the server starts, and says
 * what is missing, rather than start again and again. Thread safe.
 */
public final class AutoCert implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(AutoCert.class);

    /** Clocks are set, and machines sleep: how late is looked at now and then. */
    private static final Duration LONGEST_SLEEP = Duration.ofHours(1);

    private final TlsAutocertConfig config;
    private final Store store;
    private final Authority authority;
    private final Challenges challenges;
    private final SplittableRandom random = new SplittableRandom();

    /** Null: there is none yet. */
    private volatile @Nullable TlsMaterial issued;

    /** What is shown until then; nobody trusts it. */
    private final TlsMaterial selfSigned;

    private Instant next;
    private Retry retry;
    private @Nullable Thread thread;

    private AutoCert(
            TlsAutocertConfig config,
            Store store,
            Authority authority,
            Challenges challenges,
            @Nullable TlsMaterial kept,
            Retry retry) {
        this.config = config;
        this.store = store;
        this.authority = authority;
        this.challenges = challenges;
        this.issued = kept;
        this.selfSigned =
                kept == null ? DevelopmentCertificate.make(Instant.now()).material() : kept;
        this.retry = retry;
        Instant due = kept == null ? Instant.MIN : Renewal.of(kept.chain().getFirst());
        this.next = due.isBefore(retry.at()) ? retry.at() : due;
    }

    /**
     * Listens where the authority will ask, and reads what is kept.
     *
     * @throws IOException the address can't be bound, or the folder can't be used
     */
    public static AutoCert open(NettyLoops loops, TlsAutocertConfig config) throws IOException {
        Store store = new Store(config.folder(), config.directory(), config.hostWhitelist());
        Authority authority;
        try {
            authority =
                    new Authority(
                            config.directory(),
                            config.directoryTls().context(),
                            config.email(),
                            config.hostWhitelist());
        } catch (BadPem | GeneralSecurityException e) {
            throw new IOException(
                    "http_server.tls_autocert.directory_ca_pem: " + e.getMessage(), e);
        }
        TlsMaterial kept = store.certificate(Instant.now());
        Retry retry = store.retry();
        store.account(); // a folder that can't be written is told now
        Challenges challenges =
                Challenges.open(
                        loops, config.httpHost(), config.httpPort(), config.hostWhitelist());
        return new AutoCert(config, store, authority, challenges, kept, retry);
    }

    /** What to show now. */
    public TlsMaterial material() {
        TlsMaterial now = issued;
        return now == null ? selfSigned : now;
    }

    /** Where the authority asks. */
    int challengePort() {
        return challenges.port();
    }

    /**
     * Begins to look after it.
     *
     * @param whenIssued run on a thread of this class when there is another one
     */
    public synchronized void start(Runnable whenIssued) {
        if (issued == null && next.isAfter(Instant.now())) {
            LOG.atWarn()
                    .addKeyValue("failures", retry.failures())
                    .addKeyValue("next_attempt", next)
                    .log("acme_waits");
        }
        thread = Thread.ofVirtual().name("acme").start(() -> run(whenIssued));
    }

    /** Asks at once if it waits after a failure, and the authority hasn't said for how long. */
    public synchronized void hurry() {
        if (retry.failures() == 0 || retry.isFirm()) return;
        next = Instant.MIN; // what an attempt that is under way says of the next one holds
        notifyAll();
    }

    private void run(Runnable whenIssued) {
        try {
            while (true) {
                awaitNext();
                if (attempt()) whenIssued.run();
            }
        } catch (InterruptedException _) {
            // closed
        }
    }

    private synchronized void awaitNext() throws InterruptedException {
        for (Instant now = Instant.now(); now.isBefore(next); now = Instant.now()) {
            Duration left = Duration.between(now, next);
            if (left.compareTo(LONGEST_SLEEP) > 0) left = LONGEST_SLEEP;
            TimeUnit.MILLISECONDS.timedWait(this, Math.max(1, left.toMillis()));
        }
    }

    private boolean attempt() throws InterruptedException {
        LOG.atInfo()
                .addKeyValue("names", String.join(",", config.hostWhitelist()))
                .addKeyValue("directory", config.directoryUrl())
                .log("acme_asks");
        try {
            issued(authority.issue(store.account(), challenges));
            return true;
        } catch (AcmeFailure e) {
            failed(e);
        } catch (IOException e) {
            failed(new AcmeFailure("cache_dir can't be used: " + e, false, null));
        } catch (LinkageError e) { // this thread would end, and nobody would hear of it
            failed(new AcmeFailure("the server isn't whole: " + e, false, null));
        }
        return false;
    }

    private synchronized void issued(TlsMaterial got) {
        issued = got;
        next = Renewal.ofNew(got.chain().getFirst(), Instant.now());
        retry = Retry.NONE;
        LOG.atInfo()
                .addKeyValue("expires", got.chain().getFirst().getNotAfter().toInstant())
                .addKeyValue("renewal", next)
                .log("acme_issued");
        try {
            store.keep(got);
            store.keep(retry);
        } catch (IOException e) {
            notKept(e);
        }
    }

    private static void notKept(IOException e) {
        LOG.atError().addKeyValue("reason", e.toString()).log("acme_cache_not_written");
    }

    private synchronized void failed(AcmeFailure failure) {
        retry = retry.failed(failure, Instant.now(), random.nextDouble());
        next = retry.at();
        TlsMaterial now = issued;
        LOG.atError()
                .addKeyValue("reason", failure.getMessage())
                .addKeyValue("failures", retry.failures())
                .addKeyValue("next_attempt", next)
                .addKeyValue(
                        "expires",
                        now == null ? "none" : now.chain().getFirst().getNotAfter().toInstant())
                .log("acme_failed");
        try {
            store.keep(retry);
        } catch (IOException e) {
            notKept(e);
        }
    }

    @Override
    public void close() {
        Thread running;
        synchronized (this) {
            running = thread;
        }
        if (running != null) running.interrupt();
        challenges.close();
    }
}
