// Creates or adopts the remote table of a new local one (create_remote.h).
#include "backend/ddl/create_remote.h"

#include "backend/catalog/remote_facts.h"
#include "backend/ddl/add_column.h"
#include "backend/ddl/await_cleanup.h"
#include "backend/ddl/local_change.h"
#include "backend/ddl/parse_nodes.h"
#include "backend/ddl/pending.h"
#include "backend/ddl/remote_catalog.h"
#include "backend/ddl/remote_sql.h"
#include "backend/ddl/restore.h"
#include "backend/ddl/table_shape.h"
#include "backend/guc.h"
#include "backend/options.h"

namespace kalam::backend::ddl {

namespace {

using catalog::TableIdentity;

const char *RemoteName(const TableIdentity &identity) {
    return psprintf("%s.%s", identity.remote_namespace, identity.remote_table);
}

// ---- a table that exists ----

[[noreturn]] void ThrowExists(const TableIdentity &identity, const char *detail) {
    ereport(ERROR, (errcode(ERRCODE_DUPLICATE_TABLE),
                    errmsg("KalamDB table \"%s\" already exists", RemoteName(identity)),
                    detail == nullptr ? 0 : errdetail_internal("%s", detail),
                    errhint("IMPORT FOREIGN SCHEMA %s LIMIT TO (%s) makes a local table for it as it is.",
                            identity.remote_namespace, identity.remote_table)));
}

void RequireSameKind(const TableIdentity &identity, const RemoteTable &remote) {
    if (common::ParseTableType(remote.type) == identity.type) return;
    ThrowExists(identity, psprintf("It is a %s table.", remote.type));
}

void RequireAgreement(const TableShape &shape, const RemoteTable &remote) {
    const TableIdentity &identity = *shape.identity;
    for (int i = 0; i < shape.count; ++i) {
        const ColumnShape &column = shape.columns[i];
        const RemoteColumn *counterpart = remote.Find(column.remote_name);
        if (counterpart == nullptr) {
            ThrowExists(identity, psprintf("It has no column \"%s\".", column.remote_name));
        }
        // A uuid is declared as TEXT where it is the key, which is known only now.
        const bool is_uuid_key = counterpart->is_key && column.type.remote.kind == types::RemoteKind::kUuid &&
                                 pg_strcasecmp(counterpart->type_text, "TEXT") == 0;
        if (!is_uuid_key && !IsRemoteType(column.type, counterpart->type_text)) {
            ThrowExists(identity, psprintf("Its column \"%s\" has type %s, not %s.", column.remote_name,
                                           counterpart->type_text, types::RemoteTypeText(column.type)));
        }
    }
}

// Makes the remote key the local one. In a dump the column may have been renamed, which is said later.
void AdoptKey(const TableShape &shape, const RemoteTable &remote, ExistingTable existing) {
    const RemoteColumn *remote_key = remote.Key();
    if (remote_key == nullptr) return;
    const ColumnShape *key = shape.ByRemoteName(remote_key->name);
    if (key == nullptr && existing == ExistingTable::kRestore) return;
    if (key == nullptr) {
        ThrowExists(*shape.identity,
                    psprintf("Its key column \"%s\" is not among the declared ones.", remote_key->name));
    }
    if (!key->is_key) SetLocalColumnOption(shape.identity->relid, key->attnum, NameOf(Option::kKey), "true");
    if (!key->not_null) SetLocalNotNull(shape.identity->relid, key->attnum);
}

void Adopt(const Endpoint *endpoint, const TableShape &shape, const RemoteTable &remote,
           ExistingTable existing) {
    RequireSameKind(*shape.identity, remote);
    if (existing == ExistingTable::kAdopt) RequireAgreement(shape, remote);
    catalog::LearnFacts(endpoint, shape.identity->remote_namespace, shape.identity->remote_table,
                        *remote.Facts());
    AdoptKey(shape, remote, existing);
    ereport(NOTICE, (errmsg("KalamDB table \"%s\" exists; \"%s\" now stands for it",
                            RemoteName(*shape.identity), shape.identity->qualified_name)));
}

// ---- a new table ----

void RequireKey(const TableShape &shape) {
    const ColumnShape *key = shape.Key();
    if (key != nullptr) {
        types::RequireUsableAsKey(key->type, key->name);
    } else if (shape.identity->type != common::TableType::kStream) {
        ereport(ERROR, (errcode(ERRCODE_INVALID_TABLE_DEFINITION),
                        errmsg("KalamDB table \"%s\" needs a key column", shape.identity->qualified_name),
                        errhint("Declare one column PRIMARY KEY, or call it \"id\".")));
    }
}

void TellLocalDefaults(const TableShape &shape) {
    for (int i = 0; i < shape.count; ++i) {
        if (shape.columns[i].has_local_only_default()) TellLocalDefault(shape.columns[i]);
    }
}

// The key is NOT NULL, declared so or not; the server forces it too.
const TableShape *WithNotNullKey(const TableShape *shape) {
    const ColumnShape *key = shape->Key();
    if (key == nullptr || key->not_null) return shape;
    SetLocalNotNull(shape->identity->relid, key->attnum);
    return ReadShape(shape->identity->relid);
}

}  // namespace

void CreateNewRemoteTable(const Endpoint *endpoint, const TableShape &shape) {
    TellLocalDefaults(shape);
    const char *remote_namespace = shape.identity->remote_namespace;
    // One that is there may be of a name that cannot be created (default).
    if (!RemoteNamespaceExists(endpoint, remote_namespace)) {
        (void)RunRemote(endpoint, CreateNamespaceSql(remote_namespace));
    }
    AwaitCleanup(endpoint, *shape.identity);
    RunUndoable(endpoint, CreateTableSql(shape), DropTableSql(*shape.identity));
    const char *level = FindOption(shape.options, kAccessLevelOption);
    catalog::LearnFacts(endpoint, remote_namespace, shape.identity->remote_table,
                        {.type = shape.identity->type,
                         .for_administrators = level != nullptr && pg_strcasecmp(level, "dba") == 0});
}

void CreateRemoteTable(Oid relid, ExistingTable existing) {
    if (!guc::mirror_ddl) return;
    // A dump says in statements to come which remote columns the local ones are.
    const TableShape *shape =
        existing == ExistingTable::kRestore ? ReadUncheckedShape(relid) : ReadShape(relid);
    const Endpoint *endpoint = GetEndpoint(shape->identity->server_id);
    SettlePendingDrop(endpoint, DropTableSql(*shape->identity), RemoteName(*shape->identity));
    const RemoteTable *remote =
        FindRemoteTable(endpoint, shape->identity->remote_namespace, shape->identity->remote_table);
    if (remote != nullptr) {
        if (existing == ExistingTable::kRefuse) ThrowExists(*shape->identity, nullptr);
        Adopt(endpoint, *shape, *remote, existing);
    } else if (existing == ExistingTable::kRestore) {
        CreateRestored(endpoint, shape);
    } else {
        RequireKey(*shape);
        CreateNewRemoteTable(endpoint, *WithNotNullKey(shape));
    }
}

}  // namespace kalam::backend::ddl
