// Rows as SQLite reads them: the stored rows of a table, or rows made for the occasion (system tables).
// Implemented by table_source.cc and by the system tables; called by virtual_table.cc on the thread that runs the query.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "devserver/arrow/ipc_writer.h"
#include "devserver/values/result.h"
#include "devserver/values/value.h"

namespace kalam::devserver::query {

class RowList {
 public:
    virtual ~RowList() = default;
    virtual size_t size() const = 0;
    virtual Result<Value> Cell(size_t row, size_t column) const = 0;
};

class RowSource {
 public:
    virtual ~RowSource() = default;
    virtual const std::vector<arrow::Field> &fields() const = 0;
    // The column whose equality with a text or an integer can be looked up; -1: none.
    virtual int lookup_column() const { return -1; }
    // All rows, or those under a key. The same rows for as long as the statement runs.
    virtual std::shared_ptr<const RowList> Open(const std::optional<std::string> &key) = 0;
};

// Rows in memory, with their fields: a system table, or the answer of DESCRIBE.
struct Rows {
    std::vector<arrow::Field> fields;
    std::vector<std::vector<Value>> rows;
};

class MemorySource : public RowSource, public RowList, public std::enable_shared_from_this<MemorySource> {
 public:
    explicit MemorySource(Rows rows) : rows_(std::move(rows)) {}

    const std::vector<arrow::Field> &fields() const override { return rows_.fields; }
    std::shared_ptr<const RowList> Open(const std::optional<std::string> &) override {
        return shared_from_this();
    }
    size_t size() const override { return rows_.rows.size(); }
    Result<Value> Cell(size_t row, size_t column) const override { return rows_.rows[row][column]; }

 private:
    const Rows rows_;
};

}  // namespace kalam::devserver::query
