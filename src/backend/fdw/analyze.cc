// ANALYZE of a foreign table: reads it once, as its owner, and keeps a random sample; of a user's rows only their number, since
// everybody who may read the table sees its statistics. Called by ANALYZE (autovacuum leaves foreign tables alone).
#include "backend/fdw/callbacks.h"
#include "backend/fdw/compat.h"
#include "backend/fdw/user_scope.h"
#include "backend/fdw/whole_table.h"

extern "C" {
#include "access/htup_details.h"
#include "catalog/heap.h"
#include "miscadmin.h"
#include "utils/rel.h"
#include "utils/sampling.h"
}

namespace kalam::backend::fdw {

namespace {

// Takes rows as they come: the first `size` of them, then each with the probability that keeps the sample
// even.
struct Sample {
    HeapTuple *rows;
    int size;
    int filled;
    double seen;
    double skip;
    ReservoirStateData reservoir;

    // Where the next row belongs; null: it is not kept.
    HeapTuple *Place() {
        seen += 1;
        if (filled < size) return &rows[filled++];
        if (skip < 0) skip = reservoir_get_next_S(&reservoir, seen - 1, size);
        if (skip-- > 0) return nullptr;
        const int victim = static_cast<int>(size * sampler_random_fract(&reservoir.randstate));
        skip = -1;
        heap_freetuple(rows[victim]);
        return &rows[victim];
    }
};

// Whoever runs ANALYZE, and of whichever partitioned table: PostgreSQL asks in several roles' names.
const Endpoint *EndpointOfOwner(Relation relation, const catalog::TableIdentity *identity) {
    Oid caller;
    int context;
    GetUserIdAndSecContext(&caller, &context);
    SetUserIdAndSecContext(relation->rd_rel->relowner, context | SECURITY_LOCAL_USERID_CHANGE);
    const Endpoint *endpoint = GetEndpoint(identity->server_id);
    SetUserIdAndSecContext(caller, context);
    return endpoint;
}

Sample TakeSample(RowReader *reader, TupleDesc desc, HeapTuple *rows, int size) {
    Sample sample = {.rows = rows, .size = size, .filled = 0, .seen = 0, .skip = -1, .reservoir = {}};
    reservoir_init_selection_state(&sample.reservoir, size);
    auto *values = static_cast<Datum *>(palloc0(sizeof(Datum) * static_cast<size_t>(desc->natts)));
    auto *nulls = static_cast<bool *>(palloc(sizeof(bool) * static_cast<size_t>(desc->natts)));
    const MemoryContext row_context =
        AllocSetContextCreate(CurrentMemoryContext, "kalam sample row", ALLOCSET_SMALL_SIZES);
    while (reader->Next()) {
        compat::AnalyzeDelayPoint();
        HeapTuple *place = sample.Place();
        if (place == nullptr) continue;
        MemoryContextReset(row_context);
        const MemoryContext old = MemoryContextSwitchTo(row_context);
        memset(nulls, true, static_cast<size_t>(desc->natts));
        reader->Decode(values, nulls);
        MemoryContextSwitchTo(old);
        *place = heap_form_tuple(desc, values, nulls);
    }
    MemoryContextDelete(row_context);
    return sample;
}

double CountAll(RowReader *reader) {
    double count = 0;
    while (reader->Next()) {
        compat::AnalyzeDelayPoint();
        count += 1;
    }
    return count;
}

int AcquireSample(Relation relation, int, HeapTuple *rows, int size, double *total, double *dead) {
    const catalog::TableIdentity *identity =
        catalog::CopyTableIdentity(catalog::GetTableIdentity(RelationGetRelid(relation)));
    const TupleDesc desc = RelationGetDescr(relation);
    const Endpoint *endpoint = EndpointOfOwner(relation, identity);
    const char *user = ScopeOfChange(endpoint, identity, "analyze");
    const bool is_private = common::NeedsUser(identity->type);
    const Projection projection = MakeProjection(desc, identity, is_private ? NIL : AllColumns(identity));
    RowReader reader = ReadWholeTable(endpoint, identity, user, &projection);
    *dead = 0;
    if (is_private) {
        *total = CountAll(&reader);
        // What the table may have from a time when it was another one.
        RemoveStatistics(identity->relid, InvalidAttrNumber);
        return 0;
    }
    const Sample sample = TakeSample(&reader, desc, rows, size);
    *total = sample.seen;
    return sample.filled;
}

}  // namespace

bool AnalyzeForeignTable(Relation relation, AcquireSampleRowsFunc *function, BlockNumber *pages) {
    const catalog::TableIdentity *identity = catalog::GetTableIdentity(RelationGetRelid(relation));
    // Without a user there is nothing to look at; an ANALYZE of all tables should go on (with a warning).
    if (common::NeedsUser(identity->type) && CurrentUserId(EndpointOfOwner(relation, identity)) == nullptr)
        return false;
    *function = AcquireSample;
    *pages = 1;  // the server has none; the planner does not use them for foreign tables
    return true;
}

}  // namespace kalam::backend::fdw
