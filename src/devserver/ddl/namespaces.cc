// CREATE, DROP and ALTER NAMESPACE, USE.
#include "devserver/ddl/ddl.h"
#include "devserver/error.h"
#include "devserver/request.h"
#include "devserver/sql/names.h"

namespace kalam::devserver::ddl {

namespace {

std::string Named(const std::string &name, const char *what) {
    return "Namespace '" + name + "' " + what;
}

void RequireNamespace(const Database &db, const std::string &name) {
    if (db.FindNamespace(name) == nullptr) ThrowSql("Not found: " + Named(name, "not found"));
}

}  // namespace

std::string Execute(Core &core, const sql::CreateNamespace &statement) {
    const std::string refusal = sql::CheckNamespaceName(statement.name);
    if (!refusal.empty()) ThrowSql(refusal);
    const Database::WriteLock lock(core.db);
    if (core.db.FindNamespace(statement.name) != nullptr) {
        const std::string exists = Named(statement.name, "already exists");
        if (statement.if_not_exists) return exists;
        ThrowSql("Already exists: " + exists);
    }
    core.db.PutNamespace({.name = statement.name, .created_ms = core.clock.UnixMillis()});
    return Named(statement.name, "created successfully");
}

std::string Execute(Core &core, const sql::DropNamespace &statement) {
    DieLikeKalamDb("namespace id", statement.name);
    const Database::WriteLock lock(core.db);
    const bool missing = core.db.FindNamespace(statement.name) == nullptr;
    if (missing && statement.if_exists) return Named(statement.name, "does not exist");
    RequireNamespace(core.db, statement.name);
    core.db.DropNamespace(statement.name);
    return Named(statement.name, "dropped successfully");
}

std::string Execute(Core &core, const sql::AlterNamespace &statement) {
    const Database::WriteLock lock(core.db);
    RequireNamespace(core.db, statement.name);
    Namespace changed = *core.db.FindNamespace(statement.name);
    changed.options_json = statement.options_json;
    core.db.PutNamespace(std::move(changed));
    return Named(statement.name, "altered successfully");
}

std::string Execute(Core &core, const sql::UseNamespace &statement) {
    const Database::ReadLock lock(core.db);
    if (core.db.FindNamespace(statement.name) == nullptr && statement.name != "system") {
        ThrowSql("Invalid operation: " + Named(statement.name, "does not exist"));
    }
    return "Namespace switched to '" + statement.name + "'";
}

}  // namespace kalam::devserver::ddl
