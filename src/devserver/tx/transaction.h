// One explicit transaction: its staged writes and its state.
// Owned by the TransactionCoordinator; everything here is read and written under the coordinator's mutex, except
// `mutations`' elements, which never change once staged.
#pragma once

#include <cstdint>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "devserver/sql/statement.h"
#include "devserver/values/row_json.h"

namespace kalam::devserver {

enum class TxState : uint8_t { kOpenRead, kOpenWrite, kCommitting, kTimedOut, kAborted };

// "open_write": as system.transactions and error texts print it.
const char *NameOf(TxState state);

struct Mutation {
    enum class Kind : uint8_t { kInsert, kUpdate, kDelete };
    Kind kind = Kind::kInsert;
    sql::TableName table;
    sql::TableKind table_kind = sql::TableKind::kShared;  // as the request said
    std::string user;                                     // empty for shared tables
    std::string key;                                      // text of the key
    RowCells cells;                                       // of an insert: the row; of an update: what changes
    size_t bytes = 0;                                     // counted against the buffer limit
};
using MutationPtr = std::shared_ptr<const Mutation>;

struct Transaction {
    std::string id;
    std::string owner_key;
    std::string owner_id;  // session id as given at BEGIN
    TxState state = TxState::kOpenRead;
    uint64_t snapshot = 0;
    int64_t started_ms = 0;
    int64_t last_activity_ms = 0;
    std::string group;  // data raft group the transaction is bound to; empty until its first access
    std::vector<MutationPtr> mutations;
    size_t write_bytes = 0;
    std::set<std::string> touched_tables;
};

// The raft group of a table as a one-shard cluster names it.
const char *GroupOf(sql::TableKind kind);

}  // namespace kalam::devserver
