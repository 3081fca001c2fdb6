// Rows that are inserted, one by one or, for ON CONFLICT DO NOTHING, in batches. A row is encoded once,
// straight into the request (writes.h). Called by the executor.
#include "backend/fdw/callbacks.h"
#include "backend/fdw/known_keys.h"
#include "backend/fdw/modify_state.h"

extern "C" {
#include "executor/executor.h"
#include "utils/builtins.h"
#include "utils/rel.h"
}

namespace kalam::backend::fdw {

namespace {

// Rows whose keys are looked up together.
constexpr int kConflictBatch = 256;

// The value given for _userid; null: none.
const char *AskedOwner(const ModifyState *state, TupleTableSlot *slot) {
    if (state->user_id == InvalidAttrNumber || slot->tts_isnull[state->user_id - 1]) return nullptr;
    return TextDatumGetCString(slot->tts_values[state->user_id - 1]);
}

// The first row decides whose rows the statement adds; the others must agree.
void SettleOwner(ModifyState *state, const EState *estate, TupleTableSlot *slot) {
    const char *asked = AskedOwner(state, slot);
    if (state->writes == nullptr) {
        const char *owner = ScopeOfInsert(state->endpoint, state->identity, asked);
        state->owner = owner != nullptr ? MemoryContextStrdup(estate->es_query_cxt, owner) : nullptr;
        state->writes = OpenStatementWrites(state, state->owner);
        return;
    }
    if (state->user_id == InvalidAttrNumber) return;
    const char *owner = asked != nullptr ? asked : CurrentUserId(state->endpoint);
    if (owner != nullptr && strcmp(owner, state->owner) == 0) return;
    ereport(ERROR, errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
            errmsg("all rows of one INSERT into \"%s\" must have the same \"_userid\"",
                   state->identity->qualified_name),
            errhint("Insert the rows of each user in a statement of their own."));
}

std::string_view KeyOf(const ModifyState *state, TupleTableSlot *slot) {
    const AttrNumber key = state->identity->key;
    if (key == InvalidAttrNumber) return {};
    return KeyText(state, slot->tts_values[key - 1]);
}

// Adds the rows of the batch whose keys are new, each once; how many those are.
int KeepNew(ModifyState *state, const EState *estate, TupleTableSlot *const *slots, int count) {
    if (state->inserted == nullptr) {
        const MemoryContext old = MemoryContextSwitchTo(estate->es_query_cxt);
        state->inserted = MakeKeySet();
        MemoryContextSwitchTo(old);
    }
    List *keys = NIL;
    for (int i = 0; i < count; ++i) keys = lappend(keys, const_cast<char *>(KeyOf(state, slots[i]).data()));
    KeySet *known = FindKnownKeys({.endpoint = state->endpoint,
                                   .identity = state->identity,
                                   .key_type = &state->key_type,
                                   .user_id = state->owner,
                                   .snapshot = state->command},
                                  keys);
    int kept = 0;
    for (int i = 0; i < count; ++i) {
        const char *key = static_cast<const char *>(list_nth(keys, i));
        if (TakeKey(known, key) || !AddKey(state->inserted, key)) continue;
        PutRow(state, slots[i], key);
        ++kept;
    }
    return kept;
}

void PrepareSlot(ModifyState *state, EState *estate, ResultRelInfo *info, TupleTableSlot *slot) {
    slot_getallattrs(slot);
    CheckNotNull(state, estate, info, slot);
    SettleOwner(state, estate, slot);
}

// INSERT ... ON CONFLICT DO NOTHING of one row: where the statement is its whole transaction, the server
// decides, so that no other session can come between.
bool InsertIfNew(ModifyState *state, const EState *estate, const ResultRelInfo *info, TupleTableSlot *slot) {
    if (!MayStoreNow(state, estate, info)) return KeepNew(state, estate, &slot, 1) == 1;
    PutRow(state, slot, KeyOf(state, slot));
    state->stored = SendNow(state->writes, true, true);
    return state->stored;
}

// RETURNING _seq: a row that is its whole transaction is sent and looked up. Any other has no version before
// commit, and waits with the rest of the statement.
void Return(ModifyState *state, const EState *estate, const ResultRelInfo *info, TupleTableSlot *slot) {
    const bool wanted = state->wants_seq && state->identity->key != InvalidAttrNumber;
    if (wanted && !state->skips_known && MayStoreNow(state, estate, info))
        state->stored = SendNow(state->writes, true, false);
    FillReturned(state, slot, wanted && state->stored ? KeyOf(state, slot) : std::string_view());
}

}  // namespace

TupleTableSlot *ExecForeignInsert(EState *estate, ResultRelInfo *info, TupleTableSlot *slot,
                                  TupleTableSlot *) {
    ModifyState *state = StateOf(info);
    MemoryContextReset(state->row_context);
    const MemoryContext old = MemoryContextSwitchTo(state->row_context);
    CheckPartition(info, slot, estate);
    PrepareSlot(state, estate, info, slot);
    bool inserted = true;
    if (state->skips_known) {
        inserted = InsertIfNew(state, estate, info, slot);
    } else {
        PutRow(state, slot, NeedsKey(state) ? KeyOf(state, slot) : std::string_view());
    }
    if (inserted && state->returns) Return(state, estate, info, slot);
    MemoryContextSwitchTo(old);
    return inserted ? slot : nullptr;
}

TupleTableSlot **ExecForeignBatchInsert(EState *estate, ResultRelInfo *info, TupleTableSlot **slots,
                                        TupleTableSlot **, int *count) {
    ModifyState *state = StateOf(info);
    MemoryContextReset(state->row_context);
    const MemoryContext old = MemoryContextSwitchTo(state->row_context);
    for (int i = 0; i < *count; ++i) {
        CheckPartition(info, slots[i], estate);
        PrepareSlot(state, estate, info, slots[i]);
    }
    *count = *count == 1 ? InsertIfNew(state, estate, info, slots[0]) : KeepNew(state, estate, slots, *count);
    MemoryContextSwitchTo(old);
    return slots;
}

// Rows are encoded as they come, so that batches would only copy them once more; but conflicts are looked
// up many at a time.
int GetForeignModifyBatchSize(ResultRelInfo *info) {
    const ModifyState *state = StateOf(info);
    if (state == nullptr || !state->skips_known || state->returns) return 1;
    const TriggerDesc *triggers = info->ri_TrigDesc;
    const bool row_triggers =
        triggers != nullptr && (triggers->trig_insert_before_row || triggers->trig_insert_after_row);
    return row_triggers || info->ri_WithCheckOptions != NIL ? 1 : kConflictBatch;
}

}  // namespace kalam::backend::fdw
