// The whole of what lives in shared memory, and the only place that knows how it is laid out: header, slots,
// pools, lanes, statistics, known clusters and tables, sessions. Created once by pg_kalam.so at server start (backend/module), attached
// by name by the worker.
//
// Header fields:
//   sizes, secret       constant after Create (the secret: after the creator has filled it)
//   worker_*            written by the worker only (atomics; relaxed or release as said at the field); read by
//                       everybody
//   waiting_for_room    announced by backends, taken by the worker
//   answers_need_pages  announced by the worker, taken by backends
// Lanes: many producers (backends), one consumer (the worker's main thread).
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

#include "shm/cluster_table.h"
#include "shm/failed_nodes.h"
#include "shm/known_tables.h"
#include "shm/lockfree.h"
#include "shm/page_pool.h"
#include "shm/sessions.h"
#include "shm/slot.h"
#include "shm/stats.h"
#include "shm/waiters.h"

namespace kalam::shm {

inline constexpr char kRegionName[] = "pg_kalam";
inline constexpr uint32_t kLaneCapacity = 8192;
inline constexpr uint32_t kMaxSlots = 32768;

enum class WorkerState : uint32_t { kStopped, kStarting, kReady, kStopping };
const char *NameOf(WorkerState state);

// What a lane carries. kRequest: a slot to start. kCancel: its owner abandoned the slot. kBackendExit:
// `slot.index` is the procno, `slot.generation` the pid of a backend that has gone: close its sessions.
// kServerDropped: a foreign server is gone (common::ServerRef: `slot.index` its database, `slot.generation` its
// oid): close the sessions that were opened for it alone.
enum class SignalKind : uint32_t { kRequest, kCancel, kBackendExit, kServerDropped };
struct Signal {
    SignalKind kind = SignalKind::kRequest;
    SlotRef slot;
};

// One lane of signals to the worker, in the order they were pushed. Push is false when the lane is full: the
// caller announces itself in waiting_for_room, tries once more, waits on its latch and tries again.
class Lane {
 public:
    bool Push(Signal signal);  // any process
    bool Pop(Signal &signal);  // the worker's main thread; then, sooner or later, waiting_for_room.TakeAll
    uint32_t depth() const { return depth_.load(std::memory_order_relaxed); }  // for views: any moment's
    uint32_t limit() const { return limit_; }
    void set_limit(uint32_t limit) { limit_ = limit; }  // before anybody uses the lane; 1..kLaneCapacity

 private:
    boost::lockfree::queue<Signal, boost::lockfree::capacity<kLaneCapacity>> queue_;
    // Signals in the queue, and those about to be pushed: counted before the push and after the pop, so the
    // queue always has room for what was counted.
    std::atomic<uint32_t> depth_{0};
    uint32_t limit_ = kLaneCapacity;
};

struct RegionSizes {
    uint32_t backends = 0;           // MaxBackends; 1..kMaxBackends
    uint32_t slots_per_backend = 0;  // 1..17; times backends at most kMaxSlots
    uint32_t request_pages = 0;      // 512..kMaxPages; at least twice the largest request
    uint32_t answer_pages = 0;       // 512..kMaxPages
    uint32_t queue_length = 0;       // 16..kLaneCapacity
};

struct Header {
    RegionSizes sizes;
    std::array<uint8_t, 16> secret{};  // random: the key of EndpointIds and of the hashes in KnownTables

    std::atomic<WorkerState> worker_state{WorkerState::kStopped};
    std::atomic<uint32_t> worker_epoch{0};      // counts worker starts; written before worker_state is kReady
    std::atomic<int32_t> worker_pid{0};         // 0: none
    std::atomic<int32_t> worker_procno{-1};     // whose latch to set; -1: none
    std::atomic<int64_t> worker_started_us{0};  // PostgreSQL timestamp

    std::atomic<int64_t> last_snowflake{0};  // CAS by backends

    // Requests that the worker has taken and not answered yet. Written by the worker (0 as it starts), read by backends as a
    // hint: relaxed.
    std::atomic<int32_t> running_requests{0};

    // Backends that found too few request pages or a full lane. The worker takes it after it has freed request
    // pages or popped signals.
    WaiterSet waiting_for_room;
    // The worker found no answer page. A backend takes it after it has freed answer pages, and sets the
    // worker's latch.
    WaitFlag answers_need_pages;
};

class alignas(64) Region {
 public:
    // Bytes of a region of these sizes, a multiple of 64.
    static size_t Size(const RegionSizes &sizes);
    // Lays the region out at `memory` (64-byte aligned, Size(sizes) bytes). Once; the caller fills
    // header().secret. Sizes out of their ranges are a programming error and abort.
    static Region *Create(void *memory, const RegionSizes &sizes);
    // The region another process of this cluster has created at `memory`.
    static Region *Attach(void *memory) { return static_cast<Region *>(memory); }

    Region(const Region &) = delete;
    Region &operator=(const Region &) = delete;

    Header &header() { return header_; }
    uint32_t slot_count() const { return header_.sizes.backends * header_.sizes.slots_per_backend; }
    Slot &slot(uint32_t index) { return At<Slot>(slots_offset_)[index]; }
    Slot &slot_of(int32_t procno, uint32_t k) {
        return slot(static_cast<uint32_t>(procno) * header_.sizes.slots_per_backend + k);
    }

    PagePool &request_pages() { return *At<PagePool>(request_pages_offset_); }
    PagePool &answer_pages() { return *At<PagePool>(answer_pages_offset_); }
    Lane &requests() { return requests_; }  // DML and queries; limited by queue_length
    Lane &control() { return control_; }    // commit, rollback, cancel, backend exit: DML cannot fill it
    Stats &stats() { return stats_; }
    ClusterTable &clusters() { return clusters_; }
    KnownTables &known_tables() { return known_tables_; }
    FailedNodes &failed_nodes() { return failed_nodes_; }
    SessionTable &sessions() { return *At<SessionTable>(sessions_offset_); }

 private:
    Region() = default;

    // Offsets, not pointers: nothing in the region depends on where it is mapped.
    template <typename T>
    T *At(size_t offset) {
        return reinterpret_cast<T *>(reinterpret_cast<char *>(this) + offset);
    }

    Header header_;
    Lane requests_;
    Lane control_;
    Stats stats_;
    ClusterTable clusters_;
    KnownTables known_tables_;
    FailedNodes failed_nodes_;
    size_t slots_offset_ = 0;
    size_t request_pages_offset_ = 0;
    size_t answer_pages_offset_ = 0;
    size_t sessions_offset_ = 0;
};

}  // namespace kalam::shm
