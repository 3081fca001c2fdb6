// The beginning and end of a ModifyTable's work on a foreign table, also as a partition or for COPY. Called
// by the executor; rows are dealt with by modify_insert.cc and modify_change.cc.
#include "backend/ddl/restore.h"
#include "backend/fdw/alone.h"
#include "backend/fdw/callbacks.h"
#include "backend/fdw/conditions.h"
#include "backend/fdw/junk.h"
#include "backend/fdw/known_keys.h"
#include "backend/fdw/modify_state.h"
#include "backend/fdw/open_scans.h"
#include "backend/fdw/relation_plan.h"
#include "backend/row_violation.h"

extern "C" {
#include "access/sysattr.h"
#include "access/xact.h"
#include "catalog/pg_class.h"
#include "commands/trigger.h"
#include "executor/executor.h"
#include "utils/builtins.h"
#include "utils/rel.h"
}

namespace kalam::backend::fdw {

using catalog::ColumnKind;
using catalog::TableIdentity;

namespace {

// What the server shows as the _seq of a row that is staged: it has none yet.
constexpr int64 kStagedSeq = 0;

// The encoder of the columns that are sent.
const types::RowEncoder *MakeEncoder(TupleDesc desc, const TableIdentity *identity) {
    auto *columns = static_cast<types::EncodeColumn *>(
        palloc0(sizeof(types::EncodeColumn) * static_cast<size_t>(identity->column_count)));
    size_t count = 0;
    for (AttrNumber attnum = 1; attnum <= identity->column_count; ++attnum) {
        if (identity->column(attnum).kind != ColumnKind::kData) continue;
        columns[count++] = {.attnum = attnum,
                            .remote_name = identity->column(attnum).remote_name,
                            .type = ResolveColumn(desc, identity, attnum)};
    }
    return types::MakeRowEncoder({columns, count});
}

List *NotNullColumns(TupleDesc desc, const TableIdentity *identity) {
    List *attnums = NIL;
    for (AttrNumber attnum = 1; attnum <= identity->column_count; ++attnum) {
        const bool required = TupleDescAttr(desc, attnum - 1)->attnotnull || attnum == identity->key;
        if (required && identity->column(attnum).kind == ColumnKind::kData)
            attnums = lappend_int(attnums, attnum);
    }
    return attnums;
}

// Whether the statement reads no other table of ours: then full requests may be staged while it runs, and
// none of its own reads can see them.
bool ReadsNoKalamTable(const EState *estate, Oid target) {
    ListCell *cell;
    foreach (cell, estate->es_range_table) {
        const auto *entry = static_cast<const RangeTblEntry *>(lfirst(cell));
        if (entry->rtekind == RTE_RELATION && entry->relkind == RELKIND_FOREIGN_TABLE &&
            entry->relid != target)
            return false;
    }
    return true;
}

// Whether the target is read by the statement too (INSERT INTO t SELECT ... FROM t).
bool ReadsTarget(const EState *estate, Oid target) {
    int references = 0;
    ListCell *cell;
    foreach (cell, estate->es_range_table) {
        const auto *entry = static_cast<const RangeTblEntry *>(lfirst(cell));
        if (entry->rtekind == RTE_RELATION && entry->relid == target) ++references;
    }
    return references > 1;
}

// Of a statement with one plan, its own; COPY has none and gets the next.
CommandId CommandOf(const ModifyTableState *state) {
    if (state != nullptr && state->ps.plan != nullptr) return state->ps.state->es_output_cid;
    return GetCurrentCommandId(true);
}

ModifyState *MakeState(const ModifyTableState *state, const ResultRelInfo *info, CmdType operation) {
    auto *modify = static_cast<ModifyState *>(palloc0(sizeof(ModifyState)));
    const Relation relation = info->ri_RelationDesc;
    const EState *estate = state->ps.state;
    AskOpenScans(estate);
    ddl::EndRestore(RelationGetRelid(relation));
    modify->operation = operation;
    modify->identity = catalog::CopyTableIdentity(catalog::GetTableIdentity(RelationGetRelid(relation)));
    modify->endpoint = GetEndpoint(modify->identity->server_id);
    modify->desc = RelationGetDescr(relation);
    modify->encoder = MakeEncoder(modify->desc, modify->identity);
    if (modify->identity->key != InvalidAttrNumber)
        modify->key_type = ResolveKey(modify->desc, modify->identity);
    modify->seq = FindColumn(modify->identity, ColumnKind::kSeq);
    modify->user_id = FindColumn(modify->identity, ColumnKind::kUserId);
    modify->not_null = NotNullColumns(modify->desc, modify->identity);
    modify->command = CommandOf(state);
    // An UPDATE's own scan may come after rows that it moved here from another partition.
    modify->stage_early = operation != CMD_UPDATE && ReadsNoKalamTable(estate, RelationGetRelid(relation)) &&
                          !ReadsTarget(estate, RelationGetRelid(relation));
    modify->row_context = AllocSetContextCreate(CurrentMemoryContext, "kalam write", ALLOCSET_SMALL_SIZES);
    return modify;
}

List *Members(const List *attnums, const Bitmapset *set) {
    List *members = NIL;
    ListCell *cell;
    foreach (cell, attnums) {
        if (bms_is_member(lfirst_int(cell), set)) members = lappend_int(members, lfirst_int(cell));
    }
    return members;
}

// Which columns an UPDATE sends, and checks: a row of a user table has no value in a NOT NULL column that was added after
// it (ddl/add_column.h), and its others can be changed all the same. Triggers may change any.
void FindChanged(ModifyState *modify, const ModifyTableState *state, ResultRelInfo *info) {
    const bool any = info->ri_TrigDesc != nullptr && info->ri_TrigDesc->trig_update_before_row;
    const Bitmapset *updated = any ? nullptr : ExecGetAllUpdatedCols(info, state->ps.state);
    for (AttrNumber attnum = 1; attnum <= modify->identity->column_count; ++attnum) {
        if (modify->identity->column(attnum).kind != ColumnKind::kData) continue;
        if (!any && !bms_is_member(attnum - FirstLowInvalidHeapAttributeNumber, updated)) continue;
        if (attnum == modify->identity->key) {
            modify->changes_key = true;
        } else {
            modify->changed = bms_add_member(modify->changed, attnum);
        }
    }
    if (!modify->changes_key) modify->not_null = Members(modify->not_null, modify->changed);
}

// Whether a plan is the lookup of one key.
bool LooksOneKeyUp(const Plan *plan) {
    if (!IsA(plan, ForeignScan)) return false;
    const auto *scan = reinterpret_cast<const ForeignScan *>(plan);
    ListCell *cell;
    foreach (cell, static_cast<const List *>(list_nth(scan->fdw_private, kPrivateConditions))) {
        if (static_cast<Role>(linitial_int(static_cast<const List *>(lfirst(cell)))) == Role::kKey)
            return true;
    }
    return false;
}

void BeginChange(ModifyState *modify, const ModifyTableState *state, ResultRelInfo *info) {
    const List *plan_columns = outerPlanState(state)->plan->targetlist;
    const AttrNumber key = modify->identity->key;
    const char *key_name = KeyJunkName(key, TupleDescAttr(modify->desc, key - 1)->atttypid);
    modify->key_junk = ExecFindJunkAttributeInTlist(const_cast<List *>(plan_columns), key_name);
    if (!AttributeNumberIsValid(modify->key_junk)) elog(ERROR, "could not find junk column %s", key_name);
    modify->whole_row_junk =
        ExecFindJunkAttributeInTlist(const_cast<List *>(plan_columns), kWholeRowJunkName);
    if (modify->operation == CMD_UPDATE) FindChanged(modify, state, info);
    modify->one_row = LooksOneKeyUp(outerPlanState(state)->plan);
    // A join may find a row several times; it is changed once.
    if (list_length(state->ps.state->es_range_table) > 1) modify->touched = MakeKeySet();
    const char *owner = ScopeOfChange(modify->endpoint, modify->identity,
                                      modify->operation == CMD_UPDATE ? "update" : "delete from");
    modify->writes = OpenStatementWrites(modify, owner);
    modify->owner = owner;
}

Bitmapset *AllButKey(const ModifyState *state) {
    Bitmapset *columns = nullptr;
    for (AttrNumber attnum = 1; attnum <= state->identity->column_count; ++attnum) {
        if (attnum != state->identity->key) columns = bms_add_member(columns, attnum);
    }
    return columns;
}

// Again whenever there are more deletes, which those of the statement's own triggers may be. What it has collected was
// staged before them, so that no key it brought back is forgotten.
void RefreshDeletedKeys(ModifyState *state) {
    const uint64_t deletes = CountDeletes(state->writes);
    if (state->deletes == deletes || state->identity->key == InvalidAttrNumber) return;
    if (state->deleted_context == nullptr)
        state->deleted_context =
            AllocSetContextCreate(GetMemoryChunkContext(state), "kalam deleted keys", ALLOCSET_DEFAULT_SIZES);
    MemoryContextReset(state->deleted_context);
    const MemoryContext old = MemoryContextSwitchTo(state->deleted_context);
    state->deleted = FindDeletedKeys(state->writes);
    state->deletes = deletes;
    MemoryContextSwitchTo(old);
}

void CheckKeysAreNew(void *argument, std::string_view keys, uint32_t count) {
    const auto *modify = static_cast<const ModifyState *>(argument);
    RequireNewKeys({.endpoint = modify->endpoint,
                    .identity = modify->identity,
                    .key_type = &modify->key_type,
                    .user_id = modify->owner,
                    .snapshot = modify->command},
                   keys, count);
}

void TellStored(void *endpoint) {
    errcontext("the row is stored on KalamDB server \"%s\"",
               static_cast<const Endpoint *>(endpoint)->address);
}

// The _seq of a row that is stored, whatever happens now: false if the server does not tell it, and an error (a cancel, a
// timeout) says so.
bool FindStoredSeq(const ModifyState *state, std::string_view key, int64 *seq) {
    ErrorContextCallback context = {.previous = error_context_stack,
                                    .callback = TellStored,
                                    .arg = const_cast<Endpoint *>(state->endpoint)};
    error_context_stack = &context;
    const bool found = FindSeq({.endpoint = state->endpoint,
                                .identity = state->identity,
                                .key_type = &state->key_type,
                                .user_id = state->owner,
                                .snapshot = state->command + 1},
                               key, seq);
    error_context_stack = context.previous;
    return found;
}

void End(ResultRelInfo *info) {
    ModifyState *modify = StateOf(info);
    if (modify == nullptr) return;
    if (modify->writes != nullptr) CloseWrites(modify->writes);
    MemoryContextDelete(modify->row_context);
    info->ri_FdwState = nullptr;
}

}  // namespace

bool NeedsKey(ModifyState *state) {
    RefreshDeletedKeys(state);
    return state->deleted != nullptr || WantsKeys(state->writes);
}

void PutRow(ModifyState *state, TupleTableSlot *slot, std::string_view key) {
    RefreshDeletedKeys(state);
    if (state->deleted == nullptr || !HasKey(state->deleted, key)) {
        state->encoder->Encode(StartRow(state->writes), slot->tts_values, slot->tts_isnull);
        FinishRow(state->writes, key);
        return;
    }
    if (!TakeKey(state->deleted, key)) ThrowRepeatedKey(state->identity, key);
    StringInfoData row;
    initStringInfo(&row);
    state->encoder->EncodeSome(&row, slot->tts_values, slot->tts_isnull, AllButKey(state));
    ReviveRow(state->writes, key, {row.data, static_cast<size_t>(row.len)});
}

Writes *OpenStatementWrites(ModifyState *state, const char *owner) {
    const TableIdentity *identity = state->identity;
    const bool keyed = identity->key != InvalidAttrNumber;
    return OpenWrites({.endpoint = state->endpoint,
                       .table = identity->name(),
                       .relid = identity->relid,
                       .qualified_name = identity->qualified_name,
                       .key_column = keyed ? identity->column(identity->key).remote_name : "",
                       .user_id = owner != nullptr ? owner : "",
                       .command = state->command,
                       .stage_early = state->stage_early,
                       .new_keys = {.check = keyed ? CheckKeysAreNew : nullptr, .argument = state}});
}

void CheckPartition(ResultRelInfo *info, TupleTableSlot *slot, EState *estate) {
    if (info->ri_RelationDesc->rd_rel->relispartition) ExecPartitionCheck(info, slot, estate, true);
}

void CheckNotNull(const ModifyState *state, EState *estate, ResultRelInfo *info, TupleTableSlot *slot) {
    ListCell *cell;
    foreach (cell, state->not_null) {
        const int attnum = lfirst_int(cell);
        if (!slot->tts_isnull[attnum - 1]) continue;
        // PostgreSQL's own check shows the row; it knows of declared constraints, which a key has without.
        if (TupleDescAttr(state->desc, attnum - 1)->attnotnull) ExecConstraints(info, slot, estate);
        ThrowNull(state->identity->relid, static_cast<AttrNumber>(attnum));
    }
}

std::string_view KeyText(const ModifyState *state, Datum key) {
    StringInfoData text;
    initStringInfo(&text);
    types::AppendKeyText(&text, state->key_type, key);
    return {text.data, static_cast<size_t>(text.len)};
}

bool MayStoreNow(const ModifyState *state, const EState *estate, const ResultRelInfo *info) {
    return (!state->returns || state->returns_plainly) && MaySendPlain(state->endpoint) &&
           StandsAlone(estate, info);
}

void FillReturned(ModifyState *state, TupleTableSlot *slot, std::string_view key) {
    const bool user = state->user_id != InvalidAttrNumber;
    const bool seq = state->seq != InvalidAttrNumber;
    if (!state->returns || (!user && !state->wants_seq)) return;
    // The values move to memory of their own, for the slot lets go of what it has.
    HeapTuple copy = ExecCopySlotHeapTuple(slot);
    int64 number = 0;
    const bool found = seq && state->wants_seq && !key.empty() && FindStoredSeq(state, key, &number);
    ExecClearTuple(slot);
    heap_deform_tuple(copy, slot->tts_tupleDescriptor, slot->tts_values, slot->tts_isnull);
    if (user) {
        slot->tts_values[state->user_id - 1] = CStringGetTextDatum(state->owner);
        slot->tts_isnull[state->user_id - 1] = false;
    }
    if (seq) {
        slot->tts_values[state->seq - 1] = Int64GetDatum(number);
        slot->tts_isnull[state->seq - 1] = !found || number == kStagedSeq;
    }
    ExecStoreVirtualTuple(slot);
}

void BeginForeignModify(ModifyTableState *state, ResultRelInfo *info, List *fdw_private, int, int eflags) {
    if ((eflags & EXEC_FLAG_EXPLAIN_ONLY) != 0) return;
    ModifyState *modify = MakeState(state, info, state->operation);
    modify->returns = boolVal(list_nth(fdw_private, kModifyReturns));
    modify->wants_seq = boolVal(list_nth(fdw_private, kModifyWantsSeq));
    modify->skips_known = boolVal(list_nth(fdw_private, kModifySkipsKnown));
    modify->returns_plainly = boolVal(list_nth(fdw_private, kModifyReturnsPlainly));
    if (modify->operation != CMD_INSERT) BeginChange(modify, state, info);
    info->ri_FdwState = modify;
}

void EndForeignModify(EState *, ResultRelInfo *info) {
    End(info);
}

// Rows routed to a partition, or of COPY: what RETURNING wants of them is not known here, so all of it.
// A partition that the same UPDATE changes has its state already, and its writes take the moved rows too.
void BeginForeignInsert(ModifyTableState *state, ResultRelInfo *info) {
    if (info->ri_FdwState != nullptr) return;
    ModifyState *modify = MakeState(state, info, CMD_INSERT);
    const auto *plan = reinterpret_cast<const ModifyTable *>(state->ps.plan);
    if (plan != nullptr && IsA(plan, ModifyTable)) {
        modify->returns = modify->wants_seq = plan->returningLists != NIL;
        modify->skips_known =
            plan->onConflictAction == ONCONFLICT_NOTHING && modify->identity->key != InvalidAttrNumber;
    }
    info->ri_FdwState = modify;
}

void EndForeignInsert(EState *, ResultRelInfo *info) {
    End(info);
}

}  // namespace kalam::backend::fdw
