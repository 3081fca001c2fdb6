// TRUNCATE of foreign tables: the rows' keys are read and the rows deleted in the transaction, so that it
// rolls back like any other statement. (KalamDB has no TRUNCATE, and its SQL DELETE neither joins a
// transaction nor reaches the rows of users.) Of user tables, the current user's rows. Called by TRUNCATE.
#include "backend/fdw/callbacks.h"
#include "backend/fdw/user_scope.h"
#include "backend/fdw/whole_table.h"
#include "backend/writes.h"

extern "C" {
#include "access/xact.h"
#include "utils/rel.h"
}

namespace kalam::backend::fdw {

using catalog::TableIdentity;

namespace {

void DeleteAll(const Endpoint *endpoint, const TableIdentity *identity, const char *owner, TupleDesc desc) {
    const Projection projection = MakeProjection(desc, identity, list_make1_int(identity->key));
    RowReader reader = ReadWholeTable(endpoint, identity, owner, &projection);
    Writes *writes = OpenWrites({.endpoint = endpoint,
                                 .table = identity->name(),
                                 .qualified_name = identity->qualified_name,
                                 .key_column = identity->column(identity->key).remote_name,
                                 .user_id = owner != nullptr ? owner : "",
                                 .command = GetCurrentCommandId(true),
                                 .stage_early = true,
                                 .new_keys = {}});
    StringInfoData key;
    initStringInfo(&key);
    while (reader.Next()) {
        bool is_null = false;
        const Datum value = reader.DecodeColumn(0, &is_null);
        if (is_null) continue;
        resetStringInfo(&key);
        types::AppendKeyText(&key, projection.columns[0].type, value);
        AddDelete(writes, {key.data, static_cast<size_t>(key.len)});
    }
    CloseWrites(writes);
}

void Truncate(Relation relation) {
    const TableIdentity *identity =
        catalog::CopyTableIdentity(catalog::GetTableIdentity(RelationGetRelid(relation)));
    RequireKey(identity, "truncate");
    const Endpoint *endpoint = GetEndpoint(identity->server_id);
    const char *owner = ScopeOfChange(endpoint, identity, "truncate");
    const MemoryContext context =
        AllocSetContextCreate(CurrentMemoryContext, "kalam truncate", ALLOCSET_DEFAULT_SIZES);
    const MemoryContext old = MemoryContextSwitchTo(context);
    DeleteAll(endpoint, identity, owner, RelationGetDescr(relation));
    MemoryContextSwitchTo(old);
    MemoryContextDelete(context);
}

}  // namespace

void ExecForeignTruncate(List *relations, DropBehavior, bool) {
    ListCell *cell;
    foreach (cell, relations) Truncate(static_cast<Relation>(lfirst(cell)));
}

}  // namespace kalam::backend::fdw
