// The harness (harness.h).
#include "harness.h"

#include <chrono>
#include <cstdlib>
#include <cstring>

namespace kalam::test {

using common::Operation;
using common::SessionUse;
using shm::SlotState;
using std::chrono::milliseconds;

namespace {

constexpr milliseconds kPatience{10000};

void WakeBackend(int32_t procno) noexcept {
    Worker::Latches()[procno].Set();
}

bool IsAlive(int32_t) noexcept {
    return true;
}

void WakeMain() noexcept {
    Worker::Latches()[Worker::kBackends].Set();
}

struct StringSink {
    std::string bytes;
    void Append(const void *data, size_t size) { bytes.append(static_cast<const char *>(data), size); }
};

int64_t NowUs() {
    using namespace std::chrono;
    return duration_cast<microseconds>(steady_clock::now().time_since_epoch()).count();
}

}  // namespace

RegionMemory::RegionMemory(const shm::RegionSizes &sizes)
    : memory(std::aligned_alloc(64, shm::Region::Size(sizes))), region(shm::Region::Create(memory, sizes)) {}

RegionMemory::~RegionMemory() {
    std::free(memory);
}

TimedLatch *Worker::Latches() {
    static TimedLatch latches[kBackends + 1];
    return latches;
}

worker::rpc::Config Worker::Settings() {
    worker::rpc::Config config;
    config.worker_pid = 4000000;
    config.connect_timeout_ms = 2000;
    return config;
}

Worker::Worker(const worker::rpc::Config &config, uint32_t answer_pages)
    : memory_({.backends = kBackends,
               .slots_per_backend = kSlots,
               .request_pages = 1024,
               .answer_pages = answer_pages,
               .queue_length = 512}),
      config_(config) {
    StartNext();
}

Worker::~Worker() {
    Stop();
}

void Worker::StartNext() {
    shm::Header &header = region().header();
    const char *error = nullptr;
    engine_ = worker::rpc::StartEngine(
        &region(), ++epoch_, config_,
        {.wake_backend = WakeBackend, .wake_main = WakeMain, .is_alive = IsAlive}, &error);
    if (engine_ == nullptr) throw std::runtime_error(error);
    header.worker_epoch = epoch_;
    header.worker_state = shm::WorkerState::kReady;
    stop_ = false;
    main_ = std::thread(&Worker::RunMain, this);
}

void Worker::RunMain() {
    shm::Signal signal;
    while (!stop_) {
        std::vector<shm::Signal> signals;
        while (region().control().Pop(signal)) signals.push_back(signal);
        while (region().requests().Pop(signal)) signals.push_back(signal);
        worker::rpc::Take(engine_, signals);
        worker::rpc::PumpAnswers(engine_);
        worker::rpc::LogLine line;
        while (worker::rpc::NextLogLine(engine_, line)) {
            const std::lock_guard lock(log_mutex_);
            log_.emplace_back(line.text);
        }
        Latches()[kBackends].Wait(kPatience);
    }
}

void Worker::Stop() {
    if (engine_ == nullptr) return;
    stop_ = true;
    Wake();
    main_.join();
    region().header().worker_state = shm::WorkerState::kStopped;
    worker::rpc::StopEngine(engine_);
    engine_ = nullptr;
}

std::vector<std::string> Worker::LogLines() {
    const std::lock_guard lock(log_mutex_);
    return log_;
}

std::vector<std::string> Worker::ShownSessions() {
    std::vector<std::string> states;
    for (uint32_t i = 0; i < region().sessions().size(); ++i) {
        shm::SessionInfo info;
        if (region().sessions().Read(i, info) && info.state != shm::SessionState::kUnused) {
            states.emplace_back(shm::NameOf(info.state));
        }
    }
    return states;
}

bool Worker::AllSlotsFree() {
    for (uint32_t i = 0; i < region().slot_count(); ++i) {
        if (region().slot(i).State() != SlotState::kFree) return false;
    }
    return true;
}

std::vector<std::string> TestAnswer::Frames() const {
    std::vector<std::string> frames;
    for (size_t at = 0; at < body.size();) {
        uint64_t length = 0;
        std::memcpy(&length, body.data() + at, sizeof length);
        frames.push_back(body.substr(at + 8, length));
        at += common::FrameSize(length);
    }
    return frames;
}

Backend::Backend(Worker &worker, TestEndpoint endpoint, int procno)
    : worker_(worker), endpoint_(std::move(endpoint)), procno_(procno), pid_(5000000 + procno) {}

Backend::Pending Backend::Send(Operation operation, std::string_view body, const Options &options) {
    shm::Region &region = worker_.region();
    StringSink sink;
    common::PutEndpoint(sink, {.host = endpoint_.host,
                               .port = static_cast<uint16_t>(endpoint_.port),
                               .auth_header = endpoint_.auth_header,
                               .ca_cert = endpoint_.ca_cert,
                               .client_cert = endpoint_.client_cert,
                               .client_key = endpoint_.client_key,
                               .use_tls = endpoint_.use_tls});
    sink.bytes.append(body);
    for (uint32_t k = 0; k < Worker::kSlots; ++k) {
        shm::Slot &slot = region.slot_of(procno_, k);
        const uint32_t generation = slot.Claim();
        if (generation == 0) continue;
        slot.owner_pid = pid_;
        slot.epoch = region.header().worker_epoch;
        slot.request_head = {};
        slot.request_head.operation = operation;
        slot.request_head.session = options.session;
        slot.request_head.has_endpoint = true;
        slot.request_head.groupable = options.groupable;
        slot.request_head.detached = options.detached;
        slot.request_head.stop_at_missing = options.stop_at_missing;
        slot.request_head.window = options.window;
        slot.request_head.timeout_ms = options.timeout_ms;
        slot.request_head.item_count = options.items;
        slot.request_head.endpoint.bytes[0] = endpoint_.number;
        slot.request_bytes = static_cast<uint32_t>(sink.bytes.size());
        slot.request_first_page = shm::kNoPage;
        if (sink.bytes.size() <= shm::kInlineBytes) {
            std::memcpy(slot.inline_bytes, sink.bytes.data(), sink.bytes.size());
        } else {
            if (!region.request_pages().Reserve(shm::PagePool::PagesFor(sink.bytes.size())))
                throw std::runtime_error("no request pages");
            slot.request_first_page = region.request_pages().WriteChain(sink.bytes);
        }
        slot.sent_at_us = NowUs();
        slot.Step(generation, SlotState::kClaimed, SlotState::kSent);
        const bool ends = operation == Operation::kCommit || operation == Operation::kRollback;
        shm::Lane &lane = ends ? region.control() : region.requests();
        if (!lane.Push({.kind = shm::SignalKind::kRequest, .slot = {slot.index, generation}}))
            throw std::runtime_error("the lane is full");
        worker_.Wake();
        return {&slot, generation};
    }
    throw std::runtime_error("no free slot");
}

TestAnswer Backend::Wait(const Pending &pending) {
    shm::Region &region = worker_.region();
    TestAnswer answer;
    for (;;) {
        const bool done = pending.slot->Is(pending.generation, SlotState::kDone);
        uint32_t id;
        while (reads_pages && pending.slot->answer_pages.pop(id)) {
            const shm::Page &page = region.answer_pages().At(id);
            answer.body.append(page.data, page.used);
            region.answer_pages().Free(id);
            if (region.header().answers_need_pages.Take()) worker_.Wake();
        }
        if (done) break;
        if (!Worker::Latches()[procno_].Wait(kPatience)) throw std::runtime_error("no answer");
    }
    answer.body.append(pending.slot->inline_bytes, pending.slot->answer_inline_bytes);
    answer.head = pending.slot->answer_head;
    if (answer.body.size() != pending.slot->answer_bytes) throw std::runtime_error("answer_bytes is wrong");
    pending.slot->Step(pending.generation, SlotState::kDone, SlotState::kFree);
    return answer;
}

void Backend::Abandon(const Pending &pending) {
    for (const SlotState state : {SlotState::kSent, SlotState::kRunning}) {
        if (!pending.slot->Step(pending.generation, state, SlotState::kAbandoned)) continue;
        worker_.region().control().Push(
            {.kind = shm::SignalKind::kCancel, .slot = {pending.slot->index, pending.generation}});
        worker_.Wake();
        return;
    }
    throw std::runtime_error("nothing to abandon");
}

void Backend::Exit() {
    worker_.region().control().Push({.kind = shm::SignalKind::kBackendExit,
                                     .slot = {static_cast<uint32_t>(procno_), static_cast<uint32_t>(pid_)}});
    worker_.Wake();
}

void Backend::DropServer(common::ServerRef server) {
    worker_.region().control().Push(
        {.kind = shm::SignalKind::kServerDropped, .slot = {server.database, server.server}});
    worker_.Wake();
}

std::string BodyOf(const std::vector<std::string> &fields) {
    StringSink sink;
    for (const std::string &field : fields) common::PutField(sink, field);
    return sink.bytes;
}

std::string Backend::TableBody(const std::vector<std::string> &fields) const {
    return BodyOf({"app", "items", ""}) + BodyOf(fields);
}

Backend::Pending Backend::SendInsert(const std::string &row, bool groupable) {
    return Send(Operation::kInsert, TableBody({row}), {.groupable = groupable, .items = 1});
}

TestAnswer Backend::InsertInTransaction(const std::string &row) {
    return Call(Operation::kInsert, TableBody({row}), {.session = SessionUse::kTransaction, .items = 1});
}

TestAnswer Backend::Scan() {
    StringSink sink;
    sink.bytes = BodyOf({"app", "items", ""});
    common::PutU32(sink, 1);
    common::PutField(sink, "id");
    common::PutU32(sink, 0);
    common::PutU64(sink, common::kNoLimit);
    return Call(Operation::kScan, sink.bytes, {});
}

TestAnswer Backend::Keys(Operation operation, const std::vector<std::string> &keys, Options options) {
    StringSink sink;
    sink.bytes = BodyOf({"app", "items", ""});
    if (operation == Operation::kLookup) {
        common::PutU32(sink, 1);
        common::PutField(sink, "id");
        common::PutField(sink, "id");
    }
    for (const std::string &key : keys) {
        common::PutField(sink, key);
        if (operation == Operation::kUpdate) common::PutField(sink, "{\"n\":" + key + "}");
    }
    options.items = static_cast<uint32_t>(keys.size());
    return Call(operation, sink.bytes, options);
}

TestAnswer Backend::Transaction(Operation operation) {
    return Call(operation, {}, {.session = SessionUse::kTransaction});
}

bool Eventually(const std::function<bool()> &fact) {
    const auto deadline = std::chrono::steady_clock::now() + kPatience;
    while (!fact()) {
        if (std::chrono::steady_clock::now() > deadline) return false;
        std::this_thread::yield();
    }
    return true;
}

}  // namespace kalam::test
