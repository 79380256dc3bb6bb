package dev.cardea.benchmarks.load;

import java.io.IOException;
import java.util.Map;

/**
 * Runs one scenario against one server on this machine and prints its figures as one line of JSON.
 */
final class Main {
    private Main() {}

    /**
     * @param arguments the scenario's name, the server's port, its process id, the seconds to warm
     *     up and to measure; then the port and process id of a second server and of a third, where
     *     they are
     */
    public static void main(String[] arguments) throws IOException {
        if (arguments.length < 5 || arguments.length > 9 || arguments.length % 2 == 0) {
            System.err.println(
                    "usage: SCENARIO PORT PID WARM_UP_SECONDS WINDOW_SECONDS [PORT PID [PORT PID]]");
            System.exit(2);
        }
        Stage stage =
                new Stage(
                        Integer.parseInt(arguments[1]),
                        new ServerProcess(Long.parseLong(arguments[2])),
                        Double.parseDouble(arguments[3]),
                        Double.parseDouble(arguments[4]));
        if (arguments.length >= 7) stage.second(another(arguments, 5));
        if (arguments.length == 9) stage.third(another(arguments, 7));
        Scenario.named(arguments[0]).run(stage);
        Map<String, Object> figures = stage.finish();
        System.out.println(Json.of(figures));
        if (!Long.valueOf(0).equals(figures.get("problems"))) System.exit(1);
    }

    private static Stage.Second another(String[] arguments, int at) {
        ServerProcess process = new ServerProcess(Long.parseLong(arguments[at + 1]));
        return new Stage.Second(Integer.parseInt(arguments[at]), process);
    }
}
