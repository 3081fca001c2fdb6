// Rows that are updated or deleted after they were read. Only changed columns are sent; a changed key is a
// delete and an insert. Called by the executor.
#include "backend/fdw/callbacks.h"
#include "backend/fdw/known_keys.h"
#include "backend/fdw/modify_state.h"

extern "C" {
#include "access/htup_details.h"
#include "executor/executor.h"
#include "utils/rel.h"
}

namespace kalam::backend::fdw {

namespace {

Datum OldKey(const ModifyState *state, TupleTableSlot *plan_slot) {
    bool is_null = false;
    const Datum key = ExecGetJunkAttribute(plan_slot, state->key_junk, &is_null);
    if (is_null)
        ereport(ERROR, errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
                errmsg("a row of \"%s\" has no key", state->identity->qualified_name));
    return key;
}

// Whether the statement has dealt with the row already: a join found it twice.
bool IsRepeated(const ModifyState *state, std::string_view key) {
    return state->touched != nullptr && !AddKey(state->touched, key);
}

// The row moves to another key: deleted under the old one, inserted under the new.
void Move(ModifyState *state, TupleTableSlot *slot, std::string_view old_key, std::string_view new_key) {
    AddDelete(state->writes, old_key);
    PutRow(state, slot, new_key);
}

void Change(ModifyState *state, TupleTableSlot *slot, std::string_view key) {
    if (bms_is_empty(state->changed)) return;
    StringInfoData changes;
    initStringInfo(&changes);
    state->encoder->EncodeSome(&changes, slot->tts_values, slot->tts_isnull, state->changed);
    AddUpdate(state->writes, key, {changes.data, static_cast<size_t>(changes.len)});
}

void UpdateRow(ModifyState *state, EState *estate, ResultRelInfo *info, TupleTableSlot *slot,
               std::string_view key) {
    slot_getallattrs(slot);
    CheckNotNull(state, estate, info, slot);
    const std::string_view new_key =
        state->changes_key ? KeyText(state, slot->tts_values[state->identity->key - 1]) : key;
    new_key == key ? Change(state, slot, key) : Move(state, slot, key, new_key);
}

// Fills the slot of RETURNING with the version that the row has now, where that can be known before commit.
void FillUpdated(ModifyState *state, const EState *estate, const ResultRelInfo *info, TupleTableSlot *slot,
                 std::string_view key) {
    const bool now =
        state->wants_seq && state->one_row && !state->changes_key && MayStoreNow(state, estate, info);
    if (now) SendNow(state->writes, true, false);
    FillReturned(state, slot, now ? key : std::string_view());
}

// Fills the slot of RETURNING with the row as it was read.
void FillDeleted(const ModifyState *state, TupleTableSlot *slot, TupleTableSlot *plan_slot) {
    bool is_null = true;
    if (!AttributeNumberIsValid(state->whole_row_junk)) return;
    const Datum row = ExecGetJunkAttribute(plan_slot, state->whole_row_junk, &is_null);
    if (is_null) return;
    HeapTupleHeader header = DatumGetHeapTupleHeader(row);
    HeapTupleData tuple = {};
    tuple.t_len = HeapTupleHeaderGetDatumLength(header);
    tuple.t_data = header;
    ExecClearTuple(slot);
    heap_deform_tuple(&tuple, slot->tts_tupleDescriptor, slot->tts_values, slot->tts_isnull);
    ExecStoreVirtualTuple(slot);
}

}  // namespace

TupleTableSlot *ExecForeignUpdate(EState *estate, ResultRelInfo *info, TupleTableSlot *slot,
                                  TupleTableSlot *plan_slot) {
    ModifyState *state = StateOf(info);
    MemoryContextReset(state->row_context);
    const MemoryContext old = MemoryContextSwitchTo(state->row_context);
    const std::string_view key = KeyText(state, OldKey(state, plan_slot));
    const bool repeated = IsRepeated(state, key);
    if (!repeated) {
        CheckPartition(info, slot, estate);
        UpdateRow(state, estate, info, slot, key);
        if (state->returns) FillUpdated(state, estate, info, slot, key);
    }
    MemoryContextSwitchTo(old);
    return repeated ? nullptr : slot;
}

TupleTableSlot *ExecForeignDelete(EState *, ResultRelInfo *info, TupleTableSlot *slot,
                                  TupleTableSlot *plan_slot) {
    ModifyState *state = StateOf(info);
    MemoryContextReset(state->row_context);
    const MemoryContext old = MemoryContextSwitchTo(state->row_context);
    const std::string_view key = KeyText(state, OldKey(state, plan_slot));
    const bool repeated = IsRepeated(state, key);
    if (!repeated) {
        AddDelete(state->writes, key);
        if (state->returns) FillDeleted(state, slot, plan_slot);
    }
    MemoryContextSwitchTo(old);
    return repeated ? nullptr : slot;
}

}  // namespace kalam::backend::fdw
