// Writes one complete Arrow IPC stream (schema, one record batch, end of stream) out of cells.
// Called by the Scan and ExecuteQuery handlers. One writer belongs to one thread.
//
//     BatchWriter writer(fields, rows.size());
//     for (const auto &row : rows)
//         for (size_t i = 0; i < fields.size(); ++i) writer.Append(i, row[i]);
//     response->add_ipc_batches(writer.Finish());
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "devserver/values/kalam_type.h"
#include "devserver/values/value.h"

namespace kalam::devserver::arrow {

struct Field {
    std::string name;
    DataType type;
    bool nullable = true;
    std::vector<std::pair<std::string, std::string>> metadata;  // sorted by key when written
};

// A column of a table: carries kalam_data_type and kalam_column_flags as KalamDB sets them
// (a key has ["pk","nn","uq"], another NOT NULL column ["nn"]).
Field TableField(std::string name, const KalamType &type, bool not_null, bool key);

class ColumnBuilder;

class BatchWriter {
 public:
    // fields must outlive the writer. expected_rows only reserves memory.
    BatchWriter(std::span<const Field> fields, std::size_t expected_rows);
    ~BatchWriter();
    BatchWriter(const BatchWriter &) = delete;
    BatchWriter &operator=(const BatchWriter &) = delete;

    // Appends a cell to a column. The value must be NULL or have the field's type (Float64 for Float32 is
    // rounded, integer widths are interchangeable). A NULL in a non-nullable field is written as a zero.
    void Append(std::size_t column, const Value &value);

    // The whole stream. Every column must have got the same number of cells. The writer is empty afterwards.
    std::string Finish();

 private:
    std::span<const Field> fields_;
    std::vector<std::unique_ptr<ColumnBuilder>> columns_;
};

}  // namespace kalam::devserver::arrow
