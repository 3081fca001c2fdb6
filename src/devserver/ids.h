// The ids the server hands out: row versions, transactions, sessions, jobs, and the values of the SQL functions
// SNOWFLAKE_ID, UUID_V7 and ULID. Thread-safe: the random source is thread-local, the counters are atomics.
#pragma once

#include <cstdint>
#include <mutex>
#include <string>

#include "devserver/clock.h"

namespace kalam::devserver {

// Makes `_seq` values: increasing, never repeated, the time of the version in their upper bits.
class SeqSource {
 public:
    explicit SeqSource(const Clock &clock) : clock_(clock) {}
    int64_t Next();
    // Ids given from now on are greater than `seq`: called when stored rows are loaded.
    void RaiseTo(int64_t seq);

 private:
    const Clock &clock_;
    std::mutex mutex_;
    int64_t last_ = 0;
};

// A UUID of version 7 as 36 lower-case characters.
std::string NewUuidV7(int64_t unix_millis);

// A ULID as 26 characters of Crockford's base 32.
std::string NewUlid(int64_t unix_millis);

// SQL's SNOWFLAKE_ID(): milliseconds since 1970 in the upper 41 bits, node 0, a process-wide counter that wraps.
int64_t NewSqlSnowflake(int64_t unix_millis);

// "CL-0123456789ab": the id of a background job.
std::string NewJobId(const char *prefix);

}  // namespace kalam::devserver
