// Reads one cell of a stored row; see cells.h.
#include "devserver/scan/cells.h"

#include "devserver/values/coerce.h"

namespace kalam::devserver {

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

}  // namespace kalam::devserver
