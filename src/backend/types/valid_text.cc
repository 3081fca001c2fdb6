// Verifies whole columns of text (valid_text.h).
#include "backend/types/valid_text.h"

#include "backend/pg.h"

extern "C" {
#include "mb/pg_wchar.h"
}

#include "backend/types/bytes.h"

namespace kalam::backend::types {

namespace {

bool ContinuesCharacter(char byte) {
    return (static_cast<unsigned char>(byte) & 0xc0) == 0x80;
}

}  // namespace

bool HoldsValidUtf8(const ArrowColumn &column) {
    if (column.rows == 0) return true;
    const auto first = LoadAt<int32_t>(column.values, 0);
    const auto size = LoadAt<int32_t>(column.values, column.rows) - first;
    if (size == 0) return true;
    const char *text = reinterpret_cast<const char *>(column.data) + first;
    if (pg_encoding_verifymbstr(PG_UTF8, text, size) != size) return false;
    for (int64_t row = 1; row < column.rows; ++row) {
        const auto at = LoadAt<int32_t>(column.values, row) - first;
        if (at < size && ContinuesCharacter(text[at])) return false;
    }
    return true;
}

}  // namespace kalam::backend::types
