// Polls system.jobs (await_cleanup.h). A job takes some 60 ms, so there is rarely more than one question.
#include "backend/ddl/await_cleanup.h"

#include "backend/ddl/remote_rows.h"
#include "backend/ddl/remote_sql.h"
#include "backend/latch_sleep.h"

namespace kalam::backend::ddl {

namespace {

constexpr long kPollMs = 20;
constexpr int kPolls = 500;  // 10 s

}  // namespace

void AwaitCleanup(const Endpoint *endpoint, const catalog::TableIdentity &identity) {
    const char *sql = UnfinishedJobSql("drop", identity);
    for (int poll = 0; poll < kPolls; ++poll) {
        if (QueryRemote(endpoint, sql).rows == NIL) return;
        SleepOnLatch(kPollMs);
    }
    ereport(
        ERROR,
        (errcode(ERRCODE_OBJECT_IN_USE),
         errmsg("KalamDB has not finished dropping a former table \"%s.%s\"", identity.remote_namespace,
                identity.remote_table),
         errhint("Look at its jobs with SELECT kalam_exec('SELECT * FROM system.jobs'), and try again.")));
}

}  // namespace kalam::backend::ddl
