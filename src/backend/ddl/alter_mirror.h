// Carries the difference between two shapes of a table over to the server. Called by alter_table.cc after the local
// change. Dropped columns are not its business: the object access hook hears of them (drop.cc).
#pragma once

#include "backend/ddl/table_shape.h"
#include "backend/pg.h"

namespace kalam::backend::ddl {

// Refuses what the server or the stored rows cannot take before anything is changed remotely: 0A000, 23502 for NOT
// NULL where rows have none. Every change made is undone with the transaction.
void MirrorDifference(const TableShape &before, const TableShape &after);

}  // namespace kalam::backend::ddl
