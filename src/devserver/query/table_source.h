// A stored table as SQLite reads it: the newest version of each row, over all users (of streams,
// the SQL user's).
// Called by the statement runner, on one thread; takes the Database's ReadLock when it is opened.
#pragma once

#include "devserver/query/row_source.h"
#include "devserver/store/database.h"

namespace kalam::devserver::query {

// Whom SQL runs as.
inline constexpr char kSqlUser[] = "pg-extension";

class TableSource : public RowSource {
 public:
    TableSource(const Database &db, TableDefPtr def, size_t hot_cap);

    const std::vector<arrow::Field> &fields() const override { return fields_; }
    int lookup_column() const override { return lookup_column_; }
    std::shared_ptr<const RowList> Open(const std::optional<std::string> &key) override;
    const TableDef &def() const { return *def_; }

 private:
    const Database &db_;
    const TableDefPtr def_;
    const size_t hot_cap_;
    std::vector<arrow::Field> fields_;
    int lookup_column_ = -1;
    std::shared_ptr<const RowList> all_;  // what the statement reads stays the same while it runs
};

}  // namespace kalam::devserver::query
