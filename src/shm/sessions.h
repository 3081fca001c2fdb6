// The sessions that the worker holds open on servers, for the view kalam_connections. Written by the worker
// only, under its own lock; a reader takes a copy and sees from the entry's version whether the worker wrote
// meanwhile (a seqlock: odd while writing). Nothing depends on it.
#pragma once

#include <atomic>
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

class SessionTable {
 public:
    static size_t Size(uint32_t entries);
    static SessionTable *Create(void *memory, uint32_t entries);

    uint32_t size() const { return size_; }
    // Worker only: replaces entry `i`.
    void Write(uint32_t i, const SessionInfo &info);
    // Anybody: a consistent copy of entry `i`; false when the worker would not leave it alone (retry
    // bounded).
    bool Read(uint32_t i, SessionInfo &info) const;

 private:
    struct Entry;
    uint32_t size_;
    Entry *entries();
    const Entry *entries() const;
};

}  // namespace kalam::shm
