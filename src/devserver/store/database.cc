// Loads the data file into memory and keeps both alike; see database.h.
#include "devserver/store/database.h"

#include <algorithm>

#include "devserver/store/codec.h"
#include "devserver/store/objects.h"

namespace kalam::devserver {

namespace {

constexpr std::string_view kNamespaceKind = "namespace", kTableKind = "table", kStorageKind = "storage",
                           kAccountKind = "account";

}  // namespace

Database::Database(const std::string &path, const Clock &clock)
    : clock_(clock), seqs_(clock), journal_(path) {
    Load();
    AddBuiltIns();
}

void Database::Load() {
    journal_.Load({
        [this](std::string_view kind, std::string_view name, std::string_view json) {
            LoadObject(kind, name, json);
        },
        [this](int64_t table, std::string_view key, std::shared_ptr<Version> version) {
            const auto found = tables_by_id_.find(table);
            if (found == tables_by_id_.end()) return;
            seqs_.RaiseTo(version->seq);
            commit_seq_ = std::max(commit_seq_, version->commit_seq);
            found->second->rows.Put(std::string(key), std::move(version), 0);
        },
    });
}

void Database::LoadObject(std::string_view kind, std::string_view name, std::string_view json) {
    if (kind == kTableKind) AddTable(DecodeTable(json));
    if (kind == kNamespaceKind) namespaces_[std::string(name)] = DecodeNamespace(json);
    if (kind == kStorageKind) storages_[std::string(name)] = DecodeStorage(json);
    if (kind == kAccountKind) accounts_[std::string(name)] = DecodeAccount(json);
}

void Database::AddBuiltIns() {
    const WriteLock lock(*this);
    const int64_t now = clock_.UnixMillis();
    for (const char *name : {"default", "dba"}) {
        if (FindNamespace(name) == nullptr) PutNamespace({.name = name, .created_ms = now});
    }
    if (!storages_.contains("local")) {
        PutStorage({.id = "local",
                    .name = "Local Filesystem",
                    .description = "Default local filesystem storage",
                    .base_directory = "data/storage",
                    .created_ms = now,
                    .updated_ms = now});
    }
    if (!accounts_.contains("root")) {
        PutAccount({.name = "root",
                    .auth_type = "Internal",
                    .password_hash = "$2b$12$",
                    .role = "system",
                    .email = "root@localhost",
                    .created_ms = now,
                    .updated_ms = now,
                    .deleted_ms = {}});
    }
}

const Namespace *Database::FindNamespace(const std::string &name) const {
    const auto found = namespaces_.find(name);
    return found == namespaces_.end() ? nullptr : &found->second;
}

void Database::PutNamespace(Namespace ns) {
    journal_.PutObject(kNamespaceKind, ns.name, EncodeNamespace(ns));
    const std::string name = ns.name;
    namespaces_[name] = std::move(ns);
}

void Database::DropNamespace(const std::string &name) {
    for (const TableDefPtr &def : Tables()) {
        if (def->name.ns == name) DropTable(def->name);
    }
    journal_.RemoveObject(kNamespaceKind, name);
    namespaces_.erase(name);
}

Table *Database::FindTable(const sql::TableName &name) {
    return const_cast<Table *>(std::as_const(*this).FindTable(name));
}

const Table *Database::FindTable(const sql::TableName &name) const {
    const auto found = tables_.find({name.ns, name.table});
    return found == tables_.end() ? nullptr : found->second.get();
}

std::vector<TableDefPtr> Database::Tables() const {
    std::vector<TableDefPtr> all;
    all.reserve(tables_.size());
    for (const auto &[name, table] : tables_) all.push_back(table->def);
    return all;
}

void Database::AddTable(TableDef def) {
    last_table_id_ = std::max(last_table_id_, def.id);
    auto table = std::make_unique<Table>(std::make_shared<const TableDef>(std::move(def)));
    tables_by_id_[table->def->id] = table.get();
    tables_[{table->def->name.ns, table->def->name.table}] = std::move(table);
}

void Database::CreateTable(TableDef def) {
    def.id = last_table_id_ + 1;
    journal_.PutObject(kTableKind, def.name.Dotted(), EncodeTable(def));
    AddTable(std::move(def));
}

void Database::AlterTable(TableDef def) {
    journal_.PutObject(kTableKind, def.name.Dotted(), EncodeTable(def));
    Table &table = *tables_by_id_.at(def.id);
    table.def = std::make_shared<const TableDef>(std::move(def));
}

void Database::DropTable(const sql::TableName &name) {
    const auto found = tables_.find({name.ns, name.table});
    if (found == tables_.end()) return;
    journal_.RemoveRows(*found->second->def);
    journal_.RemoveObject(kTableKind, name.Dotted());
    tables_by_id_.erase(found->second->def->id);
    tables_.erase(found);
}

void Database::Put(Table &table, const std::string &key, std::shared_ptr<Version> version) {
    version->seq = seqs_.Next();
    version->commit_seq = commit_seq_;
    journal_.PutRow(*table.def, key, *version);
    table.rows.Put(key, std::move(version), HighestSnapshot());
}

size_t Database::RemoveFromStream(Table &table, const std::string &user, const std::string &key) {
    const auto removed = table.rows.Remove(user, key);
    for (const VersionPtr &version : removed) journal_.RemoveRow(*table.def, *version);
    return removed.size();
}

void Database::EvictFromStream(Table &table, const std::string &user, int64_t seq) {
    for (const VersionPtr &version : table.rows.RemoveBefore(user, seq)) {
        journal_.RemoveRow(*table.def, *version);
    }
}

bool Database::Flush(Table &table) {
    if (table.rows.Flush() == 0) return false;
    journal_.FlushRows(*table.def);
    return true;
}

void Database::PutStorage(StorageInfo storage) {
    journal_.PutObject(kStorageKind, storage.id, EncodeStorage(storage));
    const std::string id = storage.id;
    storages_[id] = std::move(storage);
}

void Database::DropStorage(const std::string &id) {
    journal_.RemoveObject(kStorageKind, id);
    storages_.erase(id);
}

void Database::PutAccount(Account account) {
    journal_.PutObject(kAccountKind, account.name, EncodeAccount(account));
    const std::string name = account.name;
    accounts_[name] = std::move(account);
}

uint64_t Database::OpenSnapshot() {
    const WriteLock lock(*this);
    snapshots_.insert(commit_seq_);
    return commit_seq_;
}

void Database::CloseSnapshot(uint64_t snapshot) {
    const WriteLock lock(*this);
    const auto found = snapshots_.find(snapshot);
    if (found != snapshots_.end()) snapshots_.erase(found);
}

}  // namespace kalam::devserver
