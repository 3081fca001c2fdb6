// Reads a stored row as its table's columns show it now. Called by scans and by the SQL engine's tables.
// Pure functions; need no lock, since versions and definitions do not change.
#pragma once

#include "devserver/store/rows.h"
#include "devserver/store/schema.h"
#include "devserver/values/result.h"

namespace kalam::devserver {

// The cell in the column's current type: an absent cell is NULL, or the invented value of a NOT NULL column; a cell
// stored under another type is cast. A failure's text: "Failed to coerce column 'a': Unable to cast value ...".
Result<Value> ReadCell(const Version &version, const Column &column);

// KalamDB reads rows into Arrow batches and flushed rows out of files, old versions among them: where a NOT NULL column has
// no value there, and it makes none up, the whole read fails. Its text for the one and the other.
bool IsUnreadable(const Version &version, const Column &column);
std::string UnreadableText(const Column &column);
bool HasUnreadableFiles(const RowStore &rows, const std::string *user, const Column &column);
std::string UnreadableFilesText(const Column &column);

// "shared_table_scan"
const char *ScanName(sql::TableKind kind);

}  // namespace kalam::devserver
