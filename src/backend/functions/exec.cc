// kalam_exec(sql, server): sends a statement as it is. Called from SQL by those who may (not PUBLIC): the
// server runs it with full rights. Rows come back as a JSON array of objects, anything else as a JSON string
// with the server's message. It runs outside the remote transaction, as the server does it; what was held
// back goes out before it.
#include "backend/client.h"
#include "backend/types/arrow_json.h"
#include "backend/types/arrow_reader.h"
#include "backend/xact.h"

extern "C" {
#include "utils/builtins.h"

PG_FUNCTION_INFO_V1(kalam_exec);
Datum kalam_exec(PG_FUNCTION_ARGS);
}

namespace kalam::backend {

using common::Operation;

namespace {

bool IsBlankChar(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

// Whether the statement begins with one of the words that change something. Such a statement has an unknown
// outcome when its answer is lost; and it returns no rows, so ExecuteSql tells all there is. Everything else
// is sent as a query: the answer says whether there are rows.
bool IsCommand(std::string_view sql) {
    constexpr std::string_view kWords[] = {"insert", "update",  "delete", "create", "alter",
                                           "drop",   "storage", "export", "backup", "restore"};
    while (!sql.empty() && IsBlankChar(sql.front())) sql.remove_prefix(1);
    for (const std::string_view word : kWords) {
        if (sql.size() > word.size() && IsBlankChar(sql[word.size()]) &&
            pg_strncasecmp(sql.data(), word.data(), word.size()) == 0) {
            return true;
        }
    }
    return false;
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
    FlushHeldBack();
    const bool is_command = IsCommand(sql);
    const Answer answer =
        Call(Request::Sql(endpoint, is_command ? Operation::kExecuteSql : Operation::kExecuteQuery, sql));
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
