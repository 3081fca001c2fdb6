// The columns of a foreign table as scans and writes need them: which are asked of the server, under which
// names and types. Called by everything in fdw/. Catalog lookups only.
#pragma once

#include <span>

#include "backend/catalog/table_identity.h"
#include "backend/pg.h"
#include "backend/types/type_map.h"

extern "C" {
#include "access/attnum.h"
#include "access/tupdesc.h"
#include "nodes/bitmapset.h"
}

namespace kalam::backend::fdw {

// Whether the server has the column (_userid it has not).
bool IsRemote(const catalog::ColumnIdentity &column);

types::ColumnType ResolveColumn(TupleDesc desc, const catalog::TableIdentity *identity, AttrNumber attnum);

// The key's type; the table has one.
inline types::ColumnType ResolveKey(TupleDesc desc, const catalog::TableIdentity *identity) {
    return ResolveColumn(desc, identity, identity->key);
}

// The column of a table that holds `kind` (kSeq, kUserId); InvalidAttrNumber: none.
AttrNumber FindColumn(const catalog::TableIdentity *identity, catalog::ColumnKind kind);

// Raises 0A000 for a table without a key, of which something is asked ("update") that takes one.
void RequireKey(const catalog::TableIdentity *identity, const char *doing);

// A column that a read asks for.
struct ProjectedColumn {
    AttrNumber attnum;
    const char *remote_name;
    const char *local_name;
    types::ColumnType type;
};

struct Projection {
    int count;
    ProjectedColumn *columns;
    AttrNumber user_id;  // where _userid is wanted; InvalidAttrNumber: nowhere

    std::span<const ProjectedColumn> all() const { return {columns, static_cast<size_t>(count)}; }
};

// The columns of `attnums` (an IntList); the cheapest column of the table where none of them is remote, since
// an empty list would mean all.
Projection MakeProjection(TupleDesc desc, const catalog::TableIdentity *identity, const List *attnums);

// The attribute numbers of all live columns (IntList).
List *AllColumns(const catalog::TableIdentity *identity);

// What attrs_used (offset by FirstLowInvalidHeapAttributeNumber, a whole-row reference means all) comes to.
List *UsedColumns(const catalog::TableIdentity *identity, const Bitmapset *attrs_used);

}  // namespace kalam::backend::fdw
