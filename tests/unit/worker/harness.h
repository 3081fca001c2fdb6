// The two sides of the engine for tests: Worker plays the worker's main thread over a region in this process's
// memory, Backend plays a backend's client. One Worker at a time, since hooks carry no context.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "latch.h"
#include "shm/region.h"
#include "worker/rpc/bridge.h"

namespace kalam::test {

struct RegionMemory {
    explicit RegionMemory(const shm::RegionSizes &sizes);
    ~RegionMemory();
    RegionMemory(const RegionMemory &) = delete;
    void *memory;
    shm::Region *region;
};

class Worker {
 public:
    static constexpr int kBackends = 24;
    static constexpr int kSlots = 4;

    explicit Worker(const worker::rpc::Config &config = Settings(), uint32_t answer_pages = 128);
    ~Worker();

    // Settings for tests: no limits in the way, pid of a worker that does not exist.
    static worker::rpc::Config Settings();

    shm::Region &region() { return *memory_.region; }
    worker::rpc::Engine *engine() { return engine_; }
    // Stops the engine as SIGTERM would, and starts the next one, of the next epoch.
    void Stop();
    void StartNext();
    void Wake() { Latches()[kBackends].Set(); }
    std::vector<std::string> LogLines();
    bool AllSlotsFree();
    std::vector<std::string> ShownSessions();  // the states of those in the session table

    // Latches by procno; the last one is the worker's.
    static TimedLatch *Latches();

 private:
    void RunMain();

    RegionMemory memory_;
    worker::rpc::Config config_;
    uint32_t epoch_ = 0;
    worker::rpc::Engine *engine_ = nullptr;
    std::atomic<bool> stop_{false};
    std::mutex log_mutex_;
    std::vector<std::string> log_;
    std::thread main_;
};

struct TestAnswer {
    common::AnswerHead head;
    std::string body;
    std::vector<std::string> Frames() const;
};

struct TestEndpoint {
    std::string host = "127.0.0.1";
    int port = 0;
    std::string auth_header = "Bearer test";
    uint8_t number = 1;  // makes the EndpointId
    std::string ca_cert = {}, client_cert = {}, client_key = {};
    bool use_tls = false;
};

// One backend: a procno, and a pid that the engine is told is alive.
class Backend {
 public:
    Backend(Worker &worker, TestEndpoint endpoint, int procno);

    struct Pending {
        shm::Slot *slot;
        uint32_t generation;
    };
    struct Options {
        common::SessionUse session = common::SessionUse::kAny;
        bool groupable = false;
        bool detached = false;
        bool stop_at_missing = false;
        uint8_t window = 1;
        uint32_t timeout_ms = 10000;
        uint32_t items = 0;
    };

    Pending Send(common::Operation operation, std::string_view body, const Options &options);
    TestAnswer Wait(const Pending &pending);
    TestAnswer Call(common::Operation operation, std::string_view body, const Options &options) {
        return Wait(Send(operation, body, options));
    }
    // Gives the call up, as a cancelled statement does.
    void Abandon(const Pending &pending);
    void Exit();
    void DropServer(common::ServerRef server);

    // Shorthands, on table app.items.
    Pending SendInsert(const std::string &row, bool groupable = true);
    TestAnswer Insert(const std::string &row, bool groupable = true) {
        return Wait(SendInsert(row, groupable));
    }
    TestAnswer InsertInTransaction(const std::string &row);
    TestAnswer Scan();
    TestAnswer Begin() { return Transaction(common::Operation::kBegin); }
    TestAnswer Commit() { return Transaction(common::Operation::kCommit); }
    TestAnswer Rollback() { return Transaction(common::Operation::kRollback); }
    TestAnswer Keys(common::Operation operation, const std::vector<std::string> &keys, Options options);

    int pid() const { return pid_; }
    int procno() const { return procno_; }
    const TestEndpoint &endpoint() const { return endpoint_; }
    bool reads_pages = true;  // false: lets an answer stall

 private:
    TestAnswer Transaction(common::Operation operation);
    std::string TableBody(const std::vector<std::string> &fields) const;

    Worker &worker_;
    TestEndpoint endpoint_;
    int procno_;
    int pid_;
};

std::string BodyOf(const std::vector<std::string> &fields);
// Waits until `fact` holds, looking again and again. False after 10 s.
bool Eventually(const std::function<bool()> &fact);

}  // namespace kalam::test
