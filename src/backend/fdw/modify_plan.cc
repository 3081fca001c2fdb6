// The planning of INSERT, UPDATE and DELETE on foreign tables: how a row is identified, what is allowed.
// Called by the planner and rewriter. Nothing remote happens here.
#include "backend/catalog/table_identity.h"
#include "backend/fdw/callbacks.h"
#include "backend/fdw/columns.h"
#include "backend/fdw/junk.h"
#include "backend/fdw/modify_state.h"

extern "C" {
#include "access/sysattr.h"
#include "catalog/pg_type.h"
#include "nodes/makefuncs.h"
#include "optimizer/appendinfo.h"
#include "optimizer/inherit.h"
#include "optimizer/optimizer.h"
#include "optimizer/pathnode.h"
#include "parser/parsetree.h"
#include "utils/rel.h"
}

namespace kalam::backend::fdw {

using catalog::ColumnKind;
using catalog::TableIdentity;

namespace {

void CheckUpdatable(const TableIdentity *identity, const Bitmapset *updated) {
    const AttrNumber user = FindColumn(identity, ColumnKind::kUserId);
    if (user != InvalidAttrNumber && bms_is_member(user - FirstLowInvalidHeapAttributeNumber, updated))
        ereport(ERROR, errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
                errmsg("cannot change \"_userid\" of rows in \"%s\"", identity->qualified_name),
                errhint("Delete the rows and insert them as the other user."));
}

bool Mentions(const TableIdentity *identity, const Bitmapset *used, ColumnKind kind) {
    const AttrNumber attnum = FindColumn(identity, kind);
    return attnum != InvalidAttrNumber && (bms_is_member(attnum - FirstLowInvalidHeapAttributeNumber, used) ||
                                           bms_is_member(0 - FirstLowInvalidHeapAttributeNumber, used));
}

// Whether a RETURNING list is columns and nothing that could fail.
bool IsPlain(const List *returning) {
    ListCell *cell;
    foreach (cell, returning) {
        if (!IsA(static_cast<TargetEntry *>(lfirst(cell))->expr, Var)) return false;
    }
    return true;
}

}  // namespace

void AddForeignUpdateTargets(PlannerInfo *root, Index index, RangeTblEntry *entry, Relation relation) {
    const TableIdentity *identity = catalog::GetTableIdentity(entry->relid);
    const CmdType command = root->parse->commandType;
    RequireKey(identity, command == CMD_DELETE ? "delete from" : "update");
    const FormData_pg_attribute *key = TupleDescAttr(RelationGetDescr(relation), identity->key - 1);
    add_row_identity_var(
        root,
        makeVar(static_cast<int>(index), identity->key, key->atttypid, key->atttypmod, key->attcollation, 0),
        index, KeyJunkName(identity->key, key->atttypid));
    // A deleted row is returned as it was read. (For UPDATE PostgreSQL asks for the whole row itself.)
    if (command == CMD_DELETE && root->parse->returningList != NIL)
        add_row_identity_var(
            root, makeVar(static_cast<int>(index), InvalidAttrNumber, RECORDOID, -1, InvalidOid, 0), index,
            kWholeRowJunkName);
}

List *PlanForeignModify(PlannerInfo *root, ModifyTable *plan, Index index, int subplan) {
    const RangeTblEntry *entry = planner_rt_fetch(index, root);
    const TableIdentity *identity = catalog::GetTableIdentity(entry->relid);
    if (plan->operation == CMD_UPDATE)
        CheckUpdatable(identity,
                       get_rel_all_updated_cols(root, find_base_rel(root, static_cast<int>(index))));
    if (plan->onConflictAction == ONCONFLICT_UPDATE)
        ereport(ERROR, errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
                errmsg("ON CONFLICT DO UPDATE is not supported on KalamDB tables"));
    // Rows without a key conflict with none.
    const bool skips = plan->onConflictAction == ONCONFLICT_NOTHING && identity->key != InvalidAttrNumber;

    const auto *returning =
        plan->returningLists == NIL ? nullptr : static_cast<List *>(list_nth(plan->returningLists, subplan));
    Bitmapset *used = nullptr;
    if (returning != nullptr)
        pull_varattnos(reinterpret_cast<Node *>(const_cast<List *>(returning)), index, &used);
    // In the order of ModifyPrivateItem.
    return list_make4(makeBoolean(returning != nullptr),
                      makeBoolean(Mentions(identity, used, ColumnKind::kSeq)), makeBoolean(skips),
                      makeBoolean(IsPlain(returning)));
}

int IsForeignRelUpdatable(Relation relation) {
    const TableIdentity *identity = catalog::GetTableIdentity(RelationGetRelid(relation));
    int events = 1 << CMD_INSERT;
    if (identity->key == InvalidAttrNumber) return events;
    events |= 1 << CMD_DELETE;
    if (identity->type != common::TableType::kStream) events |= 1 << CMD_UPDATE;
    return events;
}

}  // namespace kalam::backend::fdw
