package dev.cardea.server.config;

/** An item of {@code turn.users}. */
public record TurnUserConfig(
        @Setting(means = "the user's name") String name,
        @Setting(means = "the user's password", secret = true) String password)
        implements Checked {
    @Override
    public void check(Problems.Group problems) {
        if (name.isEmpty()) problems.add("name", "is missing");
        if (password.isEmpty()) problems.add("password", "is missing");
    }
}
