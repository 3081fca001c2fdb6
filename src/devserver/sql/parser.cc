// Which parser a statement goes to, and which prefix its complaints get. See parser.h.
#include "devserver/sql/parser.h"

#include "devserver/sql/command_parser.h"
#include "devserver/sql/cursor.h"
#include "devserver/sql/query_parser.h"
#include "devserver/sql/table_parser.h"
#include "devserver/sql/typed.h"

namespace kalam::devserver::sql {
namespace {

Query MakeQuery(QueryAst ast) {
    return Query{std::make_shared<const QueryAst>(std::move(ast))};
}

// The complete error of a query that did not parse: queries are parsed by DataFusion.
SqlError QueryError(const SqlError &error) {
    constexpr std::string_view kParser = "sql parser error: ", kUnimplemented = "This feature";
    if (error.text.starts_with(kUnimplemented)) return SqlError{"Execution error: " + error.text};
    std::string text = error.text;
    if (text.starts_with(kParser)) text.erase(0, kParser.size());
    return SqlError{"Execution error: SQL error: ParserError(\"" + text + "\")"};
}

std::optional<QueryAst> ParseQueryAst(Cursor &cursor) {
    if (StartsSelect(cursor)) return QueryAst{ParseSelect(cursor)};
    if (cursor.AcceptWord("INSERT")) return QueryAst{ParseInsert(cursor)};
    if (cursor.AcceptWord("UPDATE")) return QueryAst{ParseUpdate(cursor)};
    if (cursor.AcceptWord("DELETE")) return QueryAst{ParseDelete(cursor)};
    return std::nullopt;
}

std::optional<Statement> ParseQuery(Cursor &cursor) {
    try {
        auto ast = ParseQueryAst(cursor);
        if (!ast) return std::nullopt;
        if (cursor.Peek().IsSymbol(";") && cursor.Peek(1).kind != TokenKind::kEnd)
            throw SqlError{
                "This feature is not implemented: The context currently only supports a single SQL "
                "statement"};
        cursor.ExpectStatementEnd();
        return MakeQuery(std::move(*ast));
    } catch (const SqlError &error) {
        throw QueryError(error);
    }
}

// CREATE [USER|SHARED|STREAM] TABLE. Accepts the words; false when they are others.
bool AcceptCreateTable(Cursor &cursor, std::optional<TableKind> &kind) {
    struct Form {
        std::string_view word;
        TableKind kind;
    };
    static constexpr Form kForms[] = {
        {"USER", TableKind::kUser}, {"SHARED", TableKind::kShared}, {"STREAM", TableKind::kStream}};
    if (cursor.AcceptWords({"CREATE", "TABLE"})) return true;
    for (const Form &form : kForms) {
        if (!cursor.AcceptWords({"CREATE", form.word, "TABLE"})) continue;
        kind = form.kind;
        return true;
    }
    return false;
}

std::optional<Statement> ParseTableStatement(Cursor &cursor) {
    std::optional<TableKind> kind;
    if (AcceptCreateTable(cursor, kind)) {
        try {
            return ParseCreateTable(cursor, kind);
        } catch (const SqlError &error) {
            throw SqlError{"Invalid CREATE TABLE statement: " + error.text};
        }
    }
    if (cursor.AcceptWords({"ALTER", "TABLE"})) return ParseAlterTable(cursor);
    return std::nullopt;
}

// Statements that exist in KalamDB's dialect and do not run over gRPC.
void RefuseTransactionControl(const Cursor &cursor) {
    const char *name = cursor.PeekWords({"BEGIN"}) || cursor.PeekWords({"START", "TRANSACTION"}) ? "BEGIN"
                       : cursor.PeekWords({"COMMIT"})                                            ? "COMMIT"
                       : cursor.PeekWords({"ROLLBACK"})                                          ? "ROLLBACK"
                                                                                                 : nullptr;
    if (name != nullptr)
        throw SqlError{std::string("Invalid operation: ") + name +
                       " requires a request-scoped execution context"};
}

// DESCRIBE t and SHOW COLUMNS FROM t: DataFusion reads them from its information schema.
std::optional<Statement> ParseDescribe(Cursor &cursor) {
    const bool show =
        cursor.AcceptWords({"SHOW", "COLUMNS", "FROM"}) || cursor.AcceptWords({"SHOW", "COLUMNS", "IN"});
    const bool table = cursor.PeekWords({"DESCRIBE", "TABLE"}) || cursor.PeekWords({"DESC", "TABLE"});
    if (!show && (table || (!cursor.AcceptWord("DESCRIBE") && !cursor.AcceptWord("DESC"))))
        return std::nullopt;
    const TableName name = ParseDdlTableName(cursor);
    cursor.ExpectStatementEnd();
    const std::string columns =
        show ? "table_catalog, table_schema, table_name, column_name, data_type, is_nullable"
             : "column_name, data_type, is_nullable";
    Cursor query(Tokenize("SELECT " + columns +
                          " FROM information_schema.columns WHERE table_schema = " + QuoteText(name.ns) +
                          " AND table_name = " + QuoteText(name.table) + " ORDER BY ordinal_position"));
    return ParseQuery(query);
}

// Statements of KalamDB's dialect that this server has no handler for.
void RefuseUnhandled(const Cursor &cursor) {
    struct Form {
        std::initializer_list<std::string_view> words;
        const char *name;
    };
    static const Form kForms[] = {
        {{"CREATE", "VIEW"}, "CreateView"},
        {{"STORAGE", "CHECK"}, "CheckStorage"},
        {{"STORAGE", "COMPACT"}, "CompactTable"},
        {{"SHOW", "MANIFEST"}, "ShowManifest"},
        {{"SHOW", "EXPORT"}, "ShowExport"},
        {{"EXPORT", "USER"}, "ExportUserData"},
        {{"BACKUP", "DATABASE"}, "BackupDatabase"},
        {{"RESTORE", "DATABASE"}, "RestoreDatabase"},
        {{"KILL", "JOB"}, "KillJob"},
        {{"KILL", "LIVE"}, "KillLiveQuery"},
        {{"CLUSTER"}, "Cluster"},
        {{"SUBSCRIBE"}, "Subscribe"},
        {{"CREATE", "TOPIC"}, "CreateTopic"},
        {{"ALTER", "TOPIC"}, "AlterTopic"},
        {{"DROP", "TOPIC"}, "DropTopic"},
        {{"CLEAR", "TOPIC"}, "ClearTopic"},
        {{"CONSUME"}, "ConsumeTopic"},
        {{"ACK"}, "AckTopic"},
        {{"EXPLAIN"}, "Explain"},
        {{"SET"}, "Set"},
        {{"SHOW"}, "Show"},
    };
    for (const Form &form : kForms)
        if (cursor.PeekWords(form.words))
            throw SqlError{std::string("Invalid operation: No handler registered for statement type '") +
                           form.name + "'"};
}

// EXECUTE name AS alias: what sqlparser makes of EXECUTE AS USER 'x' (...).
[[noreturn]] void RefuseUnknown(Cursor &cursor) {
    if (cursor.AcceptWords({"EXECUTE", "AS", "USER"})) cursor.FailExpected("end of statement");
    cursor.FailExpected("an SQL statement");
}

// DDL and commands; their complaints are "Invalid SQL: ...". Nothing when the statement is of neither kind.
std::optional<Statement> ParseDialect(Cursor &cursor) {
    try {
        if (auto statement = ParseTableStatement(cursor)) return statement;
        if (auto statement = ParseDescribe(cursor)) return statement;
        return ParseCommand(cursor);
    } catch (const SqlError &error) {
        throw SqlError{"Invalid SQL: " + error.text};
    }
}

Statement ParseStatement(Cursor &cursor) {
    RefuseTransactionControl(cursor);
    if (auto query = ParseQuery(cursor)) return std::move(*query);
    if (auto statement = ParseDialect(cursor)) return std::move(*statement);
    RefuseUnhandled(cursor);
    try {
        RefuseUnknown(cursor);
    } catch (const SqlError &error) {
        throw SqlError{"Invalid SQL: " + error.text};
    }
}

}  // namespace

Result<Statement> Parse(std::string_view sql) {
    std::vector<Token> tokens;
    try {
        tokens = Tokenize(sql);
    } catch (const SqlError &error) {
        return Fail("Invalid SQL: sql parser error: " + error.text);
    }
    try {
        Cursor cursor(std::move(tokens));
        return ParseStatement(cursor);
    } catch (const SqlError &error) {
        return Fail(error.text);
    }
}

QueryKind KindOf(const Query &query) {
    return static_cast<QueryKind>(query.ast->statement.index());
}

}  // namespace kalam::devserver::sql
