// The twelve RPCs of the service by number, in the order of proto/kalam_pg.proto (the order of the counters in
// shm/stats.h). Values only.
#pragma once

#include <array>
#include <cstdint>
#include <string>

#include "shm/stats.h"

namespace kalam::worker::rpc {

enum class Rpc : uint8_t {
    kPing,
    kOpenSession,
    kCloseSession,
    kScan,
    kInsert,
    kUpdate,
    kDelete,
    kBegin,
    kCommit,
    kRollback,
    kExecuteSql,
    kExecuteQuery,
};

// "/kalamdb.pg.PgService/Ping" and so on; static storage.
const std::string &MethodPath(Rpc rpc);

// Whether a call whose answer is lost may have changed something.
constexpr bool Writes(Rpc rpc) {
    return rpc == Rpc::kInsert || rpc == Rpc::kUpdate || rpc == Rpc::kDelete || rpc == Rpc::kCommit ||
           rpc == Rpc::kExecuteSql;
}

}  // namespace kalam::worker::rpc
