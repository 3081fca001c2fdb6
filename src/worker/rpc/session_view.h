// One entry of shm::SessionTable: what the view kalam_connections shows of a session. A value that travels with
// the session, from its Session to its closer. Called with the engine's lock held.
#pragma once

#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "shm/region.h"

namespace kalam::worker::rpc {

// Which entries of the table are free.
class SessionTableEntries {
 public:
    explicit SessionTableEntries(shm::SessionTable &table);
    std::optional<uint32_t> Take();  // nothing when all are in use
    void Give(uint32_t entry);       // empties it
    shm::SessionTable &table() { return table_; }

 private:
    shm::SessionTable &table_;
    std::vector<uint32_t> free_;
};

class SessionView {
 public:
    SessionView(SessionTableEntries &entries, std::string_view endpoint, int32_t backend_pid);
    SessionView(SessionView &&other) noexcept
        : entries_(other.entries_),
          entry_(std::exchange(other.entry_, std::nullopt)),
          info_(other.info_),
          written_(other.written_) {}
    ~SessionView();

    void SetId(std::string_view id);
    void SetState(shm::SessionState state);  // kUnused hides it
    void NoteOpened();
    void NoteUse() { ++info_.calls; }
    // Writes what has changed.
    void Write(int64_t last_used_at_ms);

 private:
    SessionTableEntries &entries_;
    std::optional<uint32_t> entry_;
    shm::SessionInfo info_;
    bool written_ = false;  // the entry is as info_ says
};

}  // namespace kalam::worker::rpc
