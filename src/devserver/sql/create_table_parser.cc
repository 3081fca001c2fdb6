// CREATE TABLE: columns, keys, and the order in which its complaints come. See table_parser.h.
#include <algorithm>

#include "devserver/sql/column_parser.h"
#include "devserver/sql/names.h"
#include "devserver/sql/table_parser.h"

namespace kalam::devserver::sql {
namespace {

struct KeySpec {
    int count = 0;                     // definitions seen
    std::vector<std::string> columns;  // of a table constraint, as written
    int inline_column = -1;
};

std::string At(const Token &token) {
    return " (line " + std::to_string(token.line) + ", col " + std::to_string(token.column) + ")";
}

// One part of the table's name; quotes are part of the text, and so refused.
std::string NamePart(Cursor &cursor, const char *what) {
    const Token token = cursor.ExpectName();
    if (token.kind == TokenKind::kQuotedWord)
        throw SqlError{std::string("Invalid ") + what + " name '" + std::string(token.raw) +
                       "'. Only alphanumeric characters and underscores are allowed" + At(token) + "."};
    return FoldCase(token.text);
}

TableName ParseCreateName(Cursor &cursor) {
    const bool qualified = cursor.Peek(1).IsSymbol(".");
    TableName name{"default", NamePart(cursor, qualified ? "namespace" : "table")};
    if (!qualified) return name;
    cursor.ExpectSymbol(".");
    name.ns = std::move(name.table);
    name.table = NamePart(cursor, "table");
    if (cursor.Peek().IsSymbol(".")) throw SqlError{"Invalid table name: expected [namespace.]table"};
    return name;
}

// What may follow a column's type, in any order. Returns false when nothing of it is next.
bool ParseColumnOption(Cursor &cursor, ColumnDef &column, KeySpec &key, int index) {
    if (cursor.AcceptWord("CONSTRAINT")) cursor.ExpectName();
    if (cursor.AcceptWords({"NOT", "NULL"})) {
        column.not_null = true;
    } else if (cursor.AcceptWords({"PRIMARY", "KEY"})) {
        ++key.count;
        key.inline_column = index;
    } else if (cursor.AcceptWord("DEFAULT")) {
        column.default_value = ParseDefault(cursor);
    } else if (cursor.AcceptWord("AUTO_INCREMENT") || cursor.AcceptWord("AUTOINCREMENT")) {
        column.default_value = SnowflakeDefault();
    } else if (cursor.AcceptWord("GENERATED")) {
        if (!cursor.AcceptWord("ALWAYS")) cursor.AcceptWords({"BY", "DEFAULT"});
        cursor.ExpectWord("AS");
        cursor.ExpectWord("IDENTITY");
        if (cursor.Peek().IsSymbol("(")) cursor.SkipParentheses();
        column.default_value = SnowflakeDefault();
    } else if (cursor.AcceptWord("CHECK")) {
        cursor.SkipParentheses();
    } else if (cursor.AcceptWord("REFERENCES")) {
        ParseDdlTableName(cursor);
        if (cursor.Peek().IsSymbol("(")) cursor.SkipParentheses();
    } else if (cursor.AcceptWord("COLLATE") || cursor.AcceptWord("COMMENT")) {
        cursor.Next();
    } else {
        return cursor.AcceptWord("NULL") || cursor.AcceptWord("UNIQUE");
    }
    return true;
}

void ParseColumn(Cursor &cursor, CreateTable &table, std::vector<std::string> &written, KeySpec &key) {
    const Token name = cursor.ExpectName();
    ColumnDef column;
    column.name = FoldCase(name.text);
    const ParsedType type = ParseType(cursor);
    column.type = type.type;
    if (type.serial) column.default_value = SnowflakeDefault();
    const int index = static_cast<int>(table.columns.size());
    while (ParseColumnOption(cursor, column, key, index)) {
    }
    const auto same = [&](const ColumnDef &other) { return other.name == column.name; };
    if (std::any_of(table.columns.begin(), table.columns.end(), same))
        throw SqlError{"Duplicate column name '" + column.name + "'"};
    written.push_back(name.text);
    table.columns.push_back(std::move(column));
}

// A constraint that stands beside the columns. False when the next words are a column.
bool ParseTableConstraint(Cursor &cursor, KeySpec &key) {
    const std::size_t start = cursor.position();
    if (cursor.AcceptWord("CONSTRAINT")) cursor.ExpectName();
    if (cursor.AcceptWords({"PRIMARY", "KEY"})) {
        ++key.count;
        cursor.ExpectSymbol("(");
        do key.columns.push_back(cursor.ExpectName().text);
        while (cursor.AcceptSymbol(","));
        cursor.ExpectSymbol(")");
        return true;
    }
    if ((cursor.PeekWords({"UNIQUE"}) || cursor.PeekWords({"CHECK"})) && cursor.Peek(1).IsSymbol("(")) {
        cursor.Next();
        cursor.SkipParentheses();
        return true;
    }
    if (cursor.AcceptWords({"FOREIGN", "KEY"})) {
        cursor.SkipParentheses();
        cursor.ExpectWord("REFERENCES");
        ParseDdlTableName(cursor);
        if (cursor.Peek().IsSymbol("(")) cursor.SkipParentheses();
        return true;
    }
    cursor.Rewind(start);
    return false;
}

void ResolveKey(CreateTable &table, const std::vector<std::string> &written, const KeySpec &key) {
    if (key.columns.size() > 1) throw SqlError{"Composite PRIMARY KEYs are not supported yet"};
    if (key.count > 1) throw SqlError{"Multiple PRIMARY KEY definitions found"};
    table.key_column = key.inline_column;
    if (!key.columns.empty()) {
        const auto found = std::find(written.begin(), written.end(), key.columns[0]);
        if (found == written.end())
            throw SqlError{"PRIMARY KEY column '" + key.columns[0] + "' not found in column list"};
        table.key_column = static_cast<int>(found - written.begin());
    }
    if (table.key_column < 0) return;
    ColumnDef &column = table.columns[static_cast<std::size_t>(table.key_column)];
    const bool text_like = column.type.kind == KalamKind::kJson || column.type.kind == KalamKind::kFile;
    if (!key.columns.empty() && !column.not_null && text_like) column.type.kind = KalamKind::kText;
    column.not_null = true;
}

void ParseColumns(Cursor &cursor, CreateTable &table) {
    KeySpec key;
    std::vector<std::string>
        written;  // column names in the case of the statement: the key constraint is matched with it
    cursor.ExpectSymbol("(");
    do {
        if (!ParseTableConstraint(cursor, key)) ParseColumn(cursor, table, written, key);
    } while (cursor.AcceptSymbol(","));
    if (!cursor.AcceptSymbol(")")) cursor.FailExpected("',' or ')' after column definition");
    ResolveKey(table, written, key);
}

}  // namespace

CreateTable ParseCreateTable(Cursor &cursor, std::optional<TableKind> kind) {
    CreateTable table;
    table.kind = kind.value_or(TableKind::kShared);
    table.if_not_exists = cursor.AcceptWords({"IF", "NOT", "EXISTS"});
    table.name = ParseCreateName(cursor);
    ParseColumns(cursor, table);
    if (cursor.AcceptWord("USING")) cursor.ExpectName();
    if (cursor.AcceptWord("WITH")) ParseTableOptions(cursor, table, kind);
    cursor.ExpectStatementEnd();
    CheckTableOptions(table);
    return table;
}

TableName ParseDdlTableName(Cursor &cursor) {
    TableName name{"default", FoldCase(cursor.ExpectName().raw)};
    if (!cursor.AcceptSymbol(".")) return name;
    name.ns = std::move(name.table);
    name.table = FoldCase(cursor.ExpectName().raw);
    if (cursor.Peek().IsSymbol(".")) throw SqlError{"Invalid table reference: expected [namespace.]table"};
    return name;
}

}  // namespace kalam::devserver::sql
