// Inserts, updates and deletes on one table, with KalamDB's checks and texts.
// Called by autocommit DML, commit and SQL DML, always under the Database's WriteLock and after NextCommit.
// Failures are TableErrors: the innermost text, which each caller wraps in the chain of its own path.
#pragma once

#include <exception>
#include <string>
#include <utility>
#include <vector>

#include "devserver/store/database.h"
#include "devserver/values/row_json.h"

namespace kalam::devserver {

class TableError : public std::exception {
 public:
    explicit TableError(std::string text) : text_(std::move(text)) {}
    const std::string &text() const { return text_; }
    const char *what() const noexcept override { return text_.c_str(); }

 private:
    std::string text_;
};

// A row ready to be stored.
struct PreparedRow {
    std::string key;
    std::shared_ptr<Version> version;
};

class TableOps {
 public:
    // user: the partition; empty for shared tables.
    TableOps(Database &db, Table &table, std::string user) : db_(db), table_(table), user_(std::move(user)) {}

    // Coerces, invents missing NOT NULL values, checks NOT NULL and the key of every row, and that no key is there
    // already (not for streams). Nothing is stored yet, so a bad row refuses them all.
    std::vector<PreparedRow> Prepare(const std::vector<RowCells> &rows);
    void Store(std::vector<PreparedRow> rows);

    // The same without uniqueness, for a transaction whose keys were looked at before.
    std::vector<PreparedRow> PrepareUnchecked(const std::vector<RowCells> &rows);
    // A row as it came, neither coerced nor checked, as mixed transactions store them.
    PreparedRow PrepareRaw(const RowCells &row);

    // Whether an update refuses rows that have no value in a NOT NULL column which it does not change: KalamDB's SQL does
    // not look, in shared tables.
    enum class WholeRow : bool { kTrust, kCheck };
    // Returns 1, or 0 when nothing changes. `key` is the text of the key as clients write it.
    size_t Update(const std::string &key, const RowCells &changes, WholeRow whole_row = WholeRow::kCheck);
    size_t Delete(const std::string &key);

    // The text under which a row of these cells would be found; empty when it has no usable key.
    std::string KeyOf(const RowCells &row) const;
    bool Exists(const std::string &key) const;
    // "(hot storage)" or "(cold storage: <path>)" of the row under `key`.
    std::string StorageOf(const std::string &key) const;
    // Keys that the server makes itself are not checked for uniqueness in transactions.
    bool KeyIsGenerated() const;
    const TableDef &def() const { return *table_.def; }

 private:
    std::shared_ptr<Version> ToVersion(const RowCells &row, bool coerce);
    void RequireComplete(const Version &version) const;
    void FillMissing(Version &version, size_t row_number) const;
    std::string KeyOfVersion(const Version &version) const;
    int SlotOf(const std::string &name);
    std::string ParseKeyText(const std::string &key) const;

    Database &db_;
    Table &table_;
    const std::string user_;
};

// "Primary key violation: value '1' already exists in column 'id'", with its TableError prefix.
std::string DuplicateKeyText(const TableDef &def, const std::string &key, const std::string &how);

}  // namespace kalam::devserver
