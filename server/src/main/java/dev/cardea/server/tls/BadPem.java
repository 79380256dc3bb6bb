package dev.cardea.server.tls;

/** A certificate or key can't be used. Its message continues a sentence: "is ..." or "has ...". */
public final class BadPem extends Exception {
    private static final long serialVersionUID = 1;

    private final String setting;

    BadPem(String setting, String message) {
        super(message, null, false, false);
        this.setting = setting;
    }

    /** Which of the settings it is: {@code cert_pem}, {@code key_pem}, {@code client_ca_pem}... */
    public String setting() {
        return setting;
    }
}
