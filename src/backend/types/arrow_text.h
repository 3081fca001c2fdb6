// Prints scalar cells of a verified Arrow column as text. Called by the JSON printer, and by the decoders where a
// column changed its type under a local column of text.
#pragma once

#include "backend/pg.h"
#include "backend/types/arrow_reader.h"

namespace kalam::backend::types {

// Lists, structs and maps have no text form here.
bool HasTextForm(const ArrowColumn &column);

// Appends a cell that is not NULL, in the database's encoding: numbers with all their digits, ISO 8601 for
// dates and times (2024-02-29T13:00:00.25, with Z where the type has a zone), hex for binary, the text itself for
// text.
void AppendCellText(StringInfo out, const ArrowColumn &column, int64_t row);

}  // namespace kalam::backend::types
