// Scans the catalogs of foreign servers and tables (kalam_servers.h).
#include "backend/ddl/kalam_servers.h"

#include "backend/endpoint.h"

extern "C" {
#include "access/genam.h"
#include "access/htup_details.h"
#include "access/table.h"
#include "catalog/pg_foreign_server.h"
#include "catalog/pg_foreign_table.h"
#include "storage/lockdefs.h"
}

namespace kalam::backend::ddl {

List *ListKalamServers() {
    List *servers = NIL;
    Relation relation = table_open(ForeignServerRelationId, AccessShareLock);
    SysScanDesc scan = systable_beginscan(relation, InvalidOid, false, nullptr, 0, nullptr);
    HeapTuple tuple;
    while (HeapTupleIsValid(tuple = systable_getnext(scan))) {
        const Oid server_id = reinterpret_cast<Form_pg_foreign_server>(GETSTRUCT(tuple))->oid;
        if (IsKalamServer(server_id)) servers = lappend_oid(servers, server_id);
    }
    systable_endscan(scan);
    table_close(relation, AccessShareLock);
    return servers;
}

bool HasKalamTables(Oid server_id) {
    bool found = false;
    Relation relation = table_open(ForeignTableRelationId, AccessShareLock);
    SysScanDesc scan = systable_beginscan(relation, InvalidOid, false, nullptr, 0, nullptr);
    HeapTuple tuple;
    while (!found && HeapTupleIsValid(tuple = systable_getnext(scan))) {
        found = reinterpret_cast<Form_pg_foreign_table>(GETSTRUCT(tuple))->ftserver == server_id;
    }
    systable_endscan(scan);
    table_close(relation, AccessShareLock);
    return found;
}

}  // namespace kalam::backend::ddl
