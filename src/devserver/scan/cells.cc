// Reads one cell of a stored row; see cells.h.
#include "devserver/scan/cells.h"

#include "devserver/values/coerce.h"

namespace kalam::devserver {

namespace {

std::string ContainsNulls(const Column &column) {
    return "Invalid argument error: Column '" + column.name +
           "' is declared as non-nullable but contains null values";
}

}  // namespace

Result<Value> ReadCell(const Version &version, const Column &column) {
    if (column.slot == kSeqSlot) return Value::Int(version.seq);
    if (column.slot == kDeletedSlot) return Value::Bool(version.deleted);
    const size_t slot = static_cast<size_t>(column.slot);
    if (slot >= version.cells.size() || version.cells[slot].id() == TypeId::kNull) {
        return column.not_null ? InventedValue(column.type) : Value::Null(ArrowType(column.type));
    }
    const Value &stored = version.cells[slot];
    if (stored.type() == ArrowType(column.type)) return stored;
    auto cast = CoerceToColumn(stored, column.type, column.name);
    if (!cast) return Fail("Failed to coerce column '" + column.name + "': " + cast.error());
    return cast;
}

bool IsUnreadable(const Version &version, const Column &column) {
    if (!column.not_null || column.system()) return false;
    const size_t slot = static_cast<size_t>(column.slot);
    const bool absent = slot >= version.cells.size() || version.cells[slot].id() == TypeId::kNull;
    return absent ? InventedValue(column.type).is_null() : version.cells[slot].is_null();
}

std::string UnreadableText(const Column &column) {
    return "Failed to build record batch: " + ContainsNulls(column);
}

bool HasUnreadableFiles(const RowStore &rows, const std::string *user, const Column &column) {
    return column.not_null && !column.system() && rows.FilesLack(user, column.slot);
}

std::string UnreadableFilesText(const Column &column) {
    return "Other error: Arrow error - Failed to create projected RecordBatch: " + ContainsNulls(column);
}

const char *ScanName(sql::TableKind kind) {
    static constexpr const char *kScanNames[] = {"user_table_scan", "shared_table_scan", "stream_table_scan",
                                                 "system_table_scan"};
    return kScanNames[static_cast<size_t>(kind)];
}

}  // namespace kalam::devserver
