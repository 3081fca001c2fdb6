// Finds kalam tables by name, inheritance and schema (affected_tables.h).
#include "backend/ddl/affected_tables.h"

#include "backend/catalog/table_identity.h"

extern "C" {
#include "access/genam.h"
#include "access/htup_details.h"
#include "access/table.h"
#include "catalog/namespace.h"
#include "catalog/pg_class.h"
#include "catalog/pg_inherits.h"
#include "miscadmin.h"
#include "utils/fmgroids.h"
#include "utils/lsyscache.h"
}

namespace kalam::backend::ddl {

namespace {

List *OnlyKalamTables(List *relids) {
    List *tables = NIL;
    ListCell *cell;
    foreach (cell, relids) {
        if (catalog::IsKalamTable(lfirst_oid(cell))) tables = lappend_oid(tables, lfirst_oid(cell));
    }
    return tables;
}

}  // namespace

List *LockAffectedTables(const RangeVar *name, LOCKMODE lock) {
    const Oid candidate = RangeVarGetRelid(name, NoLock, true);
    if (!OidIsValid(candidate)) return NIL;
    const bool has_children = name->inh && has_subclass(candidate);
    if (!has_children && !catalog::IsKalamTable(candidate)) return NIL;
    // Nobody else may lock it.
    if (!compat::OwnsRelation(candidate, GetUserId())) return NIL;
    const Oid relid = RangeVarGetRelid(name, lock, true);
    if (!OidIsValid(relid)) return NIL;
    return OnlyKalamTables(has_children ? find_all_inheritors(relid, lock, nullptr) : list_make1_oid(relid));
}

List *KalamTablesOfSchema(const char *schema) {
    const Oid schema_id = get_namespace_oid(schema, true);
    if (!OidIsValid(schema_id)) return NIL;
    List *relids = NIL;
    ScanKeyData key;
    ScanKeyInit(&key, Anum_pg_class_relnamespace, BTEqualStrategyNumber, F_OIDEQ,
                ObjectIdGetDatum(schema_id));
    Relation relation = table_open(RelationRelationId, AccessShareLock);
    SysScanDesc scan = systable_beginscan(relation, InvalidOid, false, nullptr, 1, &key);
    HeapTuple tuple;
    while (HeapTupleIsValid(tuple = systable_getnext(scan))) {
        const auto *row = reinterpret_cast<Form_pg_class>(GETSTRUCT(tuple));
        if (row->relkind == RELKIND_FOREIGN_TABLE) relids = lappend_oid(relids, row->oid);
    }
    systable_endscan(scan);
    table_close(relation, AccessShareLock);
    return OnlyKalamTables(relids);
}

}  // namespace kalam::backend::ddl
