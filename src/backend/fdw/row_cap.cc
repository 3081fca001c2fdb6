// Notices scans that the server may have cut, and cures them where it is allowed to (row_cap.h). Called by
// scans. Remembers for the session which tables are large.
#include "backend/fdw/row_cap.h"

#include "backend/ddl/remote_sql.h"
#include "backend/fdw/row_reader.h"
#include "backend/guc.h"
#include "backend/latch_sleep.h"

extern "C" {
#include "access/xact.h"
}

namespace kalam::backend::fdw {

using catalog::TableIdentity;
using common::Operation;

namespace {

constexpr long kFlushPollMs = 100;
constexpr int kFlushJobs = 2;
// A flush that has not ended after so many polls is not going to.
constexpr int kFlushPolls = 1200;

// No server reads hot rows faster (KalamDB 0.4.2 takes some 5 us).
constexpr double kLeastUsPerRow = 0.5;
// An unfiltered answer with so small a part of the cap shows that a table's filtered ones were slow for another reason.
constexpr int kSmallPart = 4;

List *large_tables = NIL;  // of Oid, in TopMemoryContext: filtered scans took long

// Whether a question to the server's system tables has any answer; `otherwise` where the server does not tell.
bool HasRows(const Endpoint *endpoint, const char *sql, bool otherwise) {
    const Answer answer = TryCall(Request::Sql(endpoint, Operation::kExecuteQuery, sql));
    if (!answer.head.status.Ok()) return otherwise;
    FrameReader frames(answer);
    std::string_view frame;
    if (!frames.Next(frame)) return otherwise;  // the message
    while (frames.Next(frame)) {
        if (types::CountArrowRows(frame) > 0) return true;
    }
    return false;
}

// Whether the table has rows in hot storage: only those can be cut.
bool MayHaveHotRows(const Endpoint *endpoint, const TableIdentity *identity) {
    const char *sql = psprintf(
        "SELECT cache_key FROM system.manifest WHERE namespace_id = '%s' AND table_name = '%s' AND "
        "sync_state <> 'in_sync' LIMIT 1",
        identity->remote_namespace, identity->remote_table);
    return HasRows(endpoint, sql, true);
}

// Waits for jobs that move rows of the table: until one has ended, rows may be read twice or not at all.
void AwaitFlushJobs(const Endpoint *endpoint, const TableIdentity *identity) {
    const char *sql = ddl::UnfinishedJobSql("flush", *identity);
    for (int poll = 0; HasRows(endpoint, sql, false); ++poll) {
        if (poll == kFlushPolls)
            ereport(ERROR, errcode(ERRCODE_FDW_UNABLE_TO_CREATE_EXECUTION),
                    errmsg("flushing KalamDB table \"%s\" does not end", identity->qualified_name));
        SleepOnLatch(kFlushPollMs);
    }
}

// Moves hot rows to cold storage. A job that was under way may have missed the last of them; one more may not.
void Flush(const Endpoint *endpoint, const TableIdentity *identity) {
    const char *sql =
        psprintf("STORAGE FLUSH TABLE %s.%s", identity->remote_namespace, identity->remote_table);
    for (int job = 0; job < kFlushJobs; ++job) {
        (void)Call(Request::Sql(endpoint, Operation::kExecuteSql, sql));
        AwaitFlushJobs(endpoint, identity);
        if (!MayHaveHotRows(endpoint, identity)) return;
    }
}

[[noreturn]] void ThrowCut(const TableIdentity *identity) {
    ereport(
        ERROR, errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
        errmsg("a scan of \"%s\" reached KalamDB's cap of %d hot rows and may be incomplete",
               identity->qualified_name, guc::hot_row_cap),
        errhint("Move its rows to cold storage with SELECT kalam_exec('STORAGE FLUSH TABLE %s.%s'), or SET "
                "kalam.flush_capped_scans = on to have that done; lookups by key are not affected.",
                identity->remote_namespace, identity->remote_table));
    pg_unreachable();
}

}  // namespace

bool MayFilter(const Endpoint *endpoint, const TableIdentity *identity) {
    return !list_member_oid(large_tables, identity->relid) || !MayHaveHotRows(endpoint, identity);
}

bool MayHaveCutFiltered(const Answer &answer, const Endpoint *endpoint, const TableIdentity *identity) {
    const bool quick = static_cast<double>(answer.head.remote_us) < kLeastUsPerRow * guc::hot_row_cap &&
                       CountRows(answer) < guc::hot_row_cap;
    if (quick || !MayHaveHotRows(endpoint, identity)) return false;
    const MemoryContext old = MemoryContextSwitchTo(TopMemoryContext);
    large_tables = list_append_unique_oid(large_tables, identity->relid);
    MemoryContextSwitchTo(old);
    return true;
}

void RequireUncut(const Request &request, const TableIdentity *identity, const Endpoint *endpoint,
                  Answer *answer) {
    const int64_t rows = CountRows(*answer);
    if (rows < guc::hot_row_cap / kSmallPart) large_tables = list_delete_oid(large_tables, identity->relid);
    if (rows < guc::hot_row_cap || !MayHaveHotRows(endpoint, identity)) return;
    if (!guc::flush_capped_scans || request.head.session == common::SessionUse::kTransaction ||
        identity->type == common::TableType::kStream)
        ThrowCut(identity);
    pfree(answer->body);
    Flush(endpoint, identity);
    *answer = Call(request);
    if (CountRows(*answer) >= guc::hot_row_cap && MayHaveHotRows(endpoint, identity)) ThrowCut(identity);
}

}  // namespace kalam::backend::fdw
