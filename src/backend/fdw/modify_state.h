// A ModifyTable's work on one foreign table while it runs: made by modify.cc, used by modify_insert.cc and
// modify_change.cc. Lives in the executor's per-query memory; what is written lives in Writes (writes.h).
#pragma once

#include "backend/fdw/columns.h"
#include "backend/fdw/user_scope.h"
#include "backend/key_set.h"
#include "backend/pg.h"
#include "backend/plain_write.h"
#include "backend/types/row_encoder.h"
#include "backend/writes.h"

extern "C" {
#include "nodes/execnodes.h"
}

namespace kalam::backend::fdw {

// The items of a ModifyTable's fdw_private.
enum ModifyPrivateItem : int {
    kModifyReturns,         // Boolean: there is a RETURNING list
    kModifyWantsSeq,        // Boolean: and it mentions _seq
    kModifySkipsKnown,      // Boolean: ON CONFLICT DO NOTHING
    kModifyReturnsPlainly,  // Boolean: the RETURNING list has columns only, which cannot fail
};

struct ModifyState {
    CmdType operation;
    const catalog::TableIdentity *identity;
    const Endpoint *endpoint;
    TupleDesc desc;
    const types::RowEncoder *encoder;
    types::ColumnType key_type;  // where the table has a key
    AttrNumber seq, user_id;     // the columns of these kinds; InvalidAttrNumber: none
    List *not_null;              // IntList: columns that the server would fill in where they are missing
    CommandId command;
    bool stage_early;

    bool returns, wants_seq, skips_known, returns_plainly;  // see ModifyPrivateItem

    // INSERT
    Writes *writes;     // opened by the first row, when the user is known
    const char *owner;  // of the rows; null for shared tables or before the first row
    bool has_owner;
    bool stored;                    // the row of the statement was sent at once
    KeySet *inserted;               // ON CONFLICT DO NOTHING: the keys of this statement
    KeySet *deleted;                // the keys that the transaction has deleted; null: none
    uint64_t deletes;               // what CountDeletes said then
    MemoryContext deleted_context;  // of `deleted`

    // UPDATE, DELETE
    AttrNumber key_junk;        // where the plan's rows have the old key
    AttrNumber whole_row_junk;  // DELETE ... RETURNING: where they have the old row
    Bitmapset *changed;         // plain attribute numbers that an UPDATE may change, without the key's
    bool changes_key;
    bool one_row;     // the plan looks one key up
    KeySet *touched;  // where a join may find a row twice: the keys dealt with

    MemoryContext row_context;  // reset per row
};

inline ModifyState *StateOf(const ResultRelInfo *info) {
    return static_cast<ModifyState *>(info->ri_FdwState);
}

// Writes that belong to `owner` (null for shared tables).
Writes *OpenStatementWrites(ModifyState *state, const char *owner);

// Whether PutRow needs the next row's key; otherwise it may be empty.
bool NeedsKey(ModifyState *state);
// Adds the row to the writes. Raises 23505 for a key that the statement has brought back already.
void PutRow(ModifyState *state, TupleTableSlot *slot, std::string_view key);

// Raises 23514 for a row that the partition is not for. PostgreSQL leaves that to foreign tables.
void CheckPartition(ResultRelInfo *info, TupleTableSlot *slot, EState *estate);

// Raises 23502 for a NULL in a column that is NOT NULL.
void CheckNotNull(const ModifyState *state, EState *estate, ResultRelInfo *info, TupleTableSlot *slot);

// The key of a row as text, in the current memory context.
std::string_view KeyText(const ModifyState *state, Datum key);

// Whether the row that was added last may be sent now (SendNow, `alone`): nothing that comes after could fail and ought to
// take it back.
bool MayStoreNow(const ModifyState *state, const EState *estate, const ResultRelInfo *info);

// Puts the system columns into the slot of a RETURNING list. `key`: of a row that is stored already, whose _seq is asked of
// the server; empty: the server gives it at commit, so that it is NULL.
void FillReturned(ModifyState *state, TupleTableSlot *slot, std::string_view key);

}  // namespace kalam::backend::fdw
