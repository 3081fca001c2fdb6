// The data file: every row, table, namespace and account, in SQLite (WAL). Memory serves, the file remembers.
// Owned by the Database; every call is made under its exclusive lock. Calls collect records; Commit writes them in
// one SQLite transaction, and only then is the client answered, so what was acknowledged survives kill -9. (The file
// is written with synchronous=NORMAL: a power failure may lose the last commits, never the file.)
// A data file that can no longer be written ends the process: memory may not run ahead of it.
// Without a file (:memory:) nothing is recorded.
#pragma once

#include <sqlite3.h>

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "devserver/store/rows.h"
#include "devserver/store/schema.h"

namespace kalam::devserver {

class Journal {
 public:
    // Opens or creates the file; ":memory:" keeps nothing. Throws std::runtime_error.
    explicit Journal(const std::string &path);
    ~Journal();
    Journal(const Journal &) = delete;
    Journal &operator=(const Journal &) = delete;

    struct Loader {
        std::function<void(std::string_view kind, std::string_view name, std::string_view json)> object;
        std::function<void(int64_t table, std::string_view key, std::shared_ptr<Version> version)> row;
    };
    // Hands over all objects (tables, namespaces, ...), then all rows in the order of their `_seq`.
    void Load(const Loader &loader);

    void PutRow(const TableDef &table, std::string_view key, const Version &version);
    void RemoveRow(const TableDef &table, const Version &version);  // streams
    void FlushRows(const TableDef &table);                          // all rows of the table are cold now
    void RemoveRows(const TableDef &table);
    void PutObject(std::string_view kind, std::string_view name, std::string_view json);
    void RemoveObject(std::string_view kind, std::string_view name);
    void Commit();

 private:
    struct Statements;

    bool Recording() const { return connection_ != nullptr; }
    void Begin();
    void Run(sqlite3_stmt *statement);
    [[noreturn]] void Die(const char *doing);

    sqlite3 *connection_ = nullptr;
    std::unique_ptr<Statements> statements_;
    bool in_transaction_ = false;
};

}  // namespace kalam::devserver
