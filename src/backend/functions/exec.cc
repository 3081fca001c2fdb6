// kalam_exec(sql, server): sends a statement as it is. Called from SQL by those who may (not PUBLIC): the
// server runs it with full rights. Rows come back as a JSON array of objects, anything else as a JSON string
// with the server's message. It runs outside the remote transaction, as the server does it; what was held
// back goes out before it.
#include "backend/catalog/remote_facts.h"
#include "backend/client.h"
#include "backend/types/arrow_json.h"
#include "backend/types/arrow_reader.h"
#include "backend/xact.h"

extern "C" {
#include "miscadmin.h"
#include "utils/builtins.h"

PG_FUNCTION_INFO_V1(kalam_exec);
Datum kalam_exec(PG_FUNCTION_ARGS);
}

#include <algorithm>
#include <cctype>
#include <span>

namespace kalam::backend {

using common::Operation;

namespace {

bool IsBlankChar(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

// Takes a comment off the beginning of the text; false if there is none.
bool SkipComment(std::string_view &sql) {
    const bool to_line_end = sql.starts_with("--");
    if (!to_line_end && !sql.starts_with("/*")) return false;
    const std::string_view close = to_line_end ? "\n" : "*/";
    const size_t end = sql.find(close, 2);
    sql.remove_prefix(end == std::string_view::npos ? sql.size() : end + close.size());
    return true;
}

// The word that a statement begins with, after blanks, comments and parentheses.
std::string_view FirstWord(std::string_view sql) {
    while (!sql.empty()) {
        if (IsBlankChar(sql.front()) || sql.front() == '(') {
            sql.remove_prefix(1);
        } else if (!SkipComment(sql)) {
            break;
        }
    }
    size_t length = 0;
    while (length < sql.size() && isalpha(static_cast<unsigned char>(sql[length]))) ++length;
    return sql.substr(0, length);
}

bool IsOneOf(std::string_view word, std::span<const std::string_view> words) {
    return std::any_of(words.begin(), words.end(), [word](std::string_view other) {
        return word.size() == other.size() && pg_strncasecmp(word.data(), other.data(), word.size()) == 0;
    });
}

// Whether the statement begins with one of the words that change something. Such a statement has an unknown
// outcome when its answer is lost; and it returns no rows, so ExecuteSql tells all there is. Everything else
// is sent as a query: the answer says whether there are rows.
bool IsCommand(std::string_view word) {
    constexpr std::string_view kWords[] = {"insert", "update",  "delete", "create", "alter",
                                           "drop",   "storage", "export", "backup", "restore"};
    return IsOneOf(word, kWords);
}

// Whether the statement can only read. (EXPLAIN is not among the words: EXPLAIN ANALYZE executes.)
bool OnlyReads(std::string_view word) {
    constexpr std::string_view kWords[] = {"select", "with", "show", "describe", "desc"};
    return IsOneOf(word, kWords);
}

// Whether the statement may make a table another one than it was.
bool ChangesTables(std::string_view word) {
    constexpr std::string_view kWords[] = {"create", "alter", "drop", "restore"};
    return IsOneOf(word, kWords);
}

// Appends the rows of one Arrow stream as objects.
void AppendRows(StringInfo out, std::string_view frame) {
    const types::ArrowBatch *batch = types::OpenArrowBatch(frame);
    for (int64_t row = 0; row < batch->rows; ++row) {
        appendStringInfoString(out, out->len > 1 ? ",{" : "{");
        for (int i = 0; i < batch->column_count; ++i) {
            const types::ArrowColumn &column = batch->columns[i];
            if (i > 0) appendStringInfoChar(out, ',');
            types::AppendJsonString(out, column.name);
            appendStringInfoChar(out, ':');
            types::AppendCellAsJson(out, column, row);
        }
        appendStringInfoChar(out, '}');
    }
}

// "3 row(s)": what the server says of a query; one without rows may come without any batch.
bool IsRowCount(std::string_view message) {
    constexpr std::string_view kEnd = " row(s)";
    if (message.size() <= kEnd.size() || !message.ends_with(kEnd)) return false;
    message.remove_suffix(kEnd.size());
    return message.find_first_not_of("0123456789") == std::string_view::npos;
}

text *ResultOfQuery(const Answer &answer) {
    StringInfoData out;
    initStringInfo(&out);
    FrameReader frames(answer);
    std::string_view message, frame;
    if (!frames.Next(message)) types::ThrowBadAnswer("It has no message.");
    bool has_rows = IsRowCount(message);
    appendStringInfoChar(&out, '[');
    while (frames.Next(frame)) {
        has_rows = true;
        AppendRows(&out, frame);
    }
    appendStringInfoChar(&out, ']');
    if (!has_rows) {
        resetStringInfo(&out);
        types::AppendJsonString(&out, message);
    }
    return cstring_to_text_with_len(out.data, out.len);
}

text *ResultOfCommand(const Answer &answer) {
    StringInfoData out;
    initStringInfo(&out);
    types::AppendJsonString(&out, {answer.body, answer.body_bytes});
    return cstring_to_text_with_len(out.data, out.len);
}

text *Exec(std::string_view sql, const char *server_name) {
    const Endpoint *endpoint = GetEndpointByName(server_name);
    const std::string_view word = FirstWord(sql);
    if (!OnlyReads(word)) PreventCommandIfReadOnly("kalam_exec() of anything but a query");
    FlushHeldBack();
    const bool is_command = IsCommand(word);
    const Answer answer =
        Call(Request::Sql(endpoint, is_command ? Operation::kExecuteSql : Operation::kExecuteQuery, sql));
    if (ChangesTables(word)) catalog::ForgetAllFacts();
    return is_command ? ResultOfCommand(answer) : ResultOfQuery(answer);
}

}  // namespace

}  // namespace kalam::backend

Datum kalam_exec(PG_FUNCTION_ARGS) {
    text *sql = PG_GETARG_TEXT_PP(0);
    const std::string_view statement(VARDATA_ANY(sql), VARSIZE_ANY_EXHDR(sql));
    const char *server_name = text_to_cstring(PG_GETARG_TEXT_PP(1));
    PG_RETURN_TEXT_P(kalam::backend::Exec(statement, server_name));
}
