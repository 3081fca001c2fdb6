// The open sessions: leases, idle sweeps, and which transaction a session has pinned.
// Called by every handler of the PgService. Thread-safe: one mutex; no call out while it is held.
//   Order of a session call: Validate (throws), then Touch - which sweeps idle sessions, the caller's own included,
//   and creates an unauthenticated record when there is none any more. So a session that was alone and idle for
//   5 seconds gets one more call through and is refused at the next: KalamDB does the same.
#pragma once

#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "devserver/clock.h"

namespace kalam::devserver {

inline constexpr int64_t kLeaseMs = 30 * 60 * 1000;
inline constexpr int64_t kIdleTtlMs = 5000;
inline constexpr int64_t kSweepSpacingMs = 1000;

struct SessionRecord {
    std::string id;
    std::optional<std::string> current_schema;
    bool authenticated = false;
    int64_t lease_expires_ms = 0;
    int64_t opened_us = 0;
    int64_t last_seen_us = 0;
    std::string last_method;
    std::string client_addr;
    std::string pinned_transaction;  // empty: none
};

class SessionRegistry {
 public:
    explicit SessionRegistry(const Clock &clock) : clock_(clock) {}

    // Sweeps, then creates or replaces the record; returns the end of the lease in Unix milliseconds.
    int64_t Open(const std::string &id, std::optional<std::string> schema, const std::string &client_addr);
    // Throws when `id` is blank, unknown, unauthenticated, or its lease is over.
    void Validate(const std::string &id) const;
    // Sweeps, then marks the session as active, creating an unauthenticated record when there is none.
    void Touch(const std::string &id, const char *method, const std::string &client_addr);
    // Remembers or forgets (empty) the session's transaction; a session with one is not swept.
    void Pin(const std::string &id, const std::string &transaction_id);
    std::string PinnedTransaction(const std::string &id) const;
    void Close(const std::string &id);
    // What system.sessions shows; sweeps idle sessions whose transaction `is_live` denies.
    std::vector<SessionRecord> List(const std::function<bool(const SessionRecord &)> &is_live);

 private:
    void SweepLocked(int64_t now_ms);

    const Clock &clock_;
    mutable std::mutex mutex_;
    std::unordered_map<std::string, SessionRecord> sessions_;  // under mutex_
    int64_t last_sweep_ms_ = 0;                                // under mutex_
};

}  // namespace kalam::devserver
