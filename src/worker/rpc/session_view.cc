// Publishes sessions (session_view.h).
#include "worker/rpc/session_view.h"

#include <algorithm>
#include <cstring>

#include "worker/rpc/clock.h"

namespace kalam::worker::rpc {

namespace {

void CopyText(char *to, size_t room, std::string_view text) {
    const size_t n = std::min(room - 1, text.size());
    std::memcpy(to, text.data(), n);
    to[n] = '\0';
}

}  // namespace

SessionTableEntries::SessionTableEntries(shm::SessionTable &table) : table_(table) {
    for (uint32_t entry = table.size(); entry-- > 0;) Give(entry);
}

std::optional<uint32_t> SessionTableEntries::Take() {
    if (free_.empty()) return std::nullopt;
    const uint32_t entry = free_.back();
    free_.pop_back();
    return entry;
}

void SessionTableEntries::Give(uint32_t entry) {
    table_.Write(entry, {});
    free_.push_back(entry);
}

SessionView::SessionView(SessionTableEntries &entries, std::string_view endpoint, int32_t backend_pid)
    : entries_(entries), entry_(entries.Take()) {
    info_.backend_pid = backend_pid;
    CopyText(info_.endpoint, sizeof info_.endpoint, endpoint);
}

SessionView::~SessionView() {
    if (entry_) entries_.Give(*entry_);
}

void SessionView::SetId(std::string_view id) {
    CopyText(info_.session_id, sizeof info_.session_id, id);
    written_ = false;
}

void SessionView::SetState(shm::SessionState state) {
    if (info_.state == state && written_) return;
    info_.state = state;
    written_ = false;
    Write(info_.last_used_at_ms);
}

void SessionView::NoteOpened() {
    info_.opened_at_ms = UnixMs();
    written_ = false;
}

void SessionView::Write(int64_t last_used_at_ms) {
    if (!entry_ || (written_ && last_used_at_ms == info_.last_used_at_ms)) return;
    info_.last_used_at_ms = last_used_at_ms;
    entries_.table().Write(*entry_, info_);
    written_ = true;
}

}  // namespace kalam::worker::rpc
