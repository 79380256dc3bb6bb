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
     *     up and to measure; then the port and process id of a second server, where there is one
     */
    public static void main(String[] arguments) throws IOException {
        if (arguments.length != 5 && arguments.length != 7) {
            System.err.println(
                    "usage: SCENARIO PORT PID WARM_UP_SECONDS WINDOW_SECONDS [PORT PID]");
            System.exit(2);
        }
        Stage stage =
                new Stage(
                        Integer.parseInt(arguments[1]),
                        new ServerProcess(Long.parseLong(arguments[2])),
                        Double.parseDouble(arguments[3]),
                        Double.parseDouble(arguments[4]));
        if (arguments.length == 7) {
            ServerProcess second = new ServerProcess(Long.parseLong(arguments[6]));
            stage.second(new Stage.Second(Integer.parseInt(arguments[5]), second));
        }
        Scenario.named(arguments[0]).run(stage);
        Map<String, Object> figures = stage.finish();
        System.out.println(Json.of(figures));
        if (!Long.valueOf(0).equals(figures.get("problems"))) System.exit(1);
    }
}
