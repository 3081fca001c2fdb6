// A pinned identity (the option user_id of a user mapping) holds against the role that it pins: PostgreSQL lets a role
// that has USAGE on a server make, change and drop its own user mapping, and so it could be whom it likes. Only the
// server's owner decides about user_id. Called from the dispatch table and the object access hook (ddl.cc).
#include "backend/ddl/utility_call.h"
#include "backend/endpoint.h"
#include "backend/options.h"

extern "C" {
#include "access/htup_details.h"
#include "access/reloptions.h"
#include "catalog/pg_user_mapping.h"
#include "foreign/foreign.h"
#include "miscadmin.h"
#include "nodes/parsenodes.h"
#include "utils/syscache.h"
}

namespace kalam::backend::ddl {

namespace {

bool MentionsUserId(List *options) {
    ListCell *cell;
    foreach (cell, options) {
        if (strcmp(lfirst_node(DefElem, cell)->defname, NameOf(Option::kUserId)) == 0) return true;
    }
    return false;
}

// Whether a tuple of pg_user_mapping (given up here) has the option.
bool Pins(HeapTuple mapping) {
    if (!HeapTupleIsValid(mapping)) return false;
    bool is_null = false;
    const Datum options = SysCacheGetAttr(USERMAPPINGOID, mapping, Anum_pg_user_mapping_umoptions, &is_null);
    const bool pins = !is_null && MentionsUserId(untransformRelOptions(options));
    ReleaseSysCache(mapping);
    return pins;
}

void RequireOwner(Oid server_id) {
    if (compat::OwnsServer(server_id, GetUserId())) return;
    ereport(ERROR, errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
            errmsg("permission denied to pin or unpin a user identity"),
            errhint("Only the owner of the foreign server may set, change or remove \"%s\" of user mappings.",
                    NameOf(Option::kUserId)));
}

// The server of that name if it is ours.
Oid KalamServerOf(const char *name) {
    const ForeignServer *server = GetForeignServerByName(name, true);
    return server != nullptr && IsKalamServer(server->serverid) ? server->serverid : InvalidOid;
}

}  // namespace

bool CreateUserMapping(const UtilityCall &call) {
    const auto *statement = castNode(CreateUserMappingStmt, call.statement());
    const Oid server_id = KalamServerOf(statement->servername);
    if (!OidIsValid(server_id)) return false;
    // A mapping of its own hides the public one.
    const Datum everybody = ObjectIdGetDatum(ACL_ID_PUBLIC), server = ObjectIdGetDatum(server_id);
    if (MentionsUserId(statement->options) || Pins(SearchSysCache2(USERMAPPINGUSERSERVER, everybody, server)))
        RequireOwner(server_id);
    return false;
}

bool AlterUserMapping(const UtilityCall &call) {
    const auto *statement = castNode(AlterUserMappingStmt, call.statement());
    const Oid server_id = KalamServerOf(statement->servername);
    if (OidIsValid(server_id) && MentionsUserId(statement->options)) RequireOwner(server_id);
    return false;
}

void UserMappingIsDropped(Oid mapping_id) {
    HeapTuple mapping = SearchSysCache1(USERMAPPINGOID, ObjectIdGetDatum(mapping_id));
    if (!HeapTupleIsValid(mapping)) return;
    const Oid server_id = reinterpret_cast<Form_pg_user_mapping>(GETSTRUCT(mapping))->umserver;
    if (Pins(mapping) && IsKalamServer(server_id)) RequireOwner(server_id);
}

}  // namespace kalam::backend::ddl
