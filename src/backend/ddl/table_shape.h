// The shape of a kalam table as the local catalog has it at a moment: what of it KalamDB sees (columns, types,
// NOT NULL, defaults, key, options). Remote CREATE statements are written from a shape, remote ALTER statements
// from the difference of two. Called by the handlers of ddl/. Makes no remote call.
#pragma once

#include "backend/catalog/table_identity.h"
#include "backend/pg.h"
#include "backend/types/type_map.h"

extern "C" {
#include "nodes/primnodes.h"
}

namespace kalam::backend::ddl {

struct ColumnShape {
    AttrNumber attnum;
    const char *name;         // local
    const char *remote_name;  // lower case
    types::ColumnType type;
    bool is_key;
    bool not_null;
    bool is_generated;           // computed by PostgreSQL from other columns
    Node *local_default;         // cooked; null: none
    const char *remote_default;  // as KalamDB spells it; null: none, or a local one only

    bool has_local_only_default() const { return local_default != nullptr && remote_default == nullptr; }
};

// palloc'd with everything it refers to, in the memory context it was read in.
struct TableShape {
    const catalog::TableIdentity *identity;  // a copy
    List *options;                           // DefElem of the foreign table
    int count;
    const ColumnShape *columns;  // those that the remote table has, without _seq

    const ColumnShape *ByAttnum(AttrNumber attnum) const;
    const ColumnShape *ByRemoteName(const char *remote_name) const;
    const ColumnShape *Key() const;
};

// The shape as of the current command. The relation must be locked by the caller. Raises for names that KalamDB cannot
// take and for types that have no remote side.
const TableShape *ReadShape(Oid relid);

// The same with names as they are (catalog::GetUncheckedIdentity).
const TableShape *ReadUncheckedShape(Oid relid);

}  // namespace kalam::backend::ddl
