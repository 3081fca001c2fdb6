// The functions that planned queries call in SQLite: NOW, SNOWFLAKE_ID, UUID_V7, ULID, CURRENT_USER, casts of
// times and decimals, JSON operators, LIKE by bytes. Called once per SQLite connection; the functions run on
// that connection's thread.
#pragma once

#include <sqlite3.h>

#include <cstdint>
#include <string>

namespace kalam::devserver::sql {

// Returns SQLite's code. Every function is registered under a kalam_ name that users' SQL cannot reach.
int RegisterFunctions(sqlite3 *connection);

std::int64_t SnowflakeId();  // ms since the Unix epoch << 22 | counter, as the SQL function gives (not
                             // comparable with _seq)
std::string UuidV7();
std::string Ulid();
std::int64_t NowMicros();

}  // namespace kalam::devserver::sql
