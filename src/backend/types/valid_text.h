// Whether the texts of an Arrow column may go into a UTF-8 database as they are. Called by column_decoder.cc once per
// batch: one pass over all cells together costs a fraction of one for each. Raises nothing, allocates nothing.
#pragma once

#include "backend/types/arrow_reader.h"

namespace kalam::backend::types {

// For a verified column of ArrowKind::kText. False where any cell, also one that is NULL, holds bytes that
// are no UTF-8, a zero byte, or part of a character; such a column must be looked at cell by cell.
bool HoldsValidUtf8(const ArrowColumn &column);

}  // namespace kalam::backend::types
