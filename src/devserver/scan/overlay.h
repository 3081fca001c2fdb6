// What a transaction's own writes do to the rows it reads. Called by scan.cc. Pure.
#pragma once

#include <vector>

#include "devserver/store/rows.h"
#include "devserver/store/schema.h"
#include "devserver/tx/transaction.h"

namespace kalam::devserver {

// Staged inserts are appended, updates merged into the row of their key, deletes taken out. KalamDB applies this after
// the filters and does not filter it: an update whose row was filtered away appears as a row of its own, with nothing
// but the changed cells. Rows that the transaction touched have _seq 0.
std::vector<VersionPtr> ApplyOverlay(const TableDef &def, std::vector<VersionPtr> rows,
                                     const std::vector<MutationPtr> &writes);

}  // namespace kalam::devserver
