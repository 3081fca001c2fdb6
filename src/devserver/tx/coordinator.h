// The open transactions: one per owner, staged in memory until commit.
// Called by the PgService handlers. Thread-safe: one mutex; snapshots are opened and closed at the Database
// (coordinator's mutex first, then the database's lock; never the other way round).
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "devserver/clock.h"
#include "devserver/store/database.h"
#include "devserver/tx/transaction.h"

namespace kalam::devserver {

struct TxLimits {
    int64_t timeout_ms = 300'000;  // of inactivity
    size_t max_buffer_bytes = 104'857'600;
};

class TransactionCoordinator {
 public:
    TransactionCoordinator(Database &db, TxLimits limits) : db_(db), limits_(limits) {}

    // Opens a transaction for the owner; one that is open already is rolled back. Returns its id.
    std::string Begin(const std::string &owner_key, const std::string &owner_id);

    // The id of the owner's transaction, whatever its state, or empty.
    std::string ActiveOf(const std::string &owner_key);

    // Adds writes of one request to the transaction. Throws FailedPrecondition when the transaction is not open,
    // when the table cannot be part of it, or when the buffer is full (which aborts it).
    void Stage(const std::string &id, const std::vector<MutationPtr> &writes);

    // What a Scan inside the transaction needs: the snapshot, and the staged writes of one table.
    struct ReadScope {
        uint64_t snapshot;
        std::vector<MutationPtr> writes;
    };
    ReadScope Read(const std::string &id, const sql::TableName &table, sql::TableKind kind,
                   const std::string &user);

    // Takes the transaction out for commit and returns its writes. Throws FailedPrecondition.
    std::vector<MutationPtr> TakeForCommit(const std::string &id);
    void Rollback(const std::string &id);
    // Rolls back what there is, without complaint.
    void Forget(const std::string &id);

    bool IsLive(const std::string &id);
    std::vector<Transaction> List();

    size_t max_buffer_bytes() const { return limits_.max_buffer_bytes; }

 private:
    using Entry = std::unique_ptr<Transaction>;

    Transaction &GetLocked(const std::string &id);
    void ExpireLocked(Transaction &tx);
    void CheckOpenLocked(Transaction &tx, const char *doing);
    void BindLocked(Transaction &tx, const sql::TableName &table, sql::TableKind kind,
                    const std::string &user);
    void EndLocked(const std::string &id);

    Database &db_;
    const TxLimits limits_;
    std::mutex mutex_;
    std::map<std::string, Entry> by_id_;              // under mutex_
    std::map<std::string, std::string> id_of_owner_;  // under mutex_
};

}  // namespace kalam::devserver
