// The remote part of plans in EXPLAIN: what would be asked (VERBOSE), what was asked and came back (ANALYZE).
// Called by EXPLAIN. Makes no remote call, shows no secret.
#include "backend/fdw/callbacks.h"
#include "backend/fdw/compat.h"
#include "backend/fdw/count.h"
#include "backend/fdw/direct_state.h"
#include "backend/fdw/modify_state.h"
#include "backend/fdw/relation_plan.h"
#include "backend/fdw/scan_state.h"

extern "C" {
#include "utils/rel.h"
#include "utils/ruleutils.h"
}

namespace kalam::backend::fdw {

using catalog::TableIdentity;

namespace {

const char *RemoteName(const TableIdentity *identity) {
    return psprintf("%s.%s", identity->remote_namespace, identity->remote_table);
}

const char *ConditionText(const ForeignScan *plan, const TableIdentity *identity, int index) {
    const auto *conditions = static_cast<const List *>(list_nth(plan->fdw_private, kPrivateConditions));
    const auto *condition = static_cast<const List *>(list_nth(conditions, index));
    const char *column = identity->column(static_cast<AttrNumber>(lsecond_int(condition))).remote_name;
    List *context = deparse_context_for(identity->remote_table, identity->relid);
    const char *value =
        deparse_expression(static_cast<Node *>(list_nth(plan->fdw_exprs, index)), context, false, false);
    const bool any = static_cast<Role>(linitial_int(condition)) == Role::kKeys;
    return psprintf(any ? "%s = ANY (%s)" : "%s = %s", column != nullptr ? column : "_userid", value);
}

// Under which heading a condition is shown.
const char *Heading(Role role) {
    switch (role) {
        case Role::kKey:
        case Role::kKeys:
            return "Remote Lookup";
        case Role::kFilter:
            return "Remote Filter";
        case Role::kUser:
            return "Remote User";
    }
    return "";
}

void ExplainConditions(const ForeignScan *plan, const TableIdentity *identity, ExplainState *es) {
    const auto *conditions = static_cast<const List *>(list_nth(plan->fdw_private, kPrivateConditions));
    for (int i = 0; i < list_length(conditions); ++i) {
        const auto *condition = static_cast<const List *>(list_nth(conditions, i));
        ExplainPropertyText(Heading(static_cast<Role>(linitial_int(condition))),
                            ConditionText(plan, identity, i), es);
    }
}

List *ColumnNames(const Projection &projection) {
    List *names = NIL;
    for (const ProjectedColumn &column : projection.all())
        names = lappend(names, const_cast<char *>(column.remote_name));
    return names;
}

}  // namespace

void ExplainCounts(const RemoteCounts &counts, ExplainState *es) {
    ExplainPropertyUInteger("Remote Calls", nullptr, counts.calls, es);
    ExplainPropertyUInteger("Remote Rows", nullptr, counts.rows, es);
    ExplainPropertyUInteger("Remote Bytes", nullptr, counts.bytes, es);
    if (!es->timing) return;
    ExplainPropertyFloat("Queue Time", "ms", static_cast<double>(counts.queued_us) / 1000, 3, es);
    ExplainPropertyFloat("Remote Time", "ms", static_cast<double>(counts.remote_us) / 1000, 3, es);
}

void ExplainForeignScan(ForeignScanState *node, ExplainState *es) {
    if (IsCount(node)) return ExplainCount(node, es);
    const auto *state = static_cast<const ScanState *>(node->fdw_state);
    const auto *plan = reinterpret_cast<const ForeignScan *>(node->ss.ps.plan);
    if (state == nullptr) return;
    if (es->verbose) {
        ExplainPropertyText("Remote Table", RemoteName(state->identity), es);
        ExplainPropertyList("Remote Columns", ColumnNames(state->projection), es);
    }
    ExplainConditions(plan, state->identity, es);
    if (es->analyze) ExplainCounts(state->counts, es);
}

void ExplainForeignModify(ModifyTableState *, ResultRelInfo *info, List *, int, ExplainState *es) {
    if (!es->verbose) return;
    const TableIdentity *identity = catalog::GetTableIdentity(RelationGetRelid(info->ri_RelationDesc));
    ExplainPropertyText("Remote Table", RemoteName(identity), es);
}

void ExplainDirectModify(ForeignScanState *node, ExplainState *es) {
    const auto *state = static_cast<const DirectState *>(node->fdw_state);
    if (state == nullptr) return;
    if (es->verbose) ExplainPropertyText("Remote Table", RemoteName(state->identity), es);
    ExplainConditions(reinterpret_cast<const ForeignScan *>(node->ss.ps.plan), state->identity, es);
    if (es->analyze) ExplainCounts(state->counts, es);
}

}  // namespace kalam::backend::fdw
