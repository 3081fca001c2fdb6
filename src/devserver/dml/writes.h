// The typed writes of the PgService: autocommit, and the commit of a transaction.
// Called by the service's handlers without any lock; takes the Database's WriteLock itself.
#pragma once

#include <string>
#include <vector>

#include "devserver/dml/table_ops.h"
#include "devserver/store/database.h"
#include "devserver/tx/transaction.h"

namespace kalam::devserver {

// What a typed request names.
struct WriteTarget {
    sql::TableName table;
    sql::TableKind kind = sql::TableKind::kShared;
    std::string user;  // empty: none given
};

// All rows or none. Throws RpcError (Internal) with the applier's chain of texts.
size_t InsertRows(Database &db, const WriteTarget &target, const std::vector<RowCells> &rows);
size_t UpdateRow(Database &db, const WriteTarget &target, const std::string &key, const RowCells &changes);
size_t DeleteRow(Database &db, const WriteTarget &target, const std::string &key);

// Applies the writes in order. Throws TableError whose text is what follows "failed to commit transaction '...': ".
// Keys of inserts are looked at before anything is stored; any other failure leaves what was stored before it.
void CommitWrites(Database &db, const std::vector<MutationPtr> &writes);

}  // namespace kalam::devserver
