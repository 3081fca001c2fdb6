// libFuzzer target: the row JSON reader, and everything a row's cells go through before they are stored or sent.
// Built with -Dfuzzers=true and clang++; run as: row_json_fuzz corpus/row_json
#include <cstdint>
#include <cstdlib>

#include "devserver/arrow/ipc_writer.h"
#include "devserver/values/coerce.h"
#include "devserver/values/row_json.h"
#include "devserver/values/value_text.h"

using namespace kalam::devserver;

namespace {

const std::vector<KalamType> &Types() {
    static const std::vector<KalamType> types = [] {
        std::vector<KalamType> all;
        for (const char *name :
             {"BOOLEAN", "SMALLINT", "INT", "BIGINT", "FLOAT", "DOUBLE", "TEXT", "DATE", "TIME", "TIMESTAMP",
              "DATETIME", "BYTES", "UUID", "DECIMAL(10, 2)", "DECIMAL(38, 0)", "EMBEDDING(3)"})
            all.push_back(*FromSqlName(name));
        return all;
    }();
    return types;
}

void Exercise(const Value &value) {
    std::vector<arrow::Field> fields;
    std::vector<Value> cells;
    for (const KalamType &type : Types()) {
        const auto coerced = CoerceToColumn(value, type, "c");
        if (!coerced) continue;
        if (!((*coerced).type() == ArrowType(type))) std::abort();  // a column must get its own type
        fields.push_back(arrow::TableField("c", type, false, false));
        cells.push_back(*coerced);
        ToText(*coerced);
        Compare(value, *coerced);
        ParseKey(ToText(*coerced), ArrowType(type));
    }
    arrow::BatchWriter writer(fields, 1);
    for (std::size_t i = 0; i < cells.size(); ++i) writer.Append(i, cells[i]);
    writer.Finish();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size) {
    const auto row = ReadRowJson({reinterpret_cast<const char *>(data), size});
    if (!row) return 0;
    for (const RowCell &cell : *row) Exercise(cell.value);
    return 0;
}
