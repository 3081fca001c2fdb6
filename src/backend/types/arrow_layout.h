// Lays a record batch's buffers over the fields of its schema, checking every one. Called by arrow_reader.cc.
#pragma once

#include "backend/types/arrow_reader.h"
#include "backend/types/ipc_format.h"

namespace kalam::backend::types {

// `fields` as the schema describes them (kinds, widths, names, children), without rows or buffers; filled in
// here. `body` is the message's body. Raises on anything that does not fit.
void LayOutBatch(const arrow::RecordBatch *batch, std::string_view body, ArrowColumn *fields, int field_count,
                 int64_t *rows);

}  // namespace kalam::backend::types
