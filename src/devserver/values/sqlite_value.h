// How cells lie in SQLite, where SELECTs run: booleans and integers, dates (days), times and timestamps
// (microseconds) as INTEGER; floats as REAL; texts as TEXT; bytes and UUIDs as BLOB; decimals as TEXT with
// exactly their scale; embeddings as BLOB of native floats. Called by the storage (writing) and the query
// runner (reading). The statement belongs to the caller's thread.
#pragma once

#include <sqlite3.h>

#include "devserver/values/result.h"
#include "devserver/values/value.h"

namespace kalam::devserver {

// Binds by reference: `value` must outlive the next step or reset of the statement. Returns SQLite's code.
int BindValue(sqlite3_stmt *statement, int index, const Value &value);

// Sets the result of a virtual table's column or of a function (copied).
void ResultValue(sqlite3_context *context, const Value &value);

// The column of the current row as a value of `type`, converted leniently (an expression may give another storage
// class). SQLite's NULL has no type: it is an untyped NULL, which every column takes.
Value ReadValue(sqlite3_stmt *statement, int index, const DataType &type);
Value ReadValue(sqlite3_value *cell, const DataType &type);

}  // namespace kalam::devserver
