// Prints cells of a verified Arrow column as JSON, for kalam_exec. Called by functions/.
//
// Numbers and decimals are JSON numbers with all their digits (NaN and infinities are strings, as in to_json);
// text is a string; dates, times and timestamps are ISO 8601 strings, with Z where the type has a zone; 16
// bytes of fixed width are a UUID, other binary is hex as bytea prints it ("\\x01ff"); lists and maps are
// arrays, structs objects; NULL is null. The output is in the database's encoding.
#pragma once

#include "backend/pg.h"
#include "backend/types/arrow_reader.h"

namespace kalam::backend::types {

void AppendCellAsJson(StringInfo out, const ArrowColumn &column, int64_t row);

// A JSON string with its quotes: `utf8` is UTF-8, verified and converted to the database's encoding.
void AppendJsonString(StringInfo out, std::string_view utf8);

}  // namespace kalam::backend::types
