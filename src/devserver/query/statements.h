// Runs one SQL statement of ExecuteSql or ExecuteQuery, as user pg-extension with role dba, outside any transaction.
// Called by the service without any lock. A refusal is an RpcError (Internal).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "devserver/core.h"

namespace kalam::devserver::query {

struct Answer {
    std::string message;
    bool is_rows = false;  // a query: ExecuteSql tells only their number
    size_t row_count = 0;
    std::vector<std::string> batches;  // Arrow IPC streams of at most 1024 rows; none for no rows
};

Answer RunStatement(Core &core, std::string_view sql);

}  // namespace kalam::devserver::query
