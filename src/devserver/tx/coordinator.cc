// The states of transactions and the refusals between them; see coordinator.h.
#include "devserver/tx/coordinator.h"

#include "devserver/error.h"
#include "devserver/ids.h"

namespace kalam::devserver {

namespace {

std::string Quoted(const std::string &id) {
    return "'" + id + "'";
}

[[noreturn]] void Refuse(const std::string &why) {
    Throw(Code::kFailedPrecondition, "Invalid operation: " + why);
}

std::string Colon(const sql::TableName &table) {
    return table.ns + ":" + table.table;
}

}  // namespace

const char *NameOf(TxState state) {
    switch (state) {
        case TxState::kOpenRead:
            return "open_read";
        case TxState::kOpenWrite:
            return "open_write";
        case TxState::kCommitting:
            return "committing";
        case TxState::kTimedOut:
            return "timed_out";
        case TxState::kAborted:
            return "aborted";
    }
    return "";
}

const char *GroupOf(sql::TableKind kind) {
    return kind == sql::TableKind::kShared ? "data:shared:00" : "data:user:00";
}

std::string TransactionCoordinator::Begin(const std::string &owner_key, const std::string &owner_id) {
    const std::lock_guard lock(mutex_);
    if (const auto open = id_of_owner_.find(owner_key); open != id_of_owner_.end()) {
        EndLocked(std::string(open->second));
    }
    auto tx = std::make_unique<Transaction>();
    tx->started_ms = db_.clock().UnixMillis();
    tx->last_activity_ms = tx->started_ms;
    tx->id = NewUuidV7(tx->started_ms);
    tx->owner_key = owner_key;
    tx->owner_id = owner_id;
    tx->snapshot = db_.OpenSnapshot();
    const std::string id = tx->id;
    id_of_owner_[owner_key] = id;
    by_id_[id] = std::move(tx);
    return id;
}

std::string TransactionCoordinator::ActiveOf(const std::string &owner_key) {
    const std::lock_guard lock(mutex_);
    const auto found = id_of_owner_.find(owner_key);
    return found == id_of_owner_.end() ? std::string() : found->second;
}

void TransactionCoordinator::Stage(const std::string &id, const std::vector<MutationPtr> &writes) {
    const std::lock_guard lock(mutex_);
    Transaction &tx = GetLocked(id);
    CheckOpenLocked(tx, "stage writes in");
    for (const MutationPtr &write : writes) {
        BindLocked(tx, write->table, write->table_kind, write->user);
        tx.write_bytes += write->bytes;
        if (tx.write_bytes > limits_.max_buffer_bytes) {
            tx.state = TxState::kAborted;
            tx.mutations.clear();
            Refuse("transaction " + Quoted(id) + " exceeded buffer limit of " +
                   std::to_string(limits_.max_buffer_bytes) + " bytes and was aborted");
        }
        tx.mutations.push_back(write);
        tx.touched_tables.insert(write->table.Dotted());
    }
    if (!writes.empty()) tx.state = TxState::kOpenWrite;
    tx.last_activity_ms = db_.clock().UnixMillis();
}

TransactionCoordinator::ReadScope TransactionCoordinator::Read(const std::string &id,
                                                               const sql::TableName &table,
                                                               sql::TableKind kind, const std::string &user) {
    const std::lock_guard lock(mutex_);
    Transaction &tx = GetLocked(id);
    ExpireLocked(tx);
    if (tx.state > TxState::kOpenWrite) {
        Throw(Code::kFailedPrecondition, "transaction " + Quoted(id) + " is " + NameOf(tx.state));
    }
    BindLocked(tx, table, kind, user);
    tx.last_activity_ms = db_.clock().UnixMillis();
    ReadScope scope{tx.snapshot, {}};
    for (const MutationPtr &write : tx.mutations) {
        const bool same_user = kind == sql::TableKind::kShared || write->user == user;
        if (write->table == table && same_user) scope.writes.push_back(write);
    }
    return scope;
}

std::vector<MutationPtr> TransactionCoordinator::TakeForCommit(const std::string &id) {
    const std::lock_guard lock(mutex_);
    Transaction &tx = GetLocked(id);
    CheckOpenLocked(tx, "commit");
    std::vector<MutationPtr> writes = std::move(tx.mutations);
    EndLocked(id);
    return writes;
}

void TransactionCoordinator::Rollback(const std::string &id) {
    const std::lock_guard lock(mutex_);
    GetLocked(id);
    EndLocked(id);
}

void TransactionCoordinator::Forget(const std::string &id) {
    const std::lock_guard lock(mutex_);
    EndLocked(id);
}

bool TransactionCoordinator::IsLive(const std::string &id) {
    const std::lock_guard lock(mutex_);
    const auto found = by_id_.find(id);
    if (found == by_id_.end()) return false;
    ExpireLocked(*found->second);
    return found->second->state <= TxState::kOpenWrite;
}

std::vector<Transaction> TransactionCoordinator::List() {
    const std::lock_guard lock(mutex_);
    std::vector<Transaction> all;
    for (const auto &[id, tx] : by_id_) {
        ExpireLocked(*tx);
        all.push_back(*tx);
    }
    return all;
}

Transaction &TransactionCoordinator::GetLocked(const std::string &id) {
    const auto found = by_id_.find(id);
    if (found == by_id_.end()) {
        Throw(Code::kFailedPrecondition, "Not found: transaction " + Quoted(id) + " not found");
    }
    return *found->second;
}

// Marks a transaction that was idle for too long; its writes are gone from then on.
void TransactionCoordinator::ExpireLocked(Transaction &tx) {
    if (tx.state > TxState::kOpenWrite) return;
    if (db_.clock().UnixMillis() - tx.last_activity_ms < limits_.timeout_ms) return;
    tx.state = TxState::kTimedOut;
    tx.mutations.clear();
}

void TransactionCoordinator::CheckOpenLocked(Transaction &tx, const char *doing) {
    ExpireLocked(tx);
    const std::string what = std::string("cannot ") + doing + " transaction " + Quoted(tx.id);
    if (tx.state == TxState::kTimedOut) Refuse(what + " because it timed out and was aborted");
    if (tx.state == TxState::kAborted) Refuse(what + " because it was aborted");
    if (tx.state > TxState::kOpenWrite) Refuse(what + " while it is " + NameOf(tx.state));
}

// A transaction lives in one data raft group: that of its first access.
void TransactionCoordinator::BindLocked(Transaction &tx, const sql::TableName &table, sql::TableKind kind,
                                        const std::string &user) {
    if (kind == sql::TableKind::kStream) {
        Refuse("stream tables are not supported inside explicit transactions");
    }
    if (kind == sql::TableKind::kSystem) {
        Refuse("system tables are not supported inside explicit transactions");
    }
    if (kind == sql::TableKind::kUser && user.empty()) {
        Refuse("transactional access to user table '" + Colon(table) + "' requires user_id");
    }
    const char *group = GroupOf(kind);
    if (tx.group.empty()) tx.group = group;
    if (tx.group == group) return;
    Refuse("explicit transaction " + Quoted(tx.id) + " is already bound to data raft group '" + tx.group +
           "' and cannot access table '" + Colon(table) + "' in group '" + group + "'");
}

void TransactionCoordinator::EndLocked(const std::string &id) {
    const auto found = by_id_.find(id);
    if (found == by_id_.end()) return;
    db_.CloseSnapshot(found->second->snapshot);
    const auto owner = id_of_owner_.find(found->second->owner_key);
    if (owner != id_of_owner_.end() && owner->second == id) id_of_owner_.erase(owner);
    by_id_.erase(found);
}

}  // namespace kalam::devserver
