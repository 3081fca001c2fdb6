// CREATE, ALTER and DROP of STORAGE and USER.
#include <functional>

#include "devserver/ddl/ddl.h"
#include "devserver/error.h"

namespace kalam::devserver::ddl {

namespace {

std::string StorageText(const std::string &id, const char *what) {
    return "Storage '" + id + "' " + what;
}

std::string UserText(const std::string &name, const char *what) {
    return "User '" + name + "' " + what;
}

// What system.users shows of a password; nothing can log in with it but root's, which is an option of the server.
std::string HashOf(const std::string &password) {
    return "$2b$12$" + std::to_string(std::hash<std::string>{}(password));
}

const Account *FindAccount(const Database &db, const std::string &name) {
    const auto found = db.accounts().find(name);
    return found == db.accounts().end() || found->second.deleted_ms ? nullptr : &found->second;
}

}  // namespace

std::string Execute(Core &core, const sql::CreateStorage &statement) {
    const Database::WriteLock lock(core.db);
    if (core.db.storages().contains(statement.id)) {
        ThrowSql("Already exists: " + StorageText(statement.id, "already exists"));
    }
    const int64_t now = core.clock.UnixMillis();
    core.db.PutStorage({statement.id, statement.name, statement.description, statement.type,
                        statement.base_directory, now, now});
    return StorageText(statement.id, "created successfully");
}

std::string Execute(Core &core, const sql::AlterStorage &statement) {
    const Database::WriteLock lock(core.db);
    const auto found = core.db.storages().find(statement.id);
    if (found == core.db.storages().end()) {
        ThrowSql("Not found: " + StorageText(statement.id, "not found"));
    }
    StorageInfo changed = found->second;
    if (statement.name) changed.name = *statement.name;
    if (statement.description) changed.description = *statement.description;
    changed.updated_ms = core.clock.UnixMillis();
    core.db.PutStorage(std::move(changed));
    return StorageText(statement.id, "altered successfully");
}

std::string Execute(Core &core, const sql::DropStorage &statement) {
    const Database::WriteLock lock(core.db);
    if (!core.db.storages().contains(statement.id)) {
        if (statement.if_exists) return StorageText(statement.id, "does not exist (skipped)");
        ThrowSql("Not found: " + StorageText(statement.id, "not found"));
    }
    if (statement.id == "local") {
        ThrowSql("Invalid operation: Cannot delete 'local' storage (it is the default storage)");
    }
    core.db.DropStorage(statement.id);
    return StorageText(statement.id, "dropped successfully");
}

std::string Execute(Core &core, const sql::CreateUser &statement) {
    const Database::WriteLock lock(core.db);
    if (FindAccount(core.db, statement.name) != nullptr) {
        ThrowSql("Already exists: " + UserText(statement.name, "already exists"));
    }
    const int64_t now = core.clock.UnixMillis();
    core.db.PutAccount({statement.name, statement.auth_type, HashOf(statement.password), statement.role,
                        statement.email, now, now, std::nullopt});
    return UserText(statement.name, "created successfully");
}

std::string Execute(Core &core, const sql::AlterUser &statement) {
    const Database::WriteLock lock(core.db);
    const Account *account = FindAccount(core.db, statement.name);
    if (account == nullptr) ThrowSql("Not found: " + UserText(statement.name, "not found"));
    Account changed = *account;
    if (statement.password) changed.password_hash = HashOf(*statement.password);
    if (statement.role) changed.role = *statement.role;
    if (statement.email) changed.email = *statement.email;
    changed.updated_ms = core.clock.UnixMillis();
    core.db.PutAccount(std::move(changed));
    return UserText(statement.name, "altered successfully");
}

std::string Execute(Core &core, const sql::DropUser &statement) {
    const Database::WriteLock lock(core.db);
    const Account *account = FindAccount(core.db, statement.name);
    if (account == nullptr) {
        if (statement.if_exists) return UserText(statement.name, "does not exist (skipped)");
        ThrowSql("Not found: " + UserText(statement.name, "not found"));
    }
    Account changed = *account;
    changed.deleted_ms = core.clock.UnixMillis();
    core.db.PutAccount(std::move(changed));
    return UserText(statement.name, "dropped successfully");
}

}  // namespace kalam::devserver::ddl
