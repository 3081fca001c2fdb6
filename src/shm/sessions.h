// The sessions that the worker holds open on servers, for the view kalam_connections. Written by the worker
// only, under its own lock; a reader takes a copy and sees from the entry's version whether the worker wrote
// meanwhile (a seqlock: odd while writing). Nothing depends on it.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>

namespace kalam::shm {

enum class SessionState : uint32_t { kUnused, kOpening, kOpen, kInTransaction, kClosing };
const char *NameOf(SessionState state);

struct SessionInfo {
    SessionState state = SessionState::kUnused;
    int32_t backend_pid = 0;   // 0: the worker's carrier session
    char session_id[64] = {};  // pg-<pid>-<hex>, zero-terminated
    char endpoint[128] = {};   // host:port, zero-terminated
    int64_t opened_at_ms = 0;  // Unix milliseconds
    int64_t last_used_at_ms = 0;
    uint64_t calls = 0;
};

class alignas(64) SessionTable {
 public:
    static size_t Size(uint32_t entries);
    static SessionTable *Create(void *memory, uint32_t entries);

    uint32_t size() const { return size_; }
    // Worker only, one thread at a time: replaces entry `i` (0..size()-1).
    void Write(uint32_t i, const SessionInfo &info);
    // Anybody: a consistent copy of entry `i`; false when the worker would not leave it alone (it is tried a
    // bounded number of times).
    bool Read(uint32_t i, SessionInfo &info) const;

 private:
    struct Entry;
    explicit SessionTable(uint32_t entries) : size_(entries) {}
    Entry &entry(uint32_t i) const;

    uint32_t size_;  // constant after Create; the entries follow the object
};

}  // namespace kalam::shm
