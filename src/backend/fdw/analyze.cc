// ANALYZE of a foreign table: reads it once and keeps a random sample. Called by ANALYZE (autovacuum leaves
// foreign tables alone).
#include "backend/fdw/callbacks.h"
#include "backend/fdw/compat.h"
#include "backend/fdw/whole_table.h"

extern "C" {
#include "access/htup_details.h"
#include "utils/builtins.h"
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

int AcquireSample(Relation relation, int, HeapTuple *rows, int size, double *total, double *dead) {
    const catalog::TableIdentity *identity =
        catalog::CopyTableIdentity(catalog::GetTableIdentity(RelationGetRelid(relation)));
    const TupleDesc desc = RelationGetDescr(relation);
    const Endpoint *endpoint = GetEndpoint(identity->server_id);
    const char *user = common::NeedsUser(identity->type) ? CurrentUserId(endpoint) : nullptr;
    const Projection projection = MakeProjection(desc, identity, AllColumns(identity));
    RowReader reader = ReadWholeTable(endpoint, identity, user, &projection);

    Sample sample = {.rows = rows, .size = size, .filled = 0, .seen = 0, .skip = -1, .reservoir = {}};
    reservoir_init_selection_state(&sample.reservoir, size);
    auto *values = static_cast<Datum *>(palloc0(sizeof(Datum) * static_cast<size_t>(desc->natts)));
    auto *nulls = static_cast<bool *>(palloc(sizeof(bool) * static_cast<size_t>(desc->natts)));
    const MemoryContext row_context =
        AllocSetContextCreate(CurrentMemoryContext, "kalam sample row", ALLOCSET_SMALL_SIZES);
    while (reader.Next()) {
        compat::AnalyzeDelayPoint();
        HeapTuple *place = sample.Place();
        if (place == nullptr) continue;
        MemoryContextReset(row_context);
        const MemoryContext old = MemoryContextSwitchTo(row_context);
        memset(nulls, true, static_cast<size_t>(desc->natts));
        reader.Decode(values, nulls);
        if (projection.user_id != InvalidAttrNumber && user != nullptr) {
            values[projection.user_id - 1] = CStringGetTextDatum(user);
            nulls[projection.user_id - 1] = false;
        }
        MemoryContextSwitchTo(old);
        *place = heap_form_tuple(desc, values, nulls);
    }
    MemoryContextDelete(row_context);
    *total = sample.seen;
    *dead = 0;
    return sample.filled;
}

}  // namespace

bool AnalyzeForeignTable(Relation relation, AcquireSampleRowsFunc *function, BlockNumber *pages) {
    const catalog::TableIdentity *identity = catalog::GetTableIdentity(RelationGetRelid(relation));
    // Without a user there is nothing to look at; an ANALYZE of all tables should go on (with a warning).
    if (common::NeedsUser(identity->type) && CurrentUserId(GetEndpoint(identity->server_id)) == nullptr)
        return false;
    *function = AcquireSample;
    *pages = 1;  // the server has none; the planner does not use them for foreign tables
    return true;
}

}  // namespace kalam::backend::fdw
