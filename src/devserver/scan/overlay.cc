// Merges a transaction's staged writes into the rows it reads; see overlay.h.
#include "devserver/scan/overlay.h"

#include <map>
#include <string>
#include <unordered_map>
#include <vector>

#include "devserver/values/value_text.h"

namespace kalam::devserver {

namespace {

struct Staged {
    bool deleted = false;
    std::shared_ptr<Version> changes = std::make_shared<Version>();
    std::vector<bool> given;  // by slot: NULL may be a change, or none
};

// The staged state of each key, in the order the keys were first touched.
class StagedRows {
 public:
    explicit StagedRows(const TableDef &def) : def_(def) {}

    void Apply(const Mutation &write) {
        const auto [found, fresh] = index_.emplace(write.user + '\0' + write.key, rows_.size());
        if (fresh) rows_.emplace_back();
        Staged &row = rows_[found->second];
        if (write.kind != Mutation::Kind::kUpdate) row = Staged{};
        row.deleted = write.kind == Mutation::Kind::kDelete;
        row.changes->user = write.user;
        Merge(write.cells, row);
    }

    // The staged row of a key, which is then no longer pending; null when there is none.
    Staged *Take(const std::string &user, const std::string &key) {
        const auto found = index_.find(user + '\0' + key);
        if (found == index_.end()) return nullptr;
        taken_.insert({found->second, true});
        return &rows_[found->second];
    }

    template <typename Visit>
    void ForEachPending(Visit visit) {
        for (size_t i = 0; i < rows_.size(); ++i) {
            if (!taken_.contains(i)) visit(rows_[i]);
        }
    }

 private:
    void Merge(const RowCells &cells, Staged &row) {
        Version &version = *row.changes;
        for (const RowCell &cell : cells) {
            const int index = def_.FindColumn(cell.name);
            if (index < 0 || def_.columns[index].system()) continue;
            const size_t slot = static_cast<size_t>(def_.columns[index].slot);
            if (slot >= version.cells.size()) version.cells.resize(slot + 1);
            if (slot >= row.given.size()) row.given.resize(slot + 1);
            version.cells[slot] = cell.value;
            row.given[slot] = true;
        }
    }

    const TableDef &def_;
    std::vector<Staged> rows_;
    std::unordered_map<std::string, size_t> index_;
    std::map<size_t, bool> taken_;
};

VersionPtr MergeOnto(const Version &base, const Staged &row) {
    const Version &changes = *row.changes;
    auto merged = std::make_shared<Version>();
    merged->user = base.user;
    merged->cells = base.cells;
    if (merged->cells.size() < changes.cells.size()) merged->cells.resize(changes.cells.size());
    for (size_t slot = 0; slot < changes.cells.size(); ++slot) {
        if (row.given[slot]) merged->cells[slot] = changes.cells[slot];
    }
    return merged;
}

std::string KeyText(const TableDef &def, const Version &version) {
    const int index = def.KeyColumn();
    if (index < 0) return {};
    const size_t slot = static_cast<size_t>(def.columns[index].slot);
    return slot < version.cells.size() ? StagedKeyText(version.cells[slot]) : std::string();
}

}  // namespace

std::vector<VersionPtr> ApplyOverlay(const TableDef &def, std::vector<VersionPtr> rows,
                                     const std::vector<MutationPtr> &writes) {
    StagedRows staged(def);
    for (const MutationPtr &write : writes) staged.Apply(*write);
    std::vector<VersionPtr> out;
    out.reserve(rows.size());
    for (VersionPtr &row : rows) {
        const Staged *change = staged.Take(row->user, KeyText(def, *row));
        if (change == nullptr) {
            out.push_back(std::move(row));
        } else if (!change->deleted) {
            out.push_back(MergeOnto(*row, *change));
        }
    }
    staged.ForEachPending([&out](const Staged &row) {
        if (!row.deleted) out.push_back(row.changes);
    });
    return out;
}

}  // namespace kalam::devserver
