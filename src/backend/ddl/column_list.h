// Rewrites the column list of a CREATE TABLE, or one column of ALTER TABLE ADD COLUMN, from what users write for
// KalamDB into what PostgreSQL takes for a foreign table: PRIMARY KEY becomes the column option `key`, SERIAL and
// IDENTITY become DEFAULT snowflake_id(), FILE and EMBEDDING(n) become local types with the option `kalam_type`.
// Works on parse trees (copies, the caller's); changes no catalog, makes no remote call.
#pragma once

#include "backend/pg.h"
#include "common/table_type.h"

extern "C" {
#include "nodes/parsenodes.h"
}

namespace kalam::backend::ddl {

// What is known before the list is read, and what reading it finds out.
struct ColumnListContext {
    common::TableType type = common::TableType::kShared;
    // A dump declares _seq and _userid, and local names that stand for others; whoever creates a table must not.
    bool is_restored = false;
    // Whether _seq and _userid are added: not to partitions and other children, which have their parent's columns.
    bool adds_system_columns = true;
    const char *key = nullptr;  // out: the column that PRIMARY KEY or the option `key` names
};

// The rewritten list. Raises 0A000 for what KalamDB has not (composite keys, UNIQUE, FOREIGN KEY, EXCLUDE), 42P16
// for declared system columns. TableLikeClause elements must have been expanded (like_clause.h).
List *RewriteColumnList(List *elements, ColumnListContext *context);

// The same for a single column.
void RewriteColumn(ColumnDef *column, ColumnListContext *context);

// Gives a definition a column option, in place of one of that name.
void SetColumnOption(ColumnDef *column, const char *name, const char *value);

}  // namespace kalam::backend::ddl
