// Cells as JSON: nested types here, scalars through their text.
#include "backend/types/arrow_json.h"

#include <cmath>

#include "backend/types/arrow_cells.h"
#include "backend/types/arrow_text.h"
#include "backend/types/json_text.h"
#include "backend/types/type_map.h"

namespace kalam::backend::types {

namespace {

// Scalars whose text is JSON already.
bool IsJsonLiteral(const ArrowColumn &column, int64_t row) {
    return column.kind == ArrowKind::kBool || column.kind == ArrowKind::kInt ||
           column.kind == ArrowKind::kDecimal ||
           (column.kind == ArrowKind::kFloat && std::isfinite(FloatAt(column, row)));
}

void AppendItems(StringInfo out, const ArrowColumn &items, CellRange range) {
    appendStringInfoChar(out, '[');
    for (int64_t i = range.from; i < range.to; ++i) {
        if (i > range.from) appendStringInfoChar(out, ',');
        AppendCellAsJson(out, items, i);
    }
    appendStringInfoChar(out, ']');
}

void AppendStruct(StringInfo out, const ArrowColumn &column, int64_t row) {
    appendStringInfoChar(out, '{');
    for (int i = 0; i < column.child_count; ++i) {
        if (i > 0) appendStringInfoChar(out, ',');
        AppendJsonString(out, column.children[i].name);
        appendStringInfoChar(out, ':');
        AppendCellAsJson(out, column.children[i], row);
    }
    appendStringInfoChar(out, '}');
}

void AppendQuotedText(StringInfo out, const ArrowColumn &column, int64_t row) {
    appendStringInfoChar(out, '"');
    // Hex begins with a backslash.
    if (IsBinary(column) && !IsUuid(column)) appendStringInfoChar(out, '\\');
    AppendCellText(out, column, row);
    appendStringInfoChar(out, '"');
}

}  // namespace

void AppendJsonString(StringInfo out, std::string_view utf8) {
    appendStringInfoChar(out, '"');
    AppendEscaped(out, FromUtf8(utf8));
    appendStringInfoChar(out, '"');
}

void AppendCellAsJson(StringInfo out, const ArrowColumn &column, int64_t row) {
    if (column.IsNull(row)) return appendStringInfoString(out, "null");
    switch (column.kind) {
        case ArrowKind::kList:
        case ArrowKind::kLargeList:
        case ArrowKind::kFixedList:
        case ArrowKind::kMap:
            return AppendItems(out, column.children[0], RangeAt(column, row));
        case ArrowKind::kStruct:
            return AppendStruct(out, column, row);
        default:
            break;
    }
    if (IsText(column)) return AppendJsonString(out, BytesAt(column, row));
    if (IsJsonLiteral(column, row)) return AppendCellText(out, column, row);
    AppendQuotedText(out, column, row);
}

}  // namespace kalam::backend::types
