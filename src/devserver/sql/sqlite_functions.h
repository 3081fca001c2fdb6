// The functions that planned queries call in SQLite: NOW, SNOWFLAKE_ID, UUID_V7, ULID, CURRENT_USER, casts, LIKE by bytes,
// dates, and texts.
// Called once per SQLite connection; the functions run on the thread that steps the statement.
#pragma once

#include <sqlite3.h>

#include <cstdint>
#include <functional>
#include <string>

namespace kalam::devserver::sql {

// Where the functions without arguments take their answers from. Copied at registration.
struct FunctionSources {
    std::function<std::int64_t()> now_micros;
    std::function<std::int64_t()> snowflake_id;
    std::function<std::string()> uuid_v7;
    std::function<std::string()> ulid;
    std::string current_user = "pg-extension";
    std::string current_role = "dba";
};

// Returns SQLite's code. Every function has a kalam_ name that users' SQL cannot reach (planned text only holds
// names that the planner knows). A function that fails makes its text, complete ("Execution error: Arrow error: Divide
// by zero error"), the statement's error. NOW is read once per connection: a connection serves one statement.
int RegisterFunctions(sqlite3 *connection, const FunctionSources &sources);

}  // namespace kalam::devserver::sql
