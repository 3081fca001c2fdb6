// Wraps the work of table_ops.h in the two paths to it, autocommit and commit, with the texts of each.
#include "devserver/dml/writes.h"

#include <set>
#include <tuple>

#include "devserver/error.h"

namespace kalam::devserver {

namespace {

constexpr char kProvider[] = "Provider error: ";
constexpr char kExecution[] = "Provider error: Execution error: ";

std::string Colon(const sql::TableName &name) {
    return name.ns + ":" + name.table;
}

std::string PartitionOf(sql::TableKind kind, const std::string &user) {
    return kind == sql::TableKind::kShared ? std::string() : user;
}

// The table, if it is there and of the kind that the request named. Texts begin at "Provider error: ".
Table &Resolve(Database &db, const sql::TableName &name, sql::TableKind kind) {
    Table *table = db.FindTable(name);
    const bool shared = kind == sql::TableKind::kShared;
    if (table == nullptr) {
        throw TableError(std::string(kProvider) + (shared ? "Shared table" : "Table") +
                         " provider not found: " + Colon(name));
    }
    if (table->def->kind != kind) {
        throw TableError(std::string(kExecution) + "Provider type mismatch for " + sql::LowerName(kind) +
                         " table " + Colon(name));
    }
    return *table;
}

// Runs one autocommit write, and gives a failure the texts of the layers it passes.
template <typename Action>
size_t Autocommit(Database &db, const WriteTarget &target, const std::string &failing, Action action) {
    const Database::WriteLock lock(db);
    try {
        Table &table = Resolve(db, target.table, target.kind);
        db.NextCommit();
        TableOps ops(db, table, PartitionOf(target.kind, target.user));
        try {
            return action(ops);
        } catch (const TableError &error) {
            throw TableError(kExecution + failing + error.text());
        }
    } catch (const TableError &error) {
        Throw(Code::kInternal, "Raft error: Internal error: " + error.text());
    }
}

TableOps OpsFor(Database &db, const Mutation &write) {
    Table &table = Resolve(db, write.table, write.table_kind);
    return TableOps(db, table, PartitionOf(write.table_kind, write.user));
}

bool IsOneInsertBatch(const std::vector<MutationPtr> &writes) {
    const Mutation &first = *writes.front();
    for (const MutationPtr &write : writes) {
        if (write->kind != Mutation::Kind::kInsert || write->table != first.table ||
            write->table_kind != first.table_kind || write->user != first.user) {
            return false;
        }
    }
    return true;
}

// Refuses keys that are stored already or staged twice, before anything is applied.
void CheckInsertKeys(Database &db, const std::vector<MutationPtr> &writes, bool one_batch) {
    std::set<std::tuple<std::string, std::string, std::string>> seen;
    for (const MutationPtr &write : writes) {
        if (write->kind != Mutation::Kind::kInsert) continue;
        const TableOps ops = OpsFor(db, *write);
        if (ops.KeyIsGenerated()) continue;
        const std::string key = ops.KeyOf(write->cells);
        const std::string prefix = std::string(kExecution) + "Failed to insert batch row: ";
        if (!seen.emplace(write->table.Dotted(), write->user, key).second) {
            throw TableError(
                prefix +
                DuplicateKeyText(ops.def(), key, "appears multiple times in the transaction batch for"));
        }
        if (!ops.Exists(key)) continue;
        const std::string text = prefix + DuplicateKeyText(ops.def(), key, "already exists in");
        const bool user_batch = one_batch && write->table_kind == sql::TableKind::kUser;
        throw TableError(user_batch ? text : text + " " + ops.StorageOf(key));
    }
}

void CommitInsertBatch(Database &db, const std::vector<MutationPtr> &writes) {
    TableOps ops = OpsFor(db, *writes.front());
    std::vector<RowCells> rows;
    rows.reserve(writes.size());
    for (const MutationPtr &write : writes) rows.push_back(write->cells);
    try {
        ops.Store(ops.PrepareUnchecked(rows));
    } catch (const TableError &error) {
        throw TableError(std::string(kExecution) + "Failed to insert batch rows: " + error.text());
    }
}

void CommitOne(Database &db, const Mutation &write) {
    TableOps ops = OpsFor(db, write);
    const char *failing = "";
    try {
        switch (write.kind) {
            case Mutation::Kind::kInsert: {
                failing = "Failed to insert batch row: ";
                std::vector<PreparedRow> rows;
                rows.push_back(ops.PrepareRaw(write.cells));
                ops.Store(std::move(rows));
                return;
            }
            case Mutation::Kind::kUpdate:
                failing = "Failed to update row: ";
                ops.Update(write.key, write.cells);
                return;
            case Mutation::Kind::kDelete:
                failing = "Failed to delete row: ";
                ops.Delete(write.key);
                return;
        }
    } catch (const TableError &error) {
        throw TableError(std::string(kExecution) + failing + error.text());
    }
}

}  // namespace

size_t InsertRows(Database &db, const WriteTarget &target, const std::vector<RowCells> &rows) {
    const bool stream = target.kind == sql::TableKind::kStream;
    const char *failing = stream ? "Failed to insert stream batch: " : "Failed to insert batch: ";
    return Autocommit(db, target, failing, [&rows](TableOps &ops) {
        ops.Store(ops.Prepare(rows));
        return rows.size();
    });
}

size_t UpdateRow(Database &db, const WriteTarget &target, const std::string &key, const RowCells &changes) {
    return Autocommit(db, target,
                      "Failed to update row: ", [&](TableOps &ops) { return ops.Update(key, changes); });
}

size_t DeleteRow(Database &db, const WriteTarget &target, const std::string &key) {
    return Autocommit(db, target, "Failed to delete row: ", [&](TableOps &ops) { return ops.Delete(key); });
}

void CommitWrites(Database &db, const std::vector<MutationPtr> &writes) {
    if (writes.empty()) return;
    const Database::WriteLock lock(db);
    db.NextCommit();
    try {
        const bool one_batch = IsOneInsertBatch(writes);
        CheckInsertKeys(db, writes, one_batch);
        if (one_batch) return CommitInsertBatch(db, writes);
        for (const MutationPtr &write : writes) CommitOne(db, *write);
    } catch (const TableError &error) {
        throw TableError("Raft error: " + error.text());
    }
}

}  // namespace kalam::devserver
