// Finds, adds and reads versions of rows; see rows.h.
#include "devserver/store/rows.h"

#include <utility>

namespace kalam::devserver {

namespace {

// The version as the view sees it, sharing ownership with the chain's head; null when it sees none.
VersionPtr Visible(const VersionPtr &newest, const ReadView &view) {
    const Version *seen = newest->At(view.snapshot);
    if (seen == nullptr || (seen->deleted && !view.tombstones) || seen->seq < view.min_seq) return nullptr;
    return VersionPtr(newest, seen);
}

}  // namespace

Version::~Version() {
    VersionPtr next = std::move(previous);
    while (next && next.use_count() == 1) {
        // Versions are made non-const; nobody else can reach this one any more.
        next = std::move(const_cast<Version &>(*next).previous);
    }
}

const Version *Version::At(uint64_t snapshot) const {
    const Version *version = this;
    while (version != nullptr && !version->cold && version->commit_seq > snapshot) {
        version = version->previous.get();
    }
    return version;
}

VersionPtr RowStore::Find(const std::string &user, const std::string &key) const {
    const auto partition = partitions_.find(user);
    if (partition == partitions_.end()) return nullptr;
    const auto row = partition->second.by_key.find(key);
    return row == partition->second.by_key.end() ? nullptr : row->second->newest;
}

void RowStore::Put(const std::string &key, std::shared_ptr<Version> version, uint64_t highest_snapshot) {
    Partition &partition = partitions_[version->user];
    if (version->cold) NoteFlushed(partition, *version);  // loaded from the journal
    if (is_stream_) {
        partition.rows.push_back({key, std::move(version)});
        return;
    }
    const auto found = partition.by_key.find(key);
    if (found == partition.by_key.end()) {
        Row &row = partition.rows.emplace_back(Row{key, std::move(version)});
        partition.by_key.emplace(row.key, &row);
        return;
    }
    VersionPtr &newest = found->second->newest;
    const bool still_seen = newest->commit_seq <= highest_snapshot;
    version->previous = still_seen ? newest : newest->previous;
    newest = std::move(version);
}

std::vector<VersionPtr> RowStore::Remove(const std::string &user, const std::string &key) {
    std::vector<VersionPtr> removed;
    const auto partition = partitions_.find(user);
    if (partition == partitions_.end()) return removed;
    std::erase_if(partition->second.rows, [&](Row &row) {
        if (row.key != key) return false;
        removed.push_back(std::move(row.newest));
        return true;
    });
    return removed;
}

std::vector<VersionPtr> RowStore::RemoveBefore(const std::string &user, int64_t seq) {
    std::vector<VersionPtr> removed;
    const auto partition = partitions_.find(user);
    if (partition == partitions_.end()) return removed;
    std::deque<Row> &rows = partition->second.rows;
    while (!rows.empty() && rows.front().newest->seq < seq) {
        removed.push_back(std::move(rows.front().newest));
        rows.pop_front();
    }
    return removed;
}

std::vector<VersionPtr> RowStore::Read(const ReadView &view) const {
    std::vector<VersionPtr> out;
    if (view.user != nullptr) {
        const auto partition = partitions_.find(*view.user);
        if (partition != partitions_.end()) ReadPartition(partition->second, view, out);
        return out;
    }
    for (const auto &[user, partition] : partitions_) ReadPartition(partition, view, out);
    return out;
}

void RowStore::ReadPartition(const Partition &partition, const ReadView &view,
                             std::vector<VersionPtr> &out) const {
    size_t hot = 0;
    out.reserve(out.size() + partition.rows.size());
    for (const Row &row : partition.rows) {
        VersionPtr version = Visible(row.newest, view);
        if (!version) continue;
        if (!version->cold && ++hot > view.hot_cap) continue;
        out.push_back(std::move(version));
    }
}

std::vector<VersionPtr> RowStore::ReadKey(const ReadView &view, const std::string &key) const {
    std::vector<VersionPtr> out;
    const auto look = [&](const Partition &partition) {
        const auto row = partition.by_key.find(key);
        if (row == partition.by_key.end()) return;
        if (VersionPtr version = Visible(row->second->newest, view)) out.push_back(std::move(version));
    };
    if (view.user != nullptr) {
        const auto partition = partitions_.find(*view.user);
        if (partition != partitions_.end()) look(partition->second);
        return out;
    }
    for (const auto &[user, partition] : partitions_) look(partition);
    return out;
}

size_t RowStore::Flush() {
    size_t flushed = 0;
    for (auto &[user, partition] : partitions_) {
        for (Row &row : partition.rows) {
            if (row.newest->cold) continue;
            if (!row.newest->deleted) NoteFlushed(partition, *row.newest);
            auto cold = std::make_shared<Version>(*row.newest);
            cold->cold = true;
            cold->previous = nullptr;
            row.newest = std::move(cold);
            ++flushed;
        }
    }
    return flushed;
}

void RowStore::NoteFlushed(Partition &partition, const Version &version) {
    if (!partition.has_files) partition.in_files.assign(version.cells.size(), true);
    partition.has_files = true;
    if (partition.in_files.size() > version.cells.size()) partition.in_files.resize(version.cells.size());
    for (size_t slot = 0; slot < partition.in_files.size(); ++slot) {
        if (version.cells[slot].is_null()) partition.in_files[slot] = false;
    }
}

bool RowStore::FilesLack(const std::string *user, int slot) const {
    const size_t index = static_cast<size_t>(slot);
    for (const auto &[owner, partition] : partitions_) {
        if (!partition.has_files || (user != nullptr && owner != *user)) continue;
        if (index >= partition.in_files.size() || !partition.in_files[index]) return true;
    }
    return false;
}

bool RowStore::HasFiles(const std::string &user) const {
    const auto partition = partitions_.find(user);
    return partition != partitions_.end() && partition->second.has_files;
}

std::vector<std::string> RowStore::Users() const {
    std::vector<std::string> users;
    for (const auto &[user, partition] : partitions_) users.push_back(user);
    return users;
}

bool RowStore::HasHotRows() const {
    for (const auto &[user, partition] : partitions_) {
        for (const Row &row : partition.rows) {
            if (!row.newest->cold) return true;
        }
    }
    return false;
}

}  // namespace kalam::devserver
