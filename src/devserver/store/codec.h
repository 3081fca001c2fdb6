// How rows and table definitions are written into the data file. Called by the journal only. Pure functions.
// Rows: for each present cell slot u16, type id u8, flags u8, precision u8, scale i8, size i32, then the payload:
// 8 bytes, 16 for decimals, length u32 and bytes for texts, binaries and embeddings; little-endian.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "devserver/store/schema.h"
#include "devserver/values/value.h"

namespace kalam::devserver {

std::string EncodeCells(const std::vector<Value> &cells);
// Throws std::runtime_error when the bytes are not what EncodeCells writes.
std::vector<Value> DecodeCells(std::string_view bytes);

// JSON, so that a data file can be read by a person.
std::string EncodeTable(const TableDef &def);
TableDef DecodeTable(std::string_view json);

}  // namespace kalam::devserver
