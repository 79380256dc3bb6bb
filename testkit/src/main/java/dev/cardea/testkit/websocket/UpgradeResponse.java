package dev.cardea.testkit.websocket;

import java.util.stream.Collectors;

/**
 * The head of an HTTP response.
 *
 * @param head the status line and the headers; empty if the connection ended before
 */
record UpgradeResponse(String head) {
    int status() {
        return head.startsWith("HTTP/1.1 ") ? Integer.parseInt(head.substring(9, 12)) : 0;
    }

    String header(String name) {
        return head.lines()
                .skip(1)
                .filter(line -> line.regionMatches(true, 0, name + ":", 0, name.length() + 1))
                .map(line -> line.substring(name.length() + 1).strip())
                .collect(Collectors.joining(", "));
    }
}
