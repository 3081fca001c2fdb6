// DROP of kalam tables and their columns, by name or by a cascade. PostgreSQL decides what goes; the object access
// hook hears of every relation and column that does, and notes the remote DROP for PRE_COMMIT. The handlers here
// only let DROP TABLE reach foreign tables, and keep the endpoints that a cascade would take away first.
#include "backend/catalog/table_identity.h"
#include "backend/ddl/kalam_servers.h"
#include "backend/ddl/pending.h"
#include "backend/ddl/remote_sql.h"
#include "backend/ddl/utility_call.h"
#include "backend/guc.h"

extern "C" {
#include "catalog/namespace.h"
#include "catalog/pg_class.h"
#include "foreign/foreign.h"
#include "nodes/makefuncs.h"
#include "nodes/parsenodes.h"
#include "nodes/value.h"
#include "utils/lsyscache.h"
}

namespace kalam::backend::ddl {

namespace {

bool NamesKalamTable(List *name) {
    const Oid relid = RangeVarGetRelid(makeRangeVarFromNameList(name), NoLock, true);
    return OidIsValid(relid) && catalog::IsKalamTable(relid);
}

// DROP TABLE: the kalam tables among the names go as what they are, foreign tables.
bool DropTables(const UtilityCall &call, const DropStmt *statement) {
    List *ours = NIL;
    List *others = NIL;
    ListCell *cell;
    foreach (cell, statement->objects) {
        auto *name = static_cast<List *>(lfirst(cell));
        List *&side = NamesKalamTable(name) ? ours : others;
        side = lappend(side, name);
    }
    if (ours == NIL) return false;
    auto *foreign = castNode(DropStmt, copyObjectImpl(statement));
    foreign->removeType = OBJECT_FOREIGN_TABLE;
    foreign->objects = ours;
    RunLocally(call, reinterpret_cast<Node *>(foreign));
    if (others != NIL) {
        auto *rest = castNode(DropStmt, copyObjectImpl(statement));
        rest->objects = others;
        RunLocally(call, reinterpret_cast<Node *>(rest));
    }
    return true;
}

// A server that goes takes its user mappings along, perhaps before its tables.
void RememberServer(Oid server_id) {
    if (HasKalamTables(server_id)) RememberEndpoint(GetEndpoint(server_id));
}

void RememberNamedServers(const DropStmt *statement) {
    ListCell *cell;
    foreach (cell, statement->objects) {
        const ForeignServer *server = GetForeignServerByName(strVal(lfirst(cell)), true);
        if (server != nullptr && IsKalamServer(server->serverid)) RememberServer(server->serverid);
    }
}

void RememberAllServers() {
    ListCell *cell;
    foreach (cell, ListKalamServers()) RememberServer(lfirst_oid(cell));
}

bool NamesOurExtension(const DropStmt *statement) {
    ListCell *cell;
    foreach (cell, statement->objects) {
        if (strcmp(strVal(lfirst(cell)), "pg_kalam") == 0) return true;
    }
    return false;
}

}  // namespace

bool Drop(const UtilityCall &call) {
    const auto *statement = castNode(DropStmt, call.statement());
    switch (statement->removeType) {
        case OBJECT_TABLE:
            return DropTables(call, statement);
        case OBJECT_FOREIGN_SERVER:
            if (guc::mirror_ddl) RememberNamedServers(statement);
            return false;
        case OBJECT_FDW:
        case OBJECT_EXTENSION:
            if (guc::mirror_ddl && NamesOurExtension(statement)) RememberAllServers();
            return false;
        default:
            return false;
    }
}

bool DropOwned(const UtilityCall &) {
    if (guc::mirror_ddl) RememberAllServers();
    return false;
}

void RelationIsDropped(Oid relid, AttrNumber attnum) {
    if (!guc::mirror_ddl || !catalog::IsKalamTable(relid)) return;
    const catalog::TableIdentity *identity =
        attnum == 0 ? catalog::GetUncheckedIdentity(relid) : catalog::GetTableIdentity(relid);
    const char *sql = nullptr;
    if (attnum == 0) {
        catalog::CheckRemoteName("namespace", identity->remote_namespace);
        catalog::CheckRemoteName("table", identity->remote_table);
        sql = DropTableSql(*identity);
    } else if (attnum > 0 && attnum == identity->key) {
        ereport(ERROR,
                (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
                 errmsg("cannot drop the key column of KalamDB table \"%s\"", identity->qualified_name)));
    } else if (attnum > 0 && identity->column(attnum).kind == catalog::ColumnKind::kData) {
        sql = DropColumnSql(*identity, identity->column(attnum).remote_name);
    }
    if (sql != nullptr) RunAtPreCommit(RememberedEndpoint(identity->server_id), sql);
}

}  // namespace kalam::backend::ddl
