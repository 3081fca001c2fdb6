// Follows pg_depend from a type to the columns and to the types that contain it (type_users.h). PostgreSQL's own search
// (find_composite_type_dependencies) looks for tables with storage only, which foreign tables have not.
#include "backend/ddl/type_users.h"

#include "backend/catalog/table_identity.h"

extern "C" {
#include "access/genam.h"
#include "access/table.h"
#include "catalog/dependency.h"
#include "catalog/indexing.h"
#include "catalog/pg_class.h"
#include "catalog/pg_depend.h"
#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "utils/fmgroids.h"
#include "utils/lsyscache.h"
}

namespace kalam::backend::ddl {

namespace {

// Whether values in the column are stored in KalamDB itself. If not, rows of its relation may be: of a composite type, or a
// table that serves as one.
bool IsKalamColumn(Oid relid) {
    return get_rel_relkind(relid) == RELKIND_FOREIGN_TABLE && catalog::IsKalamTable(relid);
}

const char *ColumnName(Oid relid, AttrNumber attnum) {
    return psprintf("%s.%s", get_rel_name(relid), get_attname(relid, attnum, false));
}

}  // namespace

const char *FindKalamColumnOfType(Oid type) {
    check_stack_depth();
    ScanKeyData keys[2];
    ScanKeyInit(&keys[0], Anum_pg_depend_refclassid, BTEqualStrategyNumber, F_OIDEQ,
                ObjectIdGetDatum(TypeRelationId));
    ScanKeyInit(&keys[1], Anum_pg_depend_refobjid, BTEqualStrategyNumber, F_OIDEQ, ObjectIdGetDatum(type));
    Relation depend = table_open(DependRelationId, AccessShareLock);
    SysScanDesc scan = systable_beginscan(depend, DependReferenceIndexId, true, nullptr, 2, keys);
    const char *found = nullptr;
    for (HeapTuple tuple; found == nullptr && HeapTupleIsValid(tuple = systable_getnext(scan));) {
        const auto *row = reinterpret_cast<Form_pg_depend>(GETSTRUCT(tuple));
        Oid container = InvalidOid;
        if (row->classid == TypeRelationId) {
            container = row->objid;
        } else if (row->classid == RelationRelationId && row->objsubid > 0) {
            if (IsKalamColumn(row->objid)) {
                found = ColumnName(row->objid, static_cast<AttrNumber>(row->objsubid));
            } else {
                container = get_rel_type_id(row->objid);
            }
        }
        if (OidIsValid(container)) found = FindKalamColumnOfType(container);
    }
    systable_endscan(scan);
    table_close(depend, AccessShareLock);
    return found;
}

}  // namespace kalam::backend::ddl
