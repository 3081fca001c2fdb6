// Columns of foreign tables (columns.h). Called by everything in fdw/. Makes no remote call.
#include "backend/fdw/columns.h"

extern "C" {
#include "access/sysattr.h"
}

namespace kalam::backend::fdw {

using catalog::ColumnKind;
using catalog::TableIdentity;

namespace {

ProjectedColumn Project(TupleDesc desc, const TableIdentity *identity, AttrNumber attnum) {
    return {.attnum = attnum,
            .remote_name = identity->column(attnum).remote_name,
            .local_name = pstrdup(NameStr(TupleDescAttr(desc, attnum - 1)->attname)),
            .type = ResolveColumn(desc, identity, attnum)};
}

// The column to ask for when no column is needed, only rows.
AttrNumber CheapestColumn(const TableIdentity *identity) {
    if (identity->key != InvalidAttrNumber) return identity->key;
    const AttrNumber seq = FindColumn(identity, ColumnKind::kSeq);
    if (seq != InvalidAttrNumber) return seq;
    for (AttrNumber attnum = 1; attnum <= identity->column_count; ++attnum) {
        if (IsRemote(identity->column(attnum))) return attnum;
    }
    ereport(ERROR, errcode(ERRCODE_FDW_NO_SCHEMAS),
            errmsg("foreign table \"%s\" has no remote column", identity->qualified_name));
}

}  // namespace

bool IsRemote(const catalog::ColumnIdentity &column) {
    return column.kind == ColumnKind::kData || column.kind == ColumnKind::kSeq;
}

types::ColumnType ResolveColumn(TupleDesc desc, const TableIdentity *identity, AttrNumber attnum) {
    const FormData_pg_attribute *attribute = TupleDescAttr(desc, attnum - 1);
    return types::ResolveColumnType({.type = attribute->atttypid,
                                     .typmod = attribute->atttypmod,
                                     .kalam_type = identity->column(attnum).kalam_type,
                                     .is_key = attnum == identity->key,
                                     .column_name = NameStr(attribute->attname)});
}

AttrNumber FindColumn(const TableIdentity *identity, ColumnKind kind) {
    for (AttrNumber attnum = 1; attnum <= identity->column_count; ++attnum) {
        if (identity->column(attnum).kind == kind) return attnum;
    }
    return InvalidAttrNumber;
}

Projection MakeProjection(TupleDesc desc, const TableIdentity *identity, const List *attnums) {
    Projection projection = {};
    projection.columns = static_cast<ProjectedColumn *>(
        palloc(sizeof(ProjectedColumn) * static_cast<size_t>(list_length(attnums) + 1)));
    ListCell *cell;
    foreach (cell, attnums) {
        const AttrNumber attnum = static_cast<AttrNumber>(lfirst_int(cell));
        if (identity->column(attnum).kind == ColumnKind::kUserId) projection.user_id = attnum;
        if (!IsRemote(identity->column(attnum))) continue;
        projection.columns[projection.count++] = Project(desc, identity, attnum);
    }
    if (projection.count == 0)
        projection.columns[projection.count++] = Project(desc, identity, CheapestColumn(identity));
    return projection;
}

void RequireKey(const TableIdentity *identity, const char *doing) {
    if (identity->key != InvalidAttrNumber) return;
    ereport(ERROR, errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
            errmsg("cannot %s foreign table \"%s\"", doing, identity->qualified_name),
            errdetail("It has no primary key, which is what KalamDB identifies rows by."));
}

List *AllColumns(const TableIdentity *identity) {
    List *attnums = NIL;
    for (AttrNumber attnum = 1; attnum <= identity->column_count; ++attnum) {
        if (identity->column(attnum).kind != ColumnKind::kDropped) attnums = lappend_int(attnums, attnum);
    }
    return attnums;
}

List *UsedColumns(const TableIdentity *identity, const Bitmapset *attrs_used) {
    if (bms_is_member(0 - FirstLowInvalidHeapAttributeNumber, attrs_used)) return AllColumns(identity);
    List *attnums = NIL;
    for (AttrNumber attnum = 1; attnum <= identity->column_count; ++attnum) {
        if (identity->column(attnum).kind != ColumnKind::kDropped &&
            bms_is_member(attnum - FirstLowInvalidHeapAttributeNumber, attrs_used))
            attnums = lappend_int(attnums, attnum);
    }
    return attnums;
}

}  // namespace kalam::backend::fdw
