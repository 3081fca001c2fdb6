// Cells in and out of SQLite. See sqlite_value.h.
#include "devserver/values/sqlite_value.h"

#include "devserver/values/coerce.h"
#include "devserver/values/value_text.h"

namespace kalam::devserver {
namespace {

enum class Storage { kNull, kInteger, kReal, kText, kBlob, kDecimal };

Storage StorageOf(const Value &value) {
    if (value.is_null()) return Storage::kNull;
    if (IsFloat(value.id())) return Storage::kReal;
    if (IsText(value.id())) return Storage::kText;
    if (value.id() == TypeId::kDecimal128) return Storage::kDecimal;
    if (IsBinary(value.id()) || value.id() == TypeId::kFixedSizeBinary || value.id() == TypeId::kEmbedding)
        return Storage::kBlob;
    return Storage::kInteger;
}

std::string_view CellText(sqlite3_value *cell) {
    // The pointer first: sqlite3_value_bytes must see the converted form.
    const auto *text = reinterpret_cast<const char *>(sqlite3_value_text(cell));
    return text == nullptr ? std::string_view()
                           : std::string_view(text, static_cast<std::size_t>(sqlite3_value_bytes(cell)));
}

std::string_view CellBlob(sqlite3_value *cell) {
    const auto *blob = static_cast<const char *>(sqlite3_value_blob(cell));
    return blob == nullptr ? std::string_view()
                           : std::string_view(blob, static_cast<std::size_t>(sqlite3_value_bytes(cell)));
}

Value ReadDecimal(sqlite3_value *cell, const DataType &type) {
    const Value found = sqlite3_value_type(cell) == SQLITE_INTEGER ? Value::Int(sqlite3_value_int64(cell))
                        : sqlite3_value_type(cell) == SQLITE_FLOAT ? Value::Double(sqlite3_value_double(cell))
                                                                   : Value::Text(CellText(cell));
    auto decimal = CastValue(found, type);
    return decimal ? std::move(*decimal) : Value::Null(type);
}

Value ReadInteger(sqlite3_value *cell, const DataType &type) {
    const bool text = sqlite3_value_type(cell) == SQLITE_TEXT;
    if (!text || IsInteger(type.id) || type.id == TypeId::kBoolean)
        return Value::Int(sqlite3_value_int64(cell), type);
    auto time =
        CastValue(Value::Text(CellText(cell)), type);  // a date or time that an expression gave as text
    return time ? std::move(*time) : Value::Null(type);
}

Value ReadEmbedding(sqlite3_value *cell, const DataType &type) {
    const std::string_view raw = CellBlob(cell);
    if (raw.size() != static_cast<std::size_t>(type.size) * sizeof(float)) return Value::Null(type);
    return Value::Text(raw, type);
}

}  // namespace

int BindValue(sqlite3_stmt *statement, int index, const Value &value) {
    switch (StorageOf(value)) {
        case Storage::kNull:
            return sqlite3_bind_null(statement, index);
        case Storage::kReal:
            return sqlite3_bind_double(statement, index, value.as_double());
        case Storage::kInteger:
            return sqlite3_bind_int64(statement, index, value.as_int());
        case Storage::kText:
            return sqlite3_bind_text64(statement, index, value.bytes().data(), value.bytes().size(),
                                       SQLITE_STATIC, SQLITE_UTF8);
        case Storage::kBlob:
            return sqlite3_bind_blob64(statement, index, value.bytes().data(), value.bytes().size(),
                                       SQLITE_STATIC);
        case Storage::kDecimal: {
            const std::string text = DecimalText(value.as_decimal(), value.scale());
            return sqlite3_bind_text64(statement, index, text.data(), text.size(), SQLITE_TRANSIENT,
                                       SQLITE_UTF8);
        }
    }
    return SQLITE_MISUSE;
}

void ResultValue(sqlite3_context *context, const Value &value) {
    switch (StorageOf(value)) {
        case Storage::kNull:
            return sqlite3_result_null(context);
        case Storage::kReal:
            return sqlite3_result_double(context, value.as_double());
        case Storage::kInteger:
            return sqlite3_result_int64(context, value.as_int());
        case Storage::kText:
            return sqlite3_result_text64(context, value.bytes().data(), value.bytes().size(),
                                         SQLITE_TRANSIENT, SQLITE_UTF8);
        case Storage::kBlob:
            return sqlite3_result_blob64(context, value.bytes().data(), value.bytes().size(),
                                         SQLITE_TRANSIENT);
        case Storage::kDecimal: {
            const std::string text = DecimalText(value.as_decimal(), value.scale());
            return sqlite3_result_text64(context, text.data(), text.size(), SQLITE_TRANSIENT, SQLITE_UTF8);
        }
    }
}

Value ReadValue(sqlite3_stmt *statement, int index, const DataType &type) {
    return ReadValue(sqlite3_column_value(statement, index), type);
}

Value ReadValue(sqlite3_value *cell, const DataType &type) {
    if (type.id == TypeId::kNull || sqlite3_value_type(cell) == SQLITE_NULL) return Value();
    if (IsFloat(type.id)) return Value::Double(sqlite3_value_double(cell), type);
    if (IsText(type.id)) return Value::Text(CellText(cell), type);
    if (type.id == TypeId::kDecimal128) return ReadDecimal(cell, type);
    if (type.id == TypeId::kEmbedding) return ReadEmbedding(cell, type);
    if (IsBinary(type.id) || type.id == TypeId::kFixedSizeBinary) return Value::Bytes(CellBlob(cell), type);
    return ReadInteger(cell, type);
}

}  // namespace kalam::devserver
