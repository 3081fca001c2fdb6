// The settings of the extension: every kalam.* parameter is one row of a table in guc.cc. Defined by
// _PG_init; read as plain variables by src/backend, and by name (GetConfigOption, base units as given here)
// by src/worker, whose library does not share this one's variables.
//
//   name                            level       unit   default    range                  read by
//   kalam.queue_length              postmaster         1024       16..8192               module
//   kalam.slots_per_backend         postmaster         4          1..16                  module
//   kalam.request_pool_size         postmaster  kB     16 MB      8 MB..256 MB           module
//   kalam.answer_pool_size          postmaster  kB     32 MB      8 MB..256 MB           module
//   kalam.connect_timeout           SIGHUP      ms     5 s        100 ms..10 min         worker
//   kalam.request_timeout           SIGHUP      ms     60 s       0 (none)..24 h         worker
//   kalam.keepalive_interval        SIGHUP      ms     20 s       0 (off)..1 h           worker
//   kalam.max_message_size          SIGHUP      bytes  1 GB       4 MB..2 GB - 1         worker
//   kalam.group_inserts             SIGHUP             on                                worker
//   kalam.group_max_rows            SIGHUP             1000       1..100000              worker
//   kalam.group_max_bytes           SIGHUP      bytes  1 MB       1 kB..4000 kB          worker
//   kalam.quick_ack                 SIGHUP             on                                worker
//   kalam.session_warm_time         SIGHUP      ms     60 s       0..30 min              worker
//   kalam.carrier_idle_time         SIGHUP      ms     60 s       1 s..30 min            worker
//   kalam.worker_log_level          SIGHUP             log        warning, log, debug    worker
//   kalam.worker_start_timeout      user        ms     5 s        0..10 min              client
//   kalam.pipeline_window           user               4          1..64                  fdw
//   kalam.spin_limit                user        us     400        0 (off)..10000         client
//   kalam.bulk_load                 user               off                               xact
//   kalam.flush_capped_scans        user               off                               fdw
//   kalam.mirror_ddl                user               on                                ddl
//   kalam.savepoint_journal_limit   user        kB     16 MB      0..1 GB                xact
//   kalam.hot_row_cap               user               100000     1..2147483647          fdw
//   kalam.user_id                   superuser          (unset)                           endpoint
//
// Without shared_preload_libraries the rows of the postmaster level are not defined: nothing reads them then.
#pragma once

#include <cstdint>

#include "backend/pg.h"

namespace kalam::backend::guc {

inline constexpr char kUserIdName[] = "kalam.user_id";

// Sizes of shared memory.
extern int queue_length;
extern int slots_per_backend;
extern int request_pool_kb;
extern int answer_pool_kb;

// What backends read.
extern int worker_start_timeout_ms;     // how long a statement waits for a worker that is not ready
extern int pipeline_window;             // calls in flight of one statement
extern int spin_limit_us;               // answers that usually come this soon are waited for awake
extern int savepoint_journal_limit_kb;  // what a subtransaction may have to stage again
extern bool bulk_load;                  // large INSERTs in plain requests, not atomic
extern bool flush_capped_scans;         // flush and read again instead of refusing a capped scan
extern int hot_row_cap;                 // hot rows at which the server cuts a scan
extern bool mirror_ddl;                 // DDL acts on the server too; off: on the local definitions only
extern char *user_id;                   // may be blank; read it through CurrentUserId (endpoint.h)

// Defines all parameters. Once, from _PG_init. `preloaded`: called from shared_preload_libraries.
void DefineAll(bool preloaded);

}  // namespace kalam::backend::guc
