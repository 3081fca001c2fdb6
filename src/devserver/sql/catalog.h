// What the query planner asks the catalog: which tables and columns there are, and how SQLite finds them.
// Implemented by the statement executor; called by query.h while it plans, on the caller's thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "devserver/arrow/ipc_writer.h"

namespace kalam::devserver::sql {

struct SourceTable {
    std::string ns;
    std::string name;
    std::string
        sqlite_source;  // what FROM names in SQLite: a quoted table or a parenthesised SELECT; its columns
                        // are named exactly as `columns`, in the representation of values/sqlite_value.h
    std::vector<arrow::Field> columns;  // in table order, _seq and _deleted included
    int key_column = -1;                // index into columns; -1: none (ordered by _seq)
    bool user_data = true;              // user, shared or stream table: unordered SELECTs come in key order
};

class SqlCatalog {
 public:
    virtual ~SqlCatalog() = default;
    // The table, or null. The pointer stays valid until planning ends. Names are as DataFusion resolved them
    // (folded unless quoted); system and information_schema tables are found the same way.
    virtual const SourceTable *FindTable(std::string_view ns, std::string_view name) = 0;
};

}  // namespace kalam::devserver::sql
