// The callbacks of SQLite's module kalam_rows; see virtual_table.h.
#include "devserver/query/virtual_table.h"

#include <cstdlib>
#include <cstring>
#include <new>
#include <string>

#include "devserver/values/sqlite_value.h"

namespace kalam::devserver::query {

namespace {

constexpr int kScanAll = 0, kLookup = 1;

struct RowTable : sqlite3_vtab {
    RowSource *source = nullptr;
};

struct RowCursor : sqlite3_vtab_cursor {
    std::shared_ptr<const RowList> rows;
    size_t position = 0;
};

RowCursor *Cursor(sqlite3_vtab_cursor *cursor) {
    return static_cast<RowCursor *>(cursor);
}

std::string QuoteName(const std::string &name) {
    std::string quoted = "\"";
    for (const char c : name) {
        quoted += c;
        if (c == '"') quoted += c;
    }
    return quoted + '"';
}

// Columns are declared without a type, so that SQLite converts nothing.
std::string Declaration(const RowSource &source) {
    std::string sql = "CREATE TABLE x(";
    for (const arrow::Field &field : source.fields()) sql += QuoteName(field.name) + ",";
    sql.back() = ')';
    return sql;
}

int Connect(sqlite3 *connection, void *context, int argc, const char *const *argv, sqlite3_vtab **out,
            char **) {
    if (argc < 4) return SQLITE_ERROR;
    const Sources &sources = *static_cast<const Sources *>(context);
    const size_t index = std::strtoul(argv[3], nullptr, 10);
    if (index >= sources.size()) return SQLITE_ERROR;
    auto *table = new (std::nothrow) RowTable();
    if (table == nullptr) return SQLITE_NOMEM;
    table->source = sources[index].get();
    *out = table;
    return sqlite3_declare_vtab(connection, Declaration(*table->source).c_str());
}

int Disconnect(sqlite3_vtab *table) {
    delete static_cast<RowTable *>(table);
    return SQLITE_OK;
}

int BestIndex(sqlite3_vtab *table, sqlite3_index_info *info) {
    const RowSource &source = *static_cast<RowTable *>(table)->source;
    info->idxNum = kScanAll;
    info->estimatedCost = 1e5;
    info->estimatedRows = 10'000;
    for (int i = 0; i < info->nConstraint; ++i) {
        const auto &constraint = info->aConstraint[i];
        const bool usable = constraint.usable && constraint.op == SQLITE_INDEX_CONSTRAINT_EQ;
        if (!usable || constraint.iColumn < 0 || constraint.iColumn != source.lookup_column()) continue;
        info->aConstraintUsage[i].argvIndex = 1;
        info->idxNum = kLookup;
        info->estimatedCost = 1;
        info->estimatedRows = 1;
        break;
    }
    return SQLITE_OK;
}

int Open(sqlite3_vtab *, sqlite3_vtab_cursor **out) {
    *out = new (std::nothrow) RowCursor();
    return *out == nullptr ? SQLITE_NOMEM : SQLITE_OK;
}

int Close(sqlite3_vtab_cursor *cursor) {
    delete Cursor(cursor);
    return SQLITE_OK;
}

// The text of a key to look up; nothing when the operand is of a kind that only a full scan can compare.
std::optional<std::string> LookupText(const RowSource &source, sqlite3_value *operand) {
    const bool text_key = IsText(source.fields()[source.lookup_column()].type.id);
    const int wanted = text_key ? SQLITE_TEXT : SQLITE_INTEGER;
    if (sqlite3_value_type(operand) != wanted) return std::nullopt;
    const auto *text = reinterpret_cast<const char *>(sqlite3_value_text(operand));
    return std::string(text, static_cast<size_t>(sqlite3_value_bytes(operand)));
}

int Filter(sqlite3_vtab_cursor *cursor, int index, const char *, int argc, sqlite3_value **argv) {
    RowSource &source = *static_cast<RowTable *>(cursor->pVtab)->source;
    std::optional<std::string> key;
    if (index == kLookup && argc == 1) key = LookupText(source, argv[0]);
    try {
        Cursor(cursor)->rows = source.Open(key);
    } catch (const std::bad_alloc &) {
        return SQLITE_NOMEM;
    }
    Cursor(cursor)->position = 0;
    return SQLITE_OK;
}

int Next(sqlite3_vtab_cursor *cursor) {
    ++Cursor(cursor)->position;
    return SQLITE_OK;
}

int Eof(sqlite3_vtab_cursor *cursor) {
    return Cursor(cursor)->position >= Cursor(cursor)->rows->size();
}

int ReadColumn(sqlite3_vtab_cursor *cursor, sqlite3_context *context, int column) {
    const auto cell = Cursor(cursor)->rows->Cell(Cursor(cursor)->position, static_cast<size_t>(column));
    if (cell) {
        ResultValue(context, *cell);
    } else {
        const std::string text = "Execution error: " + cell.error();
        sqlite3_result_error(context, text.data(), static_cast<int>(text.size()));
    }
    return cell ? SQLITE_OK : SQLITE_ERROR;
}

int RowId(sqlite3_vtab_cursor *cursor, sqlite3_int64 *row_id) {
    *row_id = static_cast<sqlite3_int64>(Cursor(cursor)->position);
    return SQLITE_OK;
}

const sqlite3_module kModule = [] {
    sqlite3_module module{};
    module.xCreate = Connect;
    module.xConnect = Connect;
    module.xBestIndex = BestIndex;
    module.xDisconnect = Disconnect;
    module.xDestroy = Disconnect;
    module.xOpen = Open;
    module.xClose = Close;
    module.xFilter = Filter;
    module.xNext = Next;
    module.xEof = Eof;
    module.xColumn = ReadColumn;
    module.xRowid = RowId;
    return module;
}();

}  // namespace

int RegisterRowModule(sqlite3 *connection, const Sources *sources) {
    return sqlite3_create_module_v2(connection, "kalam_rows", &kModule, const_cast<Sources *>(sources),
                                    nullptr);
}

}  // namespace kalam::devserver::query
