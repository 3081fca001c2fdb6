// See command_parser.h.
#include "devserver/sql/command_parser.h"

#include "devserver/sql/names.h"
#include "devserver/sql/table_parser.h"

namespace kalam::devserver::sql {
namespace {

// ns.t of a command that splits on blanks.
TableName RawTableName(Cursor &cursor) {
    const std::string word = FoldCase(ExpectRawWord(cursor));
    const std::size_t dot = word.find('.');
    if (dot == word.npos) return {"default", word};
    if (word.find('.', dot + 1) != word.npos) throw SqlError{"Invalid table reference '" + word + "'"};
    return {word.substr(0, dot), word.substr(dot + 1)};
}

std::string JsonString(std::string_view text) {
    std::string out = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\') out += '\\';
        out += c;
    }
    return out + "\"";
}

// (k = 'v', n = 42, b = true) as a JSON object.
std::string OptionsToJson(Cursor &cursor) {
    std::string json = "{";
    cursor.ExpectSymbol("(");
    do {
        const std::string key = cursor.ExpectName().text;
        cursor.ExpectSymbol("=");
        const Token value = cursor.Next();
        const bool bare = value.kind == TokenKind::kNumber || value.IsWord("TRUE") || value.IsWord("FALSE");
        json += (json.size() > 1 ? "," : "") + JsonString(key) + ":" +
                (bare ? FoldCase(value.text) : JsonString(value.text));
    } while (cursor.AcceptSymbol(","));
    cursor.ExpectSymbol(")");
    return json + "}";
}

Statement ParseCreateNamespace(Cursor &cursor) {
    CreateNamespace result;
    result.if_not_exists = cursor.AcceptWords({"IF", "NOT", "EXISTS"});
    result.name = FoldCase(ExpectRawWord(cursor));
    return result;
}

Statement ParseDropNamespace(Cursor &cursor) {
    DropNamespace result;
    result.if_exists = cursor.AcceptWords({"IF", "EXISTS"});
    result.name = FoldCase(ExpectRawWord(cursor));
    return result;
}

Statement ParseAlterNamespace(Cursor &cursor) {
    AlterNamespace result;
    result.name = FoldCase(ExpectRawWord(cursor));
    cursor.ExpectWord("SET");
    cursor.ExpectWord("OPTIONS");
    result.options_json = OptionsToJson(cursor);
    return result;
}

Statement ParseDropTable(Cursor &cursor) {
    DropTable result;
    result.if_exists = cursor.AcceptWords({"IF", "EXISTS"});
    result.name = RawTableName(cursor);
    return result;
}

std::optional<Statement> ParseNamespaceCommand(Cursor &cursor) {
    if (cursor.AcceptWords({"CREATE", "NAMESPACE"})) return ParseCreateNamespace(cursor);
    if (cursor.AcceptWords({"DROP", "NAMESPACE"})) return ParseDropNamespace(cursor);
    if (cursor.AcceptWords({"ALTER", "NAMESPACE"})) return ParseAlterNamespace(cursor);
    if (cursor.AcceptWords({"USE", "NAMESPACE"}) || cursor.AcceptWords({"SET", "NAMESPACE"}) ||
        cursor.AcceptWord("USE"))
        return UseNamespace{FoldCase(ExpectRawWord(cursor))};
    return std::nullopt;
}

std::optional<Statement> ParseShowCommand(Cursor &cursor) {
    if (cursor.AcceptWords({"SHOW", "NAMESPACES"})) return ShowNamespaces{};
    if (cursor.AcceptWords({"SHOW", "STORAGES"})) return ShowStorages{};
    if (cursor.AcceptWords({"SHOW", "TABLES"})) {
        if (!cursor.AcceptWord("IN")) return ShowTables{};
        cursor.AcceptWord("NAMESPACE");
        return ShowTables{FoldCase(ExpectRawWord(cursor))};
    }
    if (cursor.AcceptWords({"SHOW", "STATS", "FOR", "TABLE"})) return ShowStats{RawTableName(cursor)};
    if (cursor.AcceptWords({"DESCRIBE", "TABLE"}) || cursor.AcceptWords({"DESC", "TABLE"}))
        return DescribeTable{RawTableName(cursor)};
    return std::nullopt;
}

// NAME 'x', DESCRIPTION 'y', PATH 'z': the clauses of a storage, each at most once.
void ParseStorageClauses(Cursor &cursor, CreateStorage &storage) {
    while (!cursor.AtStatementEnd()) {
        if (cursor.AcceptWord("TYPE")) {
            storage.type = FoldCase(cursor.Next().text);
        } else if (cursor.AcceptWord("NAME")) {
            storage.name = cursor.ExpectString();
        } else if (cursor.AcceptWord("DESCRIPTION")) {
            storage.description = cursor.ExpectString();
        } else if (cursor.AcceptWord("PATH") || cursor.AcceptWord("BASE_DIRECTORY") ||
                   cursor.AcceptWord("BUCKET")) {
            storage.base_directory = cursor.ExpectString();
        } else {
            cursor.Next();  // templates, credentials: kept by a real server, of no use here
        }
    }
}

std::optional<Statement> ParseStorageCommand(Cursor &cursor) {
    if (cursor.AcceptWords({"STORAGE", "FLUSH", "TABLE"})) return FlushTable{RawTableName(cursor)};
    if (cursor.AcceptWords({"STORAGE", "FLUSH", "ALL"})) {
        if (!cursor.AcceptWord("IN")) return FlushAll{};
        cursor.AcceptWord("NAMESPACE");
        return FlushAll{FoldCase(ExpectRawWord(cursor))};
    }
    if (cursor.AcceptWords({"CREATE", "STORAGE"})) {
        CreateStorage storage;
        storage.id = ExpectRawWord(cursor);
        ParseStorageClauses(cursor, storage);
        return storage;
    }
    if (cursor.AcceptWords({"ALTER", "STORAGE"})) {
        CreateStorage clauses;
        clauses.id = ExpectRawWord(cursor);
        ParseStorageClauses(cursor, clauses);
        AlterStorage storage{clauses.id, {}, {}};
        if (!clauses.name.empty()) storage.name = clauses.name;
        if (!clauses.description.empty()) storage.description = clauses.description;
        return storage;
    }
    if (cursor.AcceptWords({"DROP", "STORAGE"})) {
        DropStorage storage;
        storage.if_exists = cursor.AcceptWords({"IF", "EXISTS"});
        storage.id = ExpectRawWord(cursor);
        return storage;
    }
    return std::nullopt;
}

bool AcceptDropTable(Cursor &cursor) {
    return cursor.AcceptWords({"DROP", "TABLE"}) || cursor.AcceptWords({"DROP", "USER", "TABLE"}) ||
           cursor.AcceptWords({"DROP", "SHARED", "TABLE"}) || cursor.AcceptWords({"DROP", "STREAM", "TABLE"});
}

}  // namespace

std::string ExpectRawWord(Cursor &cursor) {
    if (cursor.AtEnd() || cursor.Peek().IsSymbol(";")) cursor.FailExpected("identifier");
    std::string word;
    const char *expected = cursor.Peek().raw.data();
    while (!cursor.AtEnd() && !cursor.Peek().IsSymbol(";") && cursor.Peek().raw.data() == expected) {
        const std::string_view raw = cursor.Next().raw;
        word += raw;
        expected = raw.data() + raw.size();
    }
    return word;
}

std::optional<Statement> ParseCommand(Cursor &cursor) {
    if (AcceptDropTable(cursor)) return ParseDropTable(cursor);
    if (auto statement = ParseNamespaceCommand(cursor)) return statement;
    if (auto statement = ParseShowCommand(cursor)) return statement;
    if (auto statement = ParseStorageCommand(cursor)) return statement;
    return ParseUserCommand(cursor);
}

}  // namespace kalam::devserver::sql
