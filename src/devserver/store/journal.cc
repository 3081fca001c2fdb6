// The data file's schema and statements; see journal.h.
#include "devserver/store/journal.h"

#include <unistd.h>

#include <cstdio>
#include <stdexcept>

#include "devserver/store/codec.h"

namespace kalam::devserver {

namespace {

// Rows of shared and user tables are found by (table, user, key); a stream's rows by their _seq, since their keys
// may repeat.
constexpr char kSchema[] = R"(
PRAGMA journal_mode = WAL;
PRAGMA synchronous = NORMAL;
PRAGMA locking_mode = EXCLUSIVE;
CREATE TABLE IF NOT EXISTS object (kind TEXT, name TEXT, json TEXT, PRIMARY KEY (kind, name)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS row (
  table_id INTEGER, user TEXT, place BLOB, key TEXT, seq INTEGER, commit_seq INTEGER, deleted INTEGER, cold INTEGER,
  cells BLOB, PRIMARY KEY (table_id, user, place)) WITHOUT ROWID;
)";

void BindText(sqlite3_stmt *statement, int index, std::string_view text) {
    sqlite3_bind_text(statement, index, text.data(), static_cast<int>(text.size()), SQLITE_STATIC);
}

std::string_view ColumnBytes(sqlite3_stmt *statement, int index) {
    const auto *bytes = static_cast<const char *>(sqlite3_column_blob(statement, index));
    return {bytes == nullptr ? "" : bytes, static_cast<size_t>(sqlite3_column_bytes(statement, index))};
}

std::string PlaceOf(const TableDef &table, std::string_view key, const Version &version) {
    if (table.kind != sql::TableKind::kStream) return std::string(key);
    return std::string(reinterpret_cast<const char *>(&version.seq), sizeof version.seq);
}

}  // namespace

struct Journal::Statements {
    sqlite3_stmt *begin = nullptr, *commit = nullptr, *put_row = nullptr, *remove_row = nullptr,
                 *flush_rows = nullptr, *remove_rows = nullptr, *put_object = nullptr,
                 *remove_object = nullptr;

    void Prepare(sqlite3 *connection) {
        const auto make = [connection](sqlite3_stmt **statement, const char *text) {
            if (sqlite3_prepare_v2(connection, text, -1, statement, nullptr) != SQLITE_OK) {
                throw std::runtime_error(std::string("data file: ") + sqlite3_errmsg(connection));
            }
        };
        make(&begin, "BEGIN IMMEDIATE");
        make(&commit, "COMMIT");
        make(&put_row, "INSERT OR REPLACE INTO row VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)");
        make(&remove_row, "DELETE FROM row WHERE table_id = ?1 AND user = ?2 AND place = ?3");
        make(&flush_rows, "UPDATE row SET cold = 1 WHERE table_id = ?1");
        make(&remove_rows, "DELETE FROM row WHERE table_id = ?1");
        make(&put_object, "INSERT OR REPLACE INTO object VALUES (?1, ?2, ?3)");
        make(&remove_object, "DELETE FROM object WHERE kind = ?1 AND name = ?2");
    }

    ~Statements() {
        for (sqlite3_stmt *statement :
             {begin, commit, put_row, remove_row, flush_rows, remove_rows, put_object, remove_object}) {
            sqlite3_finalize(statement);
        }
    }
};

Journal::Journal(const std::string &path) {
    if (path == ":memory:") return;
    const int code = sqlite3_open(path.c_str(), &connection_);
    if (code != SQLITE_OK || sqlite3_exec(connection_, kSchema, nullptr, nullptr, nullptr) != SQLITE_OK) {
        const std::string why = sqlite3_errmsg(connection_);
        sqlite3_close(connection_);
        throw std::runtime_error("cannot open data file " + path + ": " + why);
    }
    statements_ = std::make_unique<Statements>();
    statements_->Prepare(connection_);
}

Journal::~Journal() {
    statements_.reset();
    sqlite3_close(connection_);
}

void Journal::Load(const Loader &loader) {
    if (!Recording()) return;
    const auto each = [this](const char *text, const auto &visit) {
        sqlite3_stmt *statement = nullptr;
        if (sqlite3_prepare_v2(connection_, text, -1, &statement, nullptr) != SQLITE_OK) {
            throw std::runtime_error(std::string("data file: ") + sqlite3_errmsg(connection_));
        }
        while (sqlite3_step(statement) == SQLITE_ROW) visit(statement);
        sqlite3_finalize(statement);
    };
    each("SELECT kind, name, json FROM object",
         [&](sqlite3_stmt *s) { loader.object(ColumnBytes(s, 0), ColumnBytes(s, 1), ColumnBytes(s, 2)); });
    each("SELECT table_id, key, seq, commit_seq, deleted, cold, user, cells FROM row ORDER BY seq",
         [&](sqlite3_stmt *s) {
             auto version = std::make_shared<Version>();
             version->seq = sqlite3_column_int64(s, 2);
             version->commit_seq = static_cast<uint64_t>(sqlite3_column_int64(s, 3));
             version->deleted = sqlite3_column_int(s, 4) != 0;
             version->cold = sqlite3_column_int(s, 5) != 0;
             version->user = ColumnBytes(s, 6);
             version->cells = DecodeCells(ColumnBytes(s, 7));
             loader.row(sqlite3_column_int64(s, 0), ColumnBytes(s, 1), std::move(version));
         });
}

void Journal::PutRow(const TableDef &table, std::string_view key, const Version &version) {
    if (!Recording()) return;
    Begin();
    const std::string place = PlaceOf(table, key, version), cells = EncodeCells(version.cells);
    sqlite3_stmt *statement = statements_->put_row;
    sqlite3_bind_int64(statement, 1, table.id);
    BindText(statement, 2, version.user);
    sqlite3_bind_blob(statement, 3, place.data(), static_cast<int>(place.size()), SQLITE_STATIC);
    BindText(statement, 4, key);
    sqlite3_bind_int64(statement, 5, version.seq);
    sqlite3_bind_int64(statement, 6, static_cast<int64_t>(version.commit_seq));
    sqlite3_bind_int(statement, 7, version.deleted);
    sqlite3_bind_int(statement, 8, version.cold);
    sqlite3_bind_blob(statement, 9, cells.data(), static_cast<int>(cells.size()), SQLITE_STATIC);
    Run(statement);
}

void Journal::RemoveRow(const TableDef &table, const Version &version) {
    if (!Recording()) return;
    Begin();
    const std::string place = PlaceOf(table, {}, version);
    sqlite3_stmt *statement = statements_->remove_row;
    sqlite3_bind_int64(statement, 1, table.id);
    BindText(statement, 2, version.user);
    sqlite3_bind_blob(statement, 3, place.data(), static_cast<int>(place.size()), SQLITE_STATIC);
    Run(statement);
}

void Journal::FlushRows(const TableDef &table) {
    if (!Recording()) return;
    Begin();
    sqlite3_bind_int64(statements_->flush_rows, 1, table.id);
    Run(statements_->flush_rows);
}

void Journal::RemoveRows(const TableDef &table) {
    if (!Recording()) return;
    Begin();
    sqlite3_bind_int64(statements_->remove_rows, 1, table.id);
    Run(statements_->remove_rows);
}

void Journal::PutObject(std::string_view kind, std::string_view name, std::string_view json) {
    if (!Recording()) return;
    Begin();
    BindText(statements_->put_object, 1, kind);
    BindText(statements_->put_object, 2, name);
    BindText(statements_->put_object, 3, json);
    Run(statements_->put_object);
}

void Journal::RemoveObject(std::string_view kind, std::string_view name) {
    if (!Recording()) return;
    Begin();
    BindText(statements_->remove_object, 1, kind);
    BindText(statements_->remove_object, 2, name);
    Run(statements_->remove_object);
}

void Journal::Commit() {
    if (!in_transaction_) return;
    in_transaction_ = false;
    Run(statements_->commit);
}

void Journal::Begin() {
    if (in_transaction_) return;
    in_transaction_ = true;
    Run(statements_->begin);
}

void Journal::Run(sqlite3_stmt *statement) {
    const int code = sqlite3_step(statement);
    sqlite3_reset(statement);
    if (code != SQLITE_DONE) Die("write");
}

void Journal::Die(const char *doing) {
    std::fprintf(stderr, "kalam-devserver: cannot %s the data file: %s\n", doing,
                 sqlite3_errmsg(connection_));
    _exit(1);
}

}  // namespace kalam::devserver
