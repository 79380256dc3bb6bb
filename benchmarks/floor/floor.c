// The floor: what the kernel alone charges for fan-out. One thread, one epoll loop, a WebSocket frame made once for
// each publication and one send() for each delivery, nothing else. It speaks just enough of Centrifugo's JSON protocol
// for the load generator of this folder, believes all that it is told, and gives up (exit 1) where a server would cope.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum { MAX_CONNECTIONS = 20000, MAX_CHANNELS = 20000, READ_BYTES = 65536, FRAME_BYTES = 16384, NAME_BYTES = 64 };

// The sample nonce of RFC 6455 section 1.3, which our generator always sends, so that no SHA-1 is needed here.
#define NONCE "dGhlIHNhbXBsZSBub25jZQ=="
#define UPGRADED "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" \
                 "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n"
// As long as the publisher's info that Centrifugo adds, so that the frames of all servers weigh about the same.
#define INFO "\"info\":{\"user\":\"\",\"client\":\"00000000-0000-0000-0000-000000000000\"}"

struct connection {
    char *rest; // the start of a command that has not arrived whole
    size_t rest_bytes;
    int upgraded;
};

struct channel {
    char name[NAME_BYTES];
    int *members;
    int count, room;
};

static struct connection connections[MAX_CONNECTIONS + 64];
static struct channel channels[MAX_CHANNELS];
static int channel_count;
static char input[READ_BYTES * 2];
static char frame[FRAME_BYTES];

static void fail(const char *what) {
    perror(what);
    exit(1);
}

static void send_all(int fd, const char *bytes, size_t length) {
    ssize_t sent = send(fd, bytes, length, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent < 0 && (errno == EPIPE || errno == ECONNRESET)) return; // it has left
    if (sent != (ssize_t)length) fail("a reader is too slow for the floor");
}

// An unmasked text frame, RFC 6455 section 5.2; returns its length in all.
static size_t text_frame(const char *text, size_t length) {
    size_t header = length < 126 ? 2 : 4;
    if (header + length > sizeof frame) fail("frame");
    frame[0] = (char)0x81;
    frame[1] = (char)(length < 126 ? length : 126);
    if (header == 4) {
        frame[2] = (char)(length >> 8);
        frame[3] = (char)length;
    }
    memcpy(frame + header, text, length);
    return header + length;
}

static void reply(int fd, long id, const char *result) {
    char text[256];
    int length = snprintf(text, sizeof text, "{\"id\":%ld,%s}", id, result);
    send_all(fd, frame, text_frame(text, (size_t)length));
}

static struct channel *channel_named(const char *name, size_t length) {
    for (int i = 0; i < channel_count; i++)
        if (strlen(channels[i].name) == length && memcmp(channels[i].name, name, length) == 0) return &channels[i];
    if (channel_count == MAX_CHANNELS || length >= NAME_BYTES) fail("channel");
    memcpy(channels[channel_count].name, name, length);
    return &channels[channel_count++];
}

static void subscribe(struct channel *channel, int fd) {
    if (channel->count == channel->room) {
        channel->room = channel->room ? channel->room * 2 : 16;
        channel->members = realloc(channel->members, sizeof(int) * (size_t)channel->room);
        if (!channel->members) fail("realloc");
    }
    channel->members[channel->count++] = fd;
}

static void publish(struct channel *channel, const char *data, size_t length) {
    char text[FRAME_BYTES - 8];
    int push = snprintf(text, sizeof text, "{\"push\":{\"channel\":\"%s\",\"pub\":{\"data\":%.*s," INFO "}}}",
                        channel->name, (int)length, data);
    if (push < 0 || (size_t)push >= sizeof text) fail("push");
    size_t bytes = text_frame(text, (size_t)push);
    for (int i = 0; i < channel->count; i++) send_all(channel->members[i], frame, bytes);
}

// One command, exactly as our generator writes it: {"id":7,"publish":{"channel":"c","data":{...}}}
static void command(int fd, char *text, size_t length) {
    long id = length > 6 ? strtol(text + 6, NULL, 10) : 0;
    char *name = memmem(text, length, "\"channel\":\"", 11);
    size_t name_bytes = name ? strcspn(name + 11, "\"") : 0;
    if (id == 0) return; // a pong
    if (memmem(text, length, ",\"connect\":", 11)) {
        reply(fd, id, "\"connect\":{\"client\":\"00000000-0000-0000-0000-000000000000\",\"version\":\"floor\"}");
    } else if (name && memmem(text, length, ",\"subscribe\":", 13)) {
        subscribe(channel_named(name + 11, name_bytes), fd);
        reply(fd, id, "\"subscribe\":{}");
    } else if (name && memmem(text, length, ",\"publish\":", 11)) {
        char *data = name + 11 + name_bytes + sizeof "\",\"data\":" - 1;
        publish(channel_named(name + 11, name_bytes), data, (size_t)(text + length - 2 - data));
        reply(fd, id, "\"publish\":{}");
    }
}

// One whole masked frame at `in`, or 0: returns how many bytes it took.
static size_t read_frame(int fd, unsigned char *in, size_t available) {
    if (available < 6) return 0;
    size_t length = in[1] & 0x7f, header = 6;
    if (length == 126) {
        length = (size_t)in[2] << 8 | in[3];
        header = 8;
    }
    if (available < header + length) return 0;
    unsigned char *mask = in + header - 4;
    char *text = (char *)in + header;
    for (size_t i = 0; i < length; i++) text[i] = (char)(text[i] ^ mask[i & 3]);
    if ((in[0] & 0x0f) != 1) return header + length;
    for (size_t start = 0; start < length;) {
        char *end = memchr(text + start, '\n', length - start);
        size_t bytes = end ? (size_t)(end - text) - start : length - start;
        command(fd, text + start, bytes);
        start += bytes + 1;
    }
    return header + length;
}

static size_t read_upgrade(int fd, char *in, size_t available) {
    char *end = memmem(in, available, "\r\n\r\n", 4);
    if (!end) return 0;
    if (!memmem(in, available, NONCE, sizeof NONCE - 1)) fail("not our generator");
    connections[fd].upgraded = 1;
    send_all(fd, UPGRADED, sizeof UPGRADED - 1);
    return (size_t)(end - in) + 4;
}

static void leave(int fd) {
    for (int c = 0; c < channel_count; c++)
        for (int i = 0; i < channels[c].count; i++)
            if (channels[c].members[i] == fd) channels[c].members[i--] = channels[c].members[--channels[c].count];
    free(connections[fd].rest);
    connections[fd] = (struct connection){0};
    close(fd);
}

static void readable(int fd) {
    struct connection *connection = &connections[fd];
    size_t available = connection->rest_bytes, used = 0, step;
    memcpy(input, connection->rest ? connection->rest : "", available);
    ssize_t count = recv(fd, input + available, READ_BYTES, MSG_DONTWAIT);
    if (count < 0 && errno == EAGAIN) return;
    if (count <= 0) {
        leave(fd);
        return;
    }
    available += (size_t)count;
    do {
        char *in = input + used;
        step = connection->upgraded ? read_frame(fd, (unsigned char *)in, available - used)
                                    : read_upgrade(fd, in, available - used);
        used += step;
    } while (step > 0);
    free(connection->rest);
    connection->rest_bytes = available - used;
    if (connection->rest_bytes > READ_BYTES) fail("command");
    connection->rest = connection->rest_bytes ? malloc(connection->rest_bytes) : NULL;
    if (connection->rest) memcpy(connection->rest, input + used, connection->rest_bytes);
}

static void watch(int poll, int fd) {
    struct epoll_event event = {.events = EPOLLIN, .data.fd = fd};
    if (epoll_ctl(poll, EPOLL_CTL_ADD, fd, &event) < 0) fail("epoll_ctl");
}

int main(int argc, char **argv) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    struct epoll_event events[512];
    int one = 1, poll = epoll_create1(0), listener = socket(AF_INET, SOCK_STREAM, 0);
    address.sin_port = htons((uint16_t)(argc > 1 ? atoi(argv[1]) : 8000));
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    if (bind(listener, (struct sockaddr *)&address, sizeof address) < 0 || listen(listener, 4096) < 0) fail("listen");
    watch(poll, listener);
    puts("ready");
    fflush(stdout);
    for (;;) {
        int count = epoll_wait(poll, events, 512, -1);
        for (int i = 0; i < count; i++) {
            int fd = events[i].data.fd;
            if (fd != listener) {
                readable(fd);
            } else if ((fd = accept(listener, NULL, NULL)) >= 0 && fd < MAX_CONNECTIONS) {
                setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
                watch(poll, fd);
            }
        }
    }
}
