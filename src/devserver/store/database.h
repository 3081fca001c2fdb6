// Everything the server stores: namespaces, tables with their rows, storages, accounts.
// One lock guards it all. Readers take `ReadLock`, copy what they need (definitions and versions are immutable and
// shared), and let go before they encode anything; writers take `WriteLock`, change memory, and commit the journal
// before they let go, so nobody reads what is not yet durable.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <shared_mutex>
#include <string>
#include <utility>
#include <vector>

#include "devserver/clock.h"
#include "devserver/ids.h"
#include "devserver/store/journal.h"
#include "devserver/store/rows.h"
#include "devserver/store/schema.h"

namespace kalam::devserver {

struct Table {
    explicit Table(TableDefPtr d) : def(std::move(d)), rows(def->kind == sql::TableKind::kStream) {}
    TableDefPtr def;  // replaced by DDL
    RowStore rows;
};

struct Namespace {
    std::string name;
    std::string options_json = "{}";
    int64_t created_ms = 0;
};

struct StorageInfo {
    std::string id, name, description, type = "filesystem", base_directory;
    int64_t created_ms = 0, updated_ms = 0;
};

struct Account {
    std::string name, auth_type, password_hash, role;
    std::optional<std::string> email;
    int64_t created_ms = 0, updated_ms = 0;
    std::optional<int64_t> deleted_ms;
};

class Database {
 public:
    // Loads the data file. Throws std::runtime_error.
    Database(const std::string &path, const Clock &clock);

    class ReadLock {
     public:
        explicit ReadLock(const Database &db) : lock_(db.mutex_) {}

     private:
        std::shared_lock<std::shared_mutex> lock_;
    };
    // Commits the journal at its end, also when the writer failed half-way: what it changed before stays.
    class WriteLock {
     public:
        explicit WriteLock(Database &db) : db_(db), lock_(db.mutex_) {}
        ~WriteLock() { db_.journal_.Commit(); }
        WriteLock(const WriteLock &) = delete;
        WriteLock &operator=(const WriteLock &) = delete;

     private:
        Database &db_;
        std::unique_lock<std::shared_mutex> lock_;
    };

    // The functions below need a lock: the const ones any, the others a WriteLock.

    const Namespace *FindNamespace(const std::string &name) const;
    const std::map<std::string, Namespace> &namespaces() const { return namespaces_; }
    void PutNamespace(Namespace ns);
    void DropNamespace(const std::string &name);  // and its tables

    Table *FindTable(const sql::TableName &name);
    const Table *FindTable(const sql::TableName &name) const;
    std::vector<TableDefPtr> Tables() const;  // by namespace and name
    void CreateTable(TableDef def);           // gives it its id
    void AlterTable(TableDef def);            // same id
    void DropTable(const sql::TableName &name);

    // Gives `version` its _seq and commit_seq, and makes it the newest.
    void Put(Table &table, const std::string &key, std::shared_ptr<Version> version);
    size_t RemoveFromStream(Table &table, const std::string &user, const std::string &key);
    // Forgets rows of a stream that are older than `seq`.
    void EvictFromStream(Table &table, const std::string &user, int64_t seq);
    // Moves the table's rows to cold storage; false when there was nothing to move.
    bool Flush(Table &table);
    // Writers of one request or one transaction share a commit sequence: taken once, before the first Put.
    void NextCommit() { ++commit_seq_; }

    const std::map<std::string, StorageInfo> &storages() const { return storages_; }
    void PutStorage(StorageInfo storage);
    void DropStorage(const std::string &id);
    const std::map<std::string, Account> &accounts() const { return accounts_; }
    void PutAccount(Account account);

    // Snapshots of open transactions: they keep older versions readable.
    uint64_t OpenSnapshot();
    void CloseSnapshot(uint64_t snapshot);

    const Clock &clock() const { return clock_; }

 private:
    void Load();
    void LoadObject(std::string_view kind, std::string_view name, std::string_view json);
    void AddTable(TableDef def);
    void AddBuiltIns();
    uint64_t HighestSnapshot() const { return snapshots_.empty() ? 0 : *snapshots_.rbegin(); }

    const Clock &clock_;
    SeqSource seqs_;
    mutable std::shared_mutex mutex_;
    Journal journal_;
    std::map<std::string, Namespace> namespaces_;
    std::map<std::pair<std::string, std::string>, std::unique_ptr<Table>> tables_;
    std::map<int64_t, Table *> tables_by_id_;
    std::map<std::string, StorageInfo> storages_;
    std::map<std::string, Account> accounts_;
    std::multiset<uint64_t> snapshots_;
    int64_t last_table_id_ = 0;
    uint64_t commit_seq_ = 0;
};

}  // namespace kalam::devserver
