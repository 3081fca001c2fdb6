// Reads a table's shape from the catalog (table_shape.h).
#include "backend/ddl/table_shape.h"

#include "backend/ddl/remote_default.h"

extern "C" {
#include "access/relation.h"
#include "access/tupdesc.h"
#include "foreign/foreign.h"
#include "nodes/nodes.h"
#include "utils/rel.h"
}

namespace kalam::backend::ddl {

namespace {

// The default of a column; null: none. The value of a generated column is computed here, so the server sees none.
Node *LocalDefault(TupleDesc descriptor, AttrNumber attnum) {
    const Form_pg_attribute attribute = TupleDescAttr(descriptor, attnum - 1);
    if (!attribute->atthasdef || attribute->attgenerated != '\0') return nullptr;
    for (int i = 0; i < descriptor->constr->num_defval; ++i) {
        const AttrDefault &entry = descriptor->constr->defval[i];
        if (entry.adnum == attnum) return static_cast<Node *>(stringToNode(entry.adbin));
    }
    return nullptr;
}

ColumnShape ReadColumn(TupleDesc descriptor, AttrNumber attnum, const catalog::TableIdentity *identity) {
    const Form_pg_attribute attribute = TupleDescAttr(descriptor, attnum - 1);
    const catalog::ColumnIdentity &column = identity->column(attnum);
    ColumnShape shape = {};
    shape.attnum = attnum;
    shape.name = pstrdup(NameStr(attribute->attname));
    shape.remote_name = column.remote_name;
    shape.is_key = attnum == identity->key;
    shape.type = types::ResolveColumnType({.type = attribute->atttypid,
                                           .typmod = attribute->atttypmod,
                                           .kalam_type = column.kalam_type,
                                           .is_key = shape.is_key,
                                           .column_name = shape.name});
    shape.not_null = attribute->attnotnull;
    shape.is_generated = attribute->attgenerated != '\0';
    shape.local_default = LocalDefault(descriptor, attnum);
    if (shape.local_default != nullptr) {
        shape.remote_default = RemoteDefaultText(shape.local_default, shape.type);
    }
    return shape;
}

const TableShape *MakeShape(Oid relid, const catalog::TableIdentity *identity) {
    Relation relation = relation_open(relid, NoLock);
    TupleDesc descriptor = RelationGetDescr(relation);
    auto *shape = static_cast<TableShape *>(palloc0(sizeof(TableShape)));
    shape->identity = catalog::CopyTableIdentity(identity);
    shape->options = GetForeignTable(relid)->options;
    auto *columns = static_cast<ColumnShape *>(palloc0(sizeof(ColumnShape) * (descriptor->natts + 1)));
    for (AttrNumber attnum = 1; attnum <= descriptor->natts; ++attnum) {
        if (shape->identity->column(attnum).kind != catalog::ColumnKind::kData) continue;
        columns[shape->count++] = ReadColumn(descriptor, attnum, shape->identity);
    }
    shape->columns = columns;
    relation_close(relation, NoLock);
    return shape;
}

}  // namespace

const ColumnShape *TableShape::ByAttnum(AttrNumber attnum) const {
    for (int i = 0; i < count; ++i) {
        if (columns[i].attnum == attnum) return &columns[i];
    }
    return nullptr;
}

const ColumnShape *TableShape::ByRemoteName(const char *remote_name) const {
    for (int i = 0; i < count; ++i) {
        if (strcmp(columns[i].remote_name, remote_name) == 0) return &columns[i];
    }
    return nullptr;
}

const ColumnShape *TableShape::Key() const {
    return AttributeNumberIsValid(identity->key) ? ByAttnum(identity->key) : nullptr;
}

const TableShape *ReadShape(Oid relid) {
    return MakeShape(relid, catalog::GetTableIdentity(relid));
}

const TableShape *ReadUncheckedShape(Oid relid) {
    return MakeShape(relid, catalog::GetUncheckedIdentity(relid));
}

}  // namespace kalam::backend::ddl
