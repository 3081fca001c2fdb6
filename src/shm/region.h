// The whole of what lives in shared memory, and the only place that knows how it is laid out: header, slots,
// pools, lanes, statistics, sessions. Created once by pg_kalam.so at server start (backend/module), attached
// by name by the worker.
//
// Header fields:
//   sizes            constant after Create
//   worker_*         written by the worker only (atomics; relaxed or release as said at the field); read by
//   everybody waiting_for_*    set by who waits, cleared by who wakes them lanes            many producers
//   (backends), one consumer (the worker's main thread)
#pragma once

#include <array>
#include <atomic>
#include <boost/lockfree/queue.hpp>
#include <cstddef>
#include <cstdint>

#include "shm/page_pool.h"
#include "shm/sessions.h"
#include "shm/slot.h"
#include "shm/stats.h"

namespace kalam::shm {

inline constexpr char kRegionName[] = "pg_kalam";
inline constexpr uint32_t kLaneCapacity = 8192;
inline constexpr uint32_t kMaxSlots = 32768;

enum class WorkerState : uint32_t { kStopped, kStarting, kReady, kStopping };
const char *NameOf(WorkerState state);

// What a lane carries. kRequest: a slot to start. kCancel: its owner abandoned the slot. kBackendExit:
// `slot.index` is the procno, `slot.generation` the pid of a backend that has gone: close its sessions.
enum class SignalKind : uint32_t { kRequest, kCancel, kBackendExit };
struct Signal {
    SignalKind kind = SignalKind::kRequest;
    SlotRef slot;
};

// One lane of signals to the worker. Push is false when the lane is full: the caller waits on its latch and
// tries again.
class Lane {
 public:
    bool Push(Signal signal);
    bool Pop(Signal &signal);
    uint32_t depth() const {
        return depth_.load(std::memory_order_relaxed);
    }                                                   // an estimate, for limits and views
    void set_limit(uint32_t limit) { limit_ = limit; }  // before anybody uses the lane

 private:
    boost::lockfree::queue<Signal, boost::lockfree::capacity<kLaneCapacity>> queue_;
    std::atomic<uint32_t> depth_{0};
    uint32_t limit_ = kLaneCapacity;
};

struct RegionSizes {
    uint32_t backends = 0;           // MaxBackends
    uint32_t slots_per_backend = 0;  // 1..16
    uint32_t request_pages = 0;      // 512..kMaxPages; at least twice the largest request
    uint32_t answer_pages = 0;       // 512..kMaxPages
    uint32_t queue_length = 0;       // 16..kLaneCapacity
};

struct Header {
    RegionSizes sizes;
    std::array<uint8_t, 32> secret;  // random, constant after Create: the key of EndpointIds

    std::atomic<WorkerState> worker_state;
    std::atomic<uint32_t> worker_epoch;  // counts worker starts; written before worker_state becomes kReady
    std::atomic<int32_t> worker_pid;     // 0: none
    std::atomic<int32_t> worker_procno;  // whose latch to set; -1: none
    std::atomic<int64_t> worker_started_us;  // PostgreSQL timestamp

    std::atomic<int64_t> last_snowflake;      // CAS by backends
    std::atomic<uint32_t> waiting_for_pages;  // set by a backend that found too few request pages, or a full
                                              // lane: the worker wakes every backend after it freed some
    std::atomic<uint32_t> answers_need_pages;  // set by the worker that found no answer page: a backend that
                                               // frees one sets its latch
};

class Region {
 public:
    static size_t Size(const RegionSizes &sizes);
    // Lays the region out at `memory` (64-byte aligned). Once; the caller fills header().secret.
    static Region *Create(void *memory, const RegionSizes &sizes);
    // The region another process of this cluster has created at `memory`.
    static Region *Attach(void *memory) { return static_cast<Region *>(memory); }

    Header &header() { return header_; }
    uint32_t slot_count() const { return header_.sizes.backends * header_.sizes.slots_per_backend; }
    Slot &slot(uint32_t index);
    Slot &slot_of(int32_t procno, uint32_t k) {
        return slot(static_cast<uint32_t>(procno) * header_.sizes.slots_per_backend + k);
    }

    PagePool &request_pages();
    PagePool &answer_pages();
    Lane &requests() { return requests_; }  // DML and queries; limited by queue_length
    Lane &control() { return control_; }    // commit, rollback, cancel, backend exit: DML cannot fill it
    Stats &stats() { return stats_; }
    SessionTable &sessions();

 private:
    Header header_;
    Lane requests_;
    Lane control_;
    Stats stats_;
    size_t slots_offset_;
    size_t request_pages_offset_;
    size_t answer_pages_offset_;
    size_t sessions_offset_;
};

}  // namespace kalam::shm
