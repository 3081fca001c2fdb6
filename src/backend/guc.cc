// The table of settings (guc.h is the manual). Called by module.cc at load time; no other file defines a
// parameter. The variables of the worker's rows are written here and read nowhere in this library.
#include "backend/guc.h"

extern "C" {
#include "utils/guc.h"
}

#include <climits>

namespace kalam::backend::guc {

int queue_length = 1024;
int slots_per_backend = 4;
int request_pool_kb = 16 * 1024;
int answer_pool_kb = 32 * 1024;
int worker_start_timeout_ms = 5000;
int pipeline_window = 4;
int spin_limit_us = 400;
int savepoint_journal_limit_kb = 16 * 1024;
bool bulk_load = false;
bool flush_capped_scans = false;
int hot_row_cap = 100000;
bool mirror_ddl = true;
char *user_id = nullptr;

namespace {

// The worker's values live here for PostgreSQL's sake only.
int connect_timeout_ms, request_timeout_ms, keepalive_interval_ms, max_message_bytes;
int group_max_rows, group_max_bytes, session_warm_ms, carrier_idle_ms, worker_log_level;
bool group_inserts, quick_ack;

struct IntRow {
    const char *name;
    const char *description;
    int *variable;
    int fallback;
    int min;
    int max;
    GucContext level;
    int unit;
};

struct BoolRow {
    const char *name;
    const char *description;
    bool *variable;
    bool fallback;
    GucContext level;
};

constexpr int kMinute = 60 * 1000;

// clang-format off
const IntRow kIntRows[] = {
    {"kalam.answer_pool_size", "Shared memory for answers of KalamDB on their way to backends.",
     &answer_pool_kb, 32 * 1024, 8 * 1024, 256 * 1024, PGC_POSTMASTER, GUC_UNIT_KB},
    {"kalam.carrier_idle_time", "Time after which the worker closes a shared session that nobody uses.",
     &carrier_idle_ms, kMinute, 1000, 30 * kMinute, PGC_SIGHUP, GUC_UNIT_MS},
    {"kalam.connect_timeout", "Time to wait for a connection to a KalamDB server.",
     &connect_timeout_ms, 5000, 100, 10 * kMinute, PGC_SIGHUP, GUC_UNIT_MS},
    {"kalam.group_max_bytes", "Largest body of an INSERT request shared by several backends.",
     &group_max_bytes, 1024 * 1024, 1024, 4000 * 1024, PGC_SIGHUP, GUC_UNIT_BYTE},
    {"kalam.group_max_rows", "Most rows of an INSERT request shared by several backends.",
     &group_max_rows, 1000, 1, 100000, PGC_SIGHUP, 0},
    {"kalam.hot_row_cap", "Rows of hot storage at which a KalamDB server cuts a scan.",
     &hot_row_cap, 100000, 1, INT_MAX, PGC_USERSET, 0},
    {"kalam.keepalive_interval", "Time between pings on a connection in use; 0 sends none.",
     &keepalive_interval_ms, 20000, 0, 60 * kMinute, PGC_SIGHUP, GUC_UNIT_MS},
    {"kalam.max_message_size", "Largest answer that is accepted from a KalamDB server.",
     &max_message_bytes, 1 << 30, 4 << 20, INT_MAX, PGC_SIGHUP, GUC_UNIT_BYTE},
    {"kalam.pipeline_window", "Calls that one statement keeps in flight for many keys.",
     &pipeline_window, 4, 1, 64, PGC_USERSET, 0},
    {"kalam.queue_length", "Requests that may wait for the worker.",
     &queue_length, 1024, 16, 8192, PGC_POSTMASTER, 0},
    {"kalam.request_pool_size", "Shared memory for requests on their way to the worker.",
     &request_pool_kb, 16 * 1024, 8 * 1024, 256 * 1024, PGC_POSTMASTER, GUC_UNIT_KB},
    {"kalam.request_timeout", "Time limit of a call whose foreign server has no timeout option; 0: none.",
     &request_timeout_ms, kMinute, 0, 24 * 60 * kMinute, PGC_SIGHUP, GUC_UNIT_MS},
    {"kalam.savepoint_journal_limit", "Staged writes that a rollback to a savepoint can stage again.",
     &savepoint_journal_limit_kb, 16 * 1024, 0, 1024 * 1024, PGC_USERSET, GUC_UNIT_KB},
    {"kalam.session_warm_time", "Time for which an idle KalamDB session is kept alive after its last use.",
     &session_warm_ms, kMinute, 0, 30 * kMinute, PGC_SIGHUP, GUC_UNIT_MS},
    {"kalam.slots_per_backend", "Requests that one backend may have under way at once.",
     &slots_per_backend, 4, 1, 16, PGC_POSTMASTER, 0},
    {"kalam.spin_limit", "Usual time of an answer, in microseconds, up to which a backend that is alone waits awake; 0: never.",
     &spin_limit_us, 400, 0, 10000, PGC_USERSET, 0},
    {"kalam.worker_start_timeout", "Time a statement waits for the background worker to become ready.",
     &worker_start_timeout_ms, 5000, 0, 10 * kMinute, PGC_USERSET, GUC_UNIT_MS},
};

const BoolRow kBoolRows[] = {
    {"kalam.bulk_load", "Sends large INSERTs in plain requests: faster, but not atomic.",
     &bulk_load, false, PGC_USERSET},
    {"kalam.flush_capped_scans", "Flushes a table and reads it again where a scan may have been cut short.",
     &flush_capped_scans, false, PGC_USERSET},
    {"kalam.group_inserts", "Lets the worker send rows of several backends in one request.",
     &group_inserts, true, PGC_SIGHUP},
    {"kalam.mirror_ddl", "Carries CREATE, ALTER and DROP of KalamDB tables out on the server too.",
     &mirror_ddl, true, PGC_USERSET},
    {"kalam.quick_ack", "Acknowledges the server's packets at once, which avoids stalls of 40 ms.",
     &quick_ack, true, PGC_SIGHUP},
};
// clang-format on

const config_enum_entry kLogLevels[] = {
    {"warning", WARNING, false}, {"log", LOG, false}, {"debug", DEBUG1, false}, {nullptr, 0, false}};

void Define(const IntRow &row) {
    DefineCustomIntVariable(row.name, row.description, nullptr, row.variable, row.fallback, row.min, row.max,
                            row.level, row.unit, nullptr, nullptr, nullptr);
}

void Define(const BoolRow &row) {
    DefineCustomBoolVariable(row.name, row.description, nullptr, row.variable, row.fallback, row.level, 0,
                             nullptr, nullptr, nullptr);
}

}  // namespace

void DefineAll(bool preloaded) {
    for (const IntRow &row : kIntRows) {
        if (preloaded || row.level != PGC_POSTMASTER) Define(row);
    }
    for (const BoolRow &row : kBoolRows) Define(row);
    DefineCustomEnumVariable("kalam.worker_log_level", "Least severe messages that the worker logs.", nullptr,
                             &worker_log_level, LOG, kLogLevels, PGC_SIGHUP, 0, nullptr, nullptr, nullptr);
    DefineCustomStringVariable(kUserIdName, "User whose rows of user and stream tables the session works on.",
                               "Blank means none.", &user_id, "", PGC_SUSET, 0, nullptr, nullptr, nullptr);
    // Reserving the prefix removes unknown names with a warning, and those of the postmaster level are
    // unknown when the library is loaded late.
    if (preloaded) MarkGUCPrefixReserved("kalam");
}

}  // namespace kalam::backend::guc
