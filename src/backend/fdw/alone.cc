// Proves that a statement is its whole transaction (alone.h).
#include "backend/fdw/alone.h"

#include "backend/fdw/compat.h"

extern "C" {
#include "access/xact.h"
#include "catalog/pg_type.h"
#include "mb/pg_wchar.h"
#include "nodes/plannodes.h"
#include "tcop/pquery.h"
#include "utils/lsyscache.h"
#include "utils/portal.h"
#include "utils/rel.h"

// Of libpq/libpq.h, whose own includes need headers of GSSAPI that are often not installed.
extern int pq_peekbyte(void);
extern void pq_startmsgread(void);
extern void pq_endmsgread(void);
}

namespace kalam::backend::fdw {

namespace {

// Whether the next message of the extended protocol is a Sync that has arrived already.
bool SyncFollows() {
    if (!compat::InputIsBuffered()) return false;
    pq_startmsgread();
    const int type = pq_peekbyte();
    pq_endmsgread();
    return type == 'S';
}

// Whether a client's message holds this statement alone and the transaction ends with it. Simple queries run
// in invisible portals; a simple query of several statements is a transaction block. Functions and SQL's
// EXECUTE run in the portals of other statements, or in named ones.
bool IsWholeMessage(const PlannedStmt *statement) {
    const Portal portal = ActivePortal;
    if (portal == nullptr || portal->name[0] != '\0' || list_length(portal->stmts) != 1 ||
        linitial(portal->stmts) != statement)
        return false;
    return !portal->visible || SyncFollows();
}

// Whether the plan is one row of values inserted, or one table modified directly, and nothing else in it reads
// or writes.
bool IsSimple(const PlannedStmt *statement) {
    if (statement->subplans != NIL || statement->hasModifyingCTE || !IsA(statement->planTree, ModifyTable))
        return false;
    const auto *plan = reinterpret_cast<const ModifyTable *>(statement->planTree);
    const Plan *source = plan->plan.lefttree;
    if (list_length(plan->resultRelations) != 1 || source->lefttree != nullptr) return false;
    return plan->operation == CMD_INSERT ? IsA(source, Result) : IsA(source, ForeignScan);
}

// Whether a trigger could fail when the row is there. Those of statements belong to the table that the statement names;
// row triggers of partitioned tables are on their partitions too.
bool HasTriggers(const ResultRelInfo *info) {
    const ResultRelInfo *root = info->ri_RootResultRelInfo;
    return info->ri_RelationDesc->trigdesc != nullptr ||
           (root != nullptr && root->ri_RelationDesc->trigdesc != nullptr);
}

// Whether the client could fail to be shown what the statement returns: its encoding may lack a character of a text. Types
// of these categories print ASCII.
bool MayNotBeShown(const ResultRelInfo *info) {
    const int encoding = pg_get_client_encoding();
    if (info->ri_projectReturning == nullptr || encoding == GetDatabaseEncoding() || encoding == PG_SQL_ASCII)
        return false;
    TupleDesc returned = info->ri_projectReturning->pi_state.resultslot->tts_tupleDescriptor;
    for (int i = 0; i < returned->natts; ++i) {
        char category;
        bool preferred;
        get_type_category_preferred(TupleDescAttr(returned, i)->atttypid, &category, &preferred);
        if (category != TYPCATEGORY_NUMERIC && category != TYPCATEGORY_BOOLEAN &&
            category != TYPCATEGORY_DATETIME)
            return true;
    }
    return false;
}

}  // namespace

bool StandsAlone(const EState *estate, const ResultRelInfo *info) {
    return !IsTransactionBlock() && !TransactionIdIsValid(GetTopTransactionIdIfAny()) && !HasTriggers(info) &&
           info->ri_WithCheckOptions == NIL && !MayNotBeShown(info) && IsSimple(estate->es_plannedstmt) &&
           IsWholeMessage(estate->es_plannedstmt);
}

}  // namespace kalam::backend::fdw
