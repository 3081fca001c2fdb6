// The 40 ms that KalamDB's listener costs a client that does not acknowledge at once, with a relay that behaves like
// it, and that they are gone with the quick acknowledgement.
#include <algorithm>
#include <chrono>

#include "../../session/relay/relay.h"
#include "check.h"
#include "fake_server.h"
#include "harness.h"
#include "worker/rpc/engine.h"

using namespace kalam;
using namespace kalam::test;
using std::chrono::milliseconds;

namespace {

constexpr milliseconds kStall{30};  // of the 40 that the kernel waits

class RelayThread {
 public:
    explicit RelayThread(int to) : relay_({"127.0.0.1", 0}, {"127.0.0.1", static_cast<uint16_t>(to)}) {
        relay_.Command("frames on");
        thread_ = std::thread([this] {
            while (!stop_) relay_.Step(milliseconds(20));
        });
    }
    ~RelayThread() {
        stop_ = true;
        thread_.join();
    }
    int port() const { return relay_.port(); }

 private:
    relay::Relay relay_;
    std::atomic<bool> stop_{false};
    std::thread thread_;
};

// The median of some calls made one after the other.
milliseconds MedianCall(bool quick_ack) {
    FakeServer server;
    RelayThread relay(server.port());
    worker::rpc::Config config = Worker::Settings();
    config.quick_ack = quick_ack;
    Worker worker(config);
    Backend backend(worker, {.port = relay.port()}, 0);
    std::vector<milliseconds> times;
    for (int i = 0; i < 25; ++i) {
        const auto start = std::chrono::steady_clock::now();
        CHECK(backend.Scan().head.status.Ok());
        times.push_back(std::chrono::duration_cast<milliseconds>(std::chrono::steady_clock::now() - start));
    }
    std::nth_element(times.begin(), times.begin() + 12, times.end());
    return times[12];
}

}  // namespace

TEST(WithoutIt40MillisecondsWithItNone) {
    CHECK(MedianCall(false) >= kStall);
    CHECK(MedianCall(true) < kStall);
}

TEST(TheSocketIsFoundAgainAfterAReconnect) {
    FakeServer server;
    Worker worker;
    Backend backend(worker, {.port = server.port()}, 0);
    CHECK(backend.Scan().head.status.Ok());
    CHECK(Eventually(
        [&] { return backend.Scan().head.status.Ok() && worker.engine()->quick_ack.socket_count() == 1; }));
    server.Stop();
    CHECK(!backend.Scan().head.status.Ok());
    server.Restart();
    CHECK(Eventually(
        [&] { return backend.Scan().head.status.Ok() && worker.engine()->quick_ack.socket_count() == 1; }));
}
