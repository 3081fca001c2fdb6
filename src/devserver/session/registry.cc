// Keeps the sessions and sweeps the idle ones; see registry.h.
#include "devserver/session/registry.h"

#include <utility>

#include "devserver/error.h"

namespace kalam::devserver {

namespace {

bool IsIdle(const SessionRecord &session, int64_t now_ms) {
    return now_ms - session.last_seen_us / 1000 >= kIdleTtlMs;
}

}  // namespace

int64_t SessionRegistry::Open(const std::string &id, std::optional<std::string> schema,
                              const std::string &client_addr) {
    const int64_t now_us = clock_.UnixMicros();
    const std::lock_guard lock(mutex_);
    SweepLocked(now_us / 1000);
    SessionRecord record;
    record.id = id;
    record.current_schema = std::move(schema);
    record.authenticated = true;
    record.lease_expires_ms = now_us / 1000 + kLeaseMs;
    record.opened_us = now_us;
    record.last_seen_us = now_us;
    record.last_method = "OpenSession";
    record.client_addr = client_addr;
    const int64_t lease = record.lease_expires_ms;
    sessions_[id] = std::move(record);
    return lease;
}

void SessionRegistry::Validate(const std::string &id) const {
    if (id.empty()) Throw(Code::kInvalidArgument, "session_id must not be empty");
    const std::lock_guard lock(mutex_);
    const auto found = sessions_.find(id);
    if (found == sessions_.end()) Throw(Code::kUnauthenticated, "invalid or expired session");
    if (!found->second.authenticated) Throw(Code::kUnauthenticated, "session not authenticated");
    if (found->second.lease_expires_ms <= clock_.UnixMillis()) {
        Throw(Code::kUnauthenticated, "session lease expired – re-authenticate via open_session");
    }
}

void SessionRegistry::Touch(const std::string &id, const char *method, const std::string &client_addr) {
    const int64_t now_us = clock_.UnixMicros();
    const std::lock_guard lock(mutex_);
    SweepLocked(now_us / 1000);
    SessionRecord &record = sessions_[id];
    if (record.id.empty()) {
        record.id = id;
        record.opened_us = now_us;
    }
    record.last_seen_us = now_us;
    record.last_method = method;
    if (record.client_addr != client_addr) record.client_addr = client_addr;
}

void SessionRegistry::Pin(const std::string &id, const std::string &transaction_id) {
    const std::lock_guard lock(mutex_);
    const auto found = sessions_.find(id);
    if (found != sessions_.end()) found->second.pinned_transaction = transaction_id;
}

std::string SessionRegistry::PinnedTransaction(const std::string &id) const {
    const std::lock_guard lock(mutex_);
    const auto found = sessions_.find(id);
    return found == sessions_.end() ? std::string() : found->second.pinned_transaction;
}

void SessionRegistry::Close(const std::string &id) {
    const std::lock_guard lock(mutex_);
    sessions_.erase(id);
}

std::vector<SessionRecord> SessionRegistry::List(const std::function<bool(const SessionRecord &)> &is_live) {
    const int64_t now_ms = clock_.UnixMillis();
    std::vector<SessionRecord> all;
    {
        const std::lock_guard lock(mutex_);
        all.reserve(sessions_.size());
        for (const auto &[id, record] : sessions_) all.push_back(record);
    }
    std::vector<SessionRecord> kept;
    std::vector<std::string> stale;
    for (SessionRecord &record : all) {
        if (IsIdle(record, now_ms) && !is_live(record)) {
            stale.push_back(record.id);
        } else {
            kept.push_back(std::move(record));
        }
    }
    const std::lock_guard lock(mutex_);
    for (const std::string &id : stale) {
        const auto found = sessions_.find(id);
        if (found != sessions_.end() && IsIdle(found->second, now_ms)) sessions_.erase(found);
    }
    return kept;
}

void SessionRegistry::SweepLocked(int64_t now_ms) {
    if (now_ms - last_sweep_ms_ < kSweepSpacingMs) return;
    last_sweep_ms_ = now_ms;
    std::erase_if(sessions_, [now_ms](const auto &entry) {
        return entry.second.pinned_transaction.empty() && IsIdle(entry.second, now_ms);
    });
}

}  // namespace kalam::devserver
