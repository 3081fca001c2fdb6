// Casts a cell to the type of its column, with KalamDB's error texts (kalamdb-facts 2.2).
// Called on autocommit inserts, updates, all-insert transactions, SQL inserts, and by scans for cells stored
// under another type. No state; safe from any thread.
#pragma once

#include <string_view>

#include "devserver/values/data_type.h"
#include "devserver/values/kalam_type.h"
#include "devserver/values/result.h"
#include "devserver/values/value.h"

namespace kalam::devserver {

// The value as a column `name` of `type` stores it: equal types unchanged, an untyped NULL becomes a typed
// one, all else is cast. A failure's text has no prefix; the caller adds "Invalid operation: Schema coercion
// failed: " (writes) or "Failed to coerce column 'x': " (scans). uuid says that the column is a UUID, which
// has texts of its own.
Result<Value> CoerceToColumn(Value value, const KalamType &type, std::string_view name);

// The bare Arrow cast; texts begin with "Arrow error: ".
Result<Value> CastValue(const Value &value, const DataType &type);

// What an absent NOT NULL column is given on the typed path: false, 0, 0.0, "", the epoch. A NULL of the
// column's type for the types that have no such value, which the NOT NULL check then refuses.
Value InventedValue(const KalamType &type);

}  // namespace kalam::devserver
