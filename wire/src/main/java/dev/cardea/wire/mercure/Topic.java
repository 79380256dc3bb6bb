package dev.cardea.wire.mercure;

import org.jspecify.annotations.Nullable;

/**
 * A topic, and the URL that it may be, which is looked for when the first URL pattern asks. Safe to
 * share between threads; equal by its text.
 */
public final class Topic {
    private final String text;
    private final Url base;
    private volatile boolean wasParsed;
    private @Nullable Url url;

    /**
     * @param base the hub's URL, which a relative topic is relative to
     */
    public Topic(String text, Url base) {
        this.text = text;
        this.base = base;
    }

    public String text() {
        return text;
    }

    /** Null: it is no URL. */
    @Nullable Url url() {
        if (!wasParsed) {
            url = Url.parse(text, base);
            wasParsed = true;
        }
        return url;
    }

    /**
     * Whether it names the hub itself or something below it, which is for the hub alone to publish
     * about; on whatever host, and however it is written.
     */
    public boolean isReserved() {
        Url parsed = url();
        if (parsed == null) return false;
        String path = parsed.normalPath();
        String hub = base.pathname();
        return path.equals(hub) || path.startsWith(hub + "/");
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Topic that && text.equals(that.text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    @Override
    public String toString() {
        return text;
    }
}
