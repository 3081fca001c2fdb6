// The engine's lines in the server log.
#include "backend/pg.h"

extern "C" {
#include "utils/guc.h"
}

#include "worker/worker.h"

namespace kalam::worker {

namespace {

// The least level of a LogLine that is written.
int LeastLevel() {
    const char *text = GetConfigOption("kalam.worker_log_level", true, false);
    if (text == nullptr || strcmp(text, "log") == 0) return 1;
    return strcmp(text, "debug") == 0 ? 0 : 2;
}

}  // namespace

void WriteLog(rpc::Engine *engine) {
    rpc::LogLine line;
    while (rpc::NextLogLine(engine, line)) {
        if (line.level < LeastLevel()) continue;
        ereport(line.level >= 2 ? WARNING : LOG, (errmsg_internal("pg_kalam: %s", line.text)));
    }
}

}  // namespace kalam::worker
