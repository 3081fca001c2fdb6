// kalam-relay: the relay as a program.
//
//   kalam-relay LISTEN_HOST:PORT TO_HOST:PORT
//
// Prints `port N` when it listens, then reads commands (relay.h) from its input, one a line, and prints an answer
// line for each. Ends when its input ends. Driven by tests/session/relay_process.py.
#include <unistd.h>

#include <cstdio>
#include <exception>
#include <string>

#include "relay.h"

namespace {

using kalam::relay::Relay;

// Carries out the whole lines in `input`, and leaves what is not whole yet.
void CarryOut(Relay &relay, std::string &input) {
    for (size_t end; (end = input.find('\n')) != std::string::npos; input.erase(0, end + 1)) {
        std::printf("%s\n", relay.Command(input.substr(0, end)).c_str());
        std::fflush(stdout);
    }
}

int Run(const char *listen, const char *to) {
    Relay relay(kalam::relay::ParseAddress(listen), kalam::relay::ParseAddress(to));
    std::printf("port %d\n", relay.port());
    std::fflush(stdout);
    std::string input;
    for (;;) {
        if (!relay.Step(std::chrono::milliseconds(1000), STDIN_FILENO)) continue;
        char buffer[1024];
        const ssize_t got = read(STDIN_FILENO, buffer, sizeof buffer);
        if (got <= 0) return 0;
        input.append(buffer, static_cast<size_t>(got));
        CarryOut(relay, input);
    }
}

}  // namespace

int main(int argc, char **argv) {
    if (argc != 3) {
        std::fprintf(stderr, "usage: kalam-relay LISTEN_HOST:PORT TO_HOST:PORT\n");
        return 2;
    }
    try {
        return Run(argv[1], argv[2]);
    } catch (const std::exception &error) {
        std::fprintf(stderr, "kalam-relay: %s\n", error.what());
        return 1;
    }
}
