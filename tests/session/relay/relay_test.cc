// The relay, in one process and one thread: a client socket, the relay, a server socket. Nothing sleeps: the relay is
// stepped until a fact is true. The 40 ms of the delayed acknowledgement are the kernel's own.
#include "relay.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <cerrno>

#include "../../unit/check.h"

using namespace kalam::relay;
using std::chrono::milliseconds;

namespace {

struct Peers {
    Socket listener = Listen({"127.0.0.1", 0});
    Relay relay{{"127.0.0.1", 0}, {"127.0.0.1", PortOf(listener)}};
    Socket client, server;

    Peers() { Open(); }

    void Open() {
        client = Connect({"127.0.0.1", relay.port()});
        CHECK(client.IsOpen());
        Until([&] { return (server = Accept(listener)).IsOpen(); });
        server.SetNoDelay(true);
    }

    template <typename Fact>
    void Until(Fact fact) {
        const Clock::time_point deadline = Clock::now() + std::chrono::seconds(20);
        while (!fact()) {
            CHECK(Clock::now() < deadline);
            relay.Step(milliseconds(1));
        }
    }

    // Steps that would have passed on what there is to pass on.
    void Settle() {
        for (int i = 0; i < 20; ++i) relay.Step(milliseconds(1));
    }
};

void Send(const Socket &socket, std::string_view bytes) {
    CHECK_EQ(send(socket.fd(), bytes.data(), bytes.size(), MSG_NOSIGNAL), static_cast<ssize_t>(bytes.size()));
}

// Appends what has come; false at the end of the stream. `error`: errno of a broken connection.
bool Receive(const Socket &socket, std::string &into, int *error = nullptr) {
    char buffer[65536];
    const ssize_t got = recv(socket.fd(), buffer, sizeof buffer, 0);
    if (got > 0) into.append(buffer, static_cast<size_t>(got));
    if (got < 0 && errno != EAGAIN) {
        if (error != nullptr) *error = errno;
        return false;
    }
    return got != 0;
}

std::string Get(Peers &peers, const Socket &socket, size_t size) {
    std::string got;
    peers.Until([&] { return Receive(socket, got), got.size() >= size; });
    return got;
}

std::string Frame(size_t payload, char fill) {
    std::string frame(9, '\0');
    frame[0] = static_cast<char>(payload >> 16);
    frame[1] = static_cast<char>(payload >> 8);
    frame[2] = static_cast<char>(payload);
    return frame + std::string(payload, fill);
}

long Stat(Peers &peers, const std::string &name) {
    const std::string stats = peers.relay.Command("stats");
    const size_t at = stats.find(name + "=");
    CHECK(at != std::string::npos);
    return std::stol(stats.substr(at + name.size() + 1));
}

void QuickAck(const Socket &socket) {
    const int on = 1;
    setsockopt(socket.fd(), IPPROTO_TCP, TCP_QUICKACK, &on, sizeof on);
}

// One call as HTTP/2 has it: a request, an answer of three frames. How long it took. The option is not sticky, so
// it is set again while the answer is awaited; that sends an acknowledgement that is being held back, too.
milliseconds Call(Peers &peers, bool quick_ack) {
    const std::string answer = Frame(30, 'h') + Frame(200, 'd') + Frame(20, 't');
    const Clock::time_point start = Clock::now();
    Send(peers.client, "request");
    Get(peers, peers.server, 7);
    Send(peers.server, answer);
    std::string got;
    peers.Until([&] {
        if (quick_ack) QuickAck(peers.client);
        Receive(peers.client, got);
        return got.size() == answer.size();
    });
    CHECK(got == answer);
    return std::chrono::duration_cast<milliseconds>(Clock::now() - start);
}

// Of 30 calls, how many took 20 ms and more.
int SlowCalls(Peers &peers, bool quick_ack) {
    int slow = 0;
    for (int i = 0; i < 30; ++i) slow += Call(peers, quick_ack) >= milliseconds(20);
    return slow;
}

}  // namespace

TEST(passes_on_both_ways_and_counts) {
    Peers peers;
    Send(peers.client, "hello");
    CHECK_EQ(Get(peers, peers.server, 5), "hello");
    Send(peers.server, "welcome");
    CHECK_EQ(Get(peers, peers.client, 7), "welcome");
    CHECK_EQ(Stat(peers, "accepted"), 1);
    CHECK_EQ(Stat(peers, "open"), 1);
    CHECK_EQ(Stat(peers, "up"), 5);
    CHECK_EQ(Stat(peers, "down"), 7);
}

TEST(passes_on_more_than_it_holds) {
    Peers peers;
    const std::string much(5'000'000, 'x');
    std::string got;
    size_t sent = 0;
    peers.Until([&] {
        const ssize_t more = send(peers.server.fd(), much.data() + sent, much.size() - sent, MSG_NOSIGNAL);
        if (more > 0) sent += static_cast<size_t>(more);
        Receive(peers.client, got);
        return got.size() == much.size();
    });
    CHECK(got == much);
}

TEST(passes_on_the_end_of_a_stream) {
    Peers peers;
    Send(peers.client, "last");
    shutdown(peers.client.fd(), SHUT_WR);
    std::string got;
    peers.Until([&] { return !Receive(peers.server, got); });
    CHECK_EQ(got, "last");
    Send(peers.server, "answer");
    peers.server.Close();
    got.clear();
    peers.Until([&] { return !Receive(peers.client, got); });
    CHECK_EQ(got, "answer");
    peers.Until([&] { return Stat(peers, "open") == 0; });
    CHECK_EQ(Stat(peers, "up"), 4);  // remembered of connections that are gone
}

TEST(cut_resets_both_sides_and_lets_new_connections_in) {
    Peers peers;
    CHECK_EQ(peers.relay.Command("cut"), "ok 1");
    std::string got;
    int client_error = 0, server_error = 0;
    peers.Until([&] { return !Receive(peers.client, got, &client_error); });
    peers.Until([&] { return !Receive(peers.server, got, &server_error); });
    CHECK_EQ(client_error, ECONNRESET);
    CHECK_EQ(server_error, ECONNRESET);
    peers.Open();
    Send(peers.client, "again");
    CHECK_EQ(Get(peers, peers.server, 5), "again");
    CHECK_EQ(Stat(peers, "accepted"), 2);
}

TEST(refuse_and_accept) {
    Peers peers;
    CHECK_EQ(peers.relay.Command("refuse"), "ok");
    CHECK(!Connect({"127.0.0.1", peers.relay.port()}).IsOpen());
    CHECK_EQ(peers.relay.Command("accept"), "ok");
    peers.Open();
}

TEST(a_server_that_is_not_there_resets_the_client) {
    Socket nobody = Listen({"127.0.0.1", 0});
    const uint16_t port = PortOf(nobody);
    nobody.Close();
    Relay relay({"127.0.0.1", 0}, {"127.0.0.1", port});
    Socket client = Connect({"127.0.0.1", relay.port()});
    std::string got;
    int error = 0;
    for (int i = 0; i < 1000 && Receive(client, got, &error); ++i) relay.Step(milliseconds(1));
    CHECK_EQ(error, ECONNRESET);
}

TEST(pause_holds_one_direction) {
    Peers peers;
    CHECK_EQ(peers.relay.Command("pause down"), "ok");
    Send(peers.client, "request");
    CHECK_EQ(Get(peers, peers.server, 7), "request");
    Send(peers.server, "answer");
    peers.Settle();
    std::string got;
    CHECK(Receive(peers.client, got));
    CHECK_EQ(got, "");
    CHECK_EQ(peers.relay.Command("resume"), "ok");
    CHECK_EQ(Get(peers, peers.client, 6), "answer");
}

TEST(delay_holds_back_for_so_long) {
    Peers peers;
    CHECK_EQ(peers.relay.Command("delay 60"), "ok");
    const Clock::time_point start = Clock::now();
    Send(peers.client, "request");
    Get(peers, peers.server, 7);
    CHECK(Clock::now() - start >= milliseconds(60));
    CHECK_EQ(peers.relay.Command("delay 0"), "ok");
}

TEST(frames_are_found_however_they_are_cut) {
    const std::string stream = Frame(0, 'a') + Frame(70'000, 'b') + Frame(5, 'c') + Frame(300, 'd');
    for (size_t step : {size_t{1}, size_t{8}, size_t{9}, size_t{1000}, stream.size()}) {
        FrameTracker tracker;
        std::vector<size_t> ends;
        for (size_t at = 0; at < stream.size();) {
            const std::string_view piece = std::string_view(stream).substr(at, step);
            const size_t taken = tracker.Take(piece);
            CHECK(taken > 0 && taken <= piece.size());
            at += taken;
            if (tracker.AtBoundary()) ends.push_back(at);
        }
        CHECK(ends == (std::vector<size_t>{9, 70'018, 70'032, 70'341}));
        CHECK_EQ(tracker.frames(), 4u);
    }
}

TEST(frames_mode_can_be_switched_in_the_middle_of_a_frame) {
    Peers peers;
    const std::string stream = Frame(100, 'a') + Frame(50, 'b') + Frame(10, 'c');
    CHECK_EQ(peers.relay.Command("frames on"), "ok");
    Send(peers.server, stream.substr(0, 60));
    peers.Settle();
    std::string got;
    Receive(peers.client, got);
    CHECK_EQ(got, "");  // not whole yet
    Send(peers.server, stream.substr(60, 100));
    got = Get(peers, peers.client, 109);
    CHECK(got == stream.substr(0, 109));
    CHECK_EQ(peers.relay.Command("frames off"), "ok");
    Send(peers.server, stream.substr(160));
    got += Get(peers, peers.client, stream.size() - 109);
    CHECK(got == stream);
    CHECK_EQ(Stat(peers, "frames"), 3);
}

// What KalamDB's listener does to every plain client, and how a client gets out of it.
TEST(frames_with_nagle_stall_a_client_that_delays_acknowledgements) {
    Peers peers;
    CHECK(SlowCalls(peers, false) < 15);
    CHECK_EQ(peers.relay.Command("frames on"), "ok");
    CHECK(SlowCalls(peers, false) >= 15);
}

TEST(quick_acknowledgements_avoid_the_stall) {
    Peers peers;
    CHECK_EQ(peers.relay.Command("frames on"), "ok");
    CHECK(SlowCalls(peers, true) < 15);
}

TEST(commands_that_are_none) {
    Peers peers;
    for (const char *line : {"", "dance", "pause left", "delay", "delay x", "delay -1", "delay 99999999",
                             "frames", "frames maybe", "pause up down"})
        CHECK_EQ(peers.relay.Command(line).substr(0, 6), "error ");
}
