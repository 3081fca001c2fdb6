// The rows of one table in memory: per user, by key, in versions.
// Owned by a Table (database.h); every call is made under the database's lock: reads shared, writes exclusive.
// Versions are immutable and shared, so a scan takes pointers under the lock and reads them without it.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "devserver/store/schema.h"
#include "devserver/values/value.h"

namespace kalam::devserver {

struct Version;
using VersionPtr = std::shared_ptr<const Version>;

// One state of one row.
//   commit_seq  counts commits; a snapshot sees what is not greater than itself
//   cold        flushed: always visible, whatever the snapshot, and not counted by the cap on hot rows
//   previous    the newest older version that some open snapshot may still need; null nearly always
//   cells       by slot; beyond the end, and untyped NULL: the row has no such cell
struct Version {
    int64_t seq = 0;
    uint64_t commit_seq = 0;
    bool deleted = false;
    bool cold = false;
    VersionPtr previous;
    std::string user;
    std::vector<Value> cells;

    Version() = default;
    Version(const Version &) = default;
    ~Version();  // frees a long chain of older versions without recursion

    // The newest version, this or an older one, that `snapshot` may see; null when there is none.
    const Version *At(uint64_t snapshot) const;
};

inline constexpr uint64_t kLatest = UINT64_MAX;

// What a scan wants.
struct ReadView {
    const std::string *user = nullptr;  // null: all users
    uint64_t snapshot = kLatest;
    bool tombstones = false;    // also rows whose newest version is a deletion
    size_t hot_cap = SIZE_MAX;  // hot rows a partition gives at most
    int64_t min_seq = 0;        // streams: older versions have expired
};

class RowStore {
 public:
    explicit RowStore(bool is_stream) : is_stream_(is_stream) {}

    // The newest version under a key, deletions included; null when the key was never there.
    VersionPtr Find(const std::string &user, const std::string &key) const;
    // Makes `version` the newest under its key (streams: appends). `oldest_needed` is the highest snapshot that is
    // open, or 0: it decides which older version stays reachable.
    void Put(const std::string &key, std::shared_ptr<Version> version, uint64_t highest_snapshot);
    // Streams: removes all rows that have the key; returns their versions.
    std::vector<VersionPtr> Remove(const std::string &user, const std::string &key);

    // Streams: removes the user's rows older than `seq`; returns their versions.
    std::vector<VersionPtr> RemoveBefore(const std::string &user, int64_t seq);

    // Rows in the order of their first insertion, users in the order of their names.
    std::vector<VersionPtr> Read(const ReadView &view) const;
    // At most one row per user: the one with this key.
    std::vector<VersionPtr> ReadKey(const ReadView &view, const std::string &key) const;

    // Marks every version as cold; returns how many were hot.
    size_t Flush();
    bool HasHotRows() const;
    // Whether rows were ever flushed, and one of them had no value in this slot when it was. The files stay as they were,
    // whatever becomes of the rows. `user` null: of any user.
    bool FilesLack(const std::string *user, int slot) const;
    bool HasFiles(const std::string &user) const;
    std::vector<std::string> Users() const;
    // Calls `visit(key, version)` for the newest version of every row.
    template <typename Visit>
    void ForEach(Visit visit) const {
        for (const auto &[user, partition] : partitions_) {
            for (const Row &row : partition.rows) visit(row.key, row.newest);
        }
    }

 private:
    struct Row {
        std::string key;
        VersionPtr newest;
    };
    struct Partition {
        std::deque<Row> rows;                                // references stay valid: by_key points into it
        std::unordered_map<std::string_view, Row *> by_key;  // empty for streams
        bool has_files = false;
        std::vector<bool> in_files;  // by slot: every flushed row had a value
    };

    static void NoteFlushed(Partition &partition, const Version &version);
    void ReadPartition(const Partition &partition, const ReadView &view, std::vector<VersionPtr> &out) const;

    const bool is_stream_;
    std::map<std::string, Partition> partitions_;
};

}  // namespace kalam::devserver
