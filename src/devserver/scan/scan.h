// Runs one Scan: which rows, which columns, as one Arrow batch.
// Called by the service without any lock; takes the Database's ReadLock only to collect the rows.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "devserver/scan/filter.h"
#include "devserver/store/database.h"
#include "devserver/tx/coordinator.h"

namespace kalam::devserver {

struct ScanRequest {
    sql::TableName table;
    sql::TableKind kind = sql::TableKind::kShared;  // as the request said: decides whose rows are seen
    std::string user;                               // "anonymous" when none was given
    std::vector<std::string> columns;               // empty: all
    EqualityFilters filters;
    std::optional<uint64_t> limit;  // honoured only together with filters
};

// One complete Arrow IPC stream. `scope`: what an open transaction adds; null outside of one. hot_cap: rows that are
// read from hot storage without an equality filter.
std::string RunScan(const Database &db, const ScanRequest &request,
                    const TransactionCoordinator::ReadScope *scope, size_t hot_cap);

}  // namespace kalam::devserver
