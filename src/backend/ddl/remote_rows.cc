// Runs one SELECT on the server and reads its Arrow answer as text (remote_rows.h).
#include "backend/ddl/remote_rows.h"

#include "backend/client.h"
#include "backend/types/arrow_reader.h"
#include "backend/types/column_decoder.h"

extern "C" {
#include "catalog/pg_type.h"
#include "utils/builtins.h"
}

namespace kalam::backend::ddl {

namespace {

void AddRows(RemoteRows *result, const types::ArrowBatch *batch) {
    const types::ColumnType as_text = types::ResolveColumnType({.type = TEXTOID});
    auto *decoders = static_cast<types::ColumnDecoder *>(
        palloc(sizeof(types::ColumnDecoder) * Max(batch->column_count, 1)));
    for (int i = 0; i < batch->column_count; ++i) {
        decoders[i] = types::BindDecoder(batch->columns[i], as_text, "column of the server's catalog");
    }
    result->column_count = batch->column_count;
    for (int64_t row = 0; row < batch->rows; ++row) {
        auto **cells = static_cast<const char **>(palloc0(sizeof(char *) * Max(batch->column_count, 1)));
        for (int i = 0; i < batch->column_count; ++i) {
            bool is_null = false;
            const Datum value = decoders[i].Decode(row, &is_null);
            cells[i] = is_null ? nullptr : TextDatumGetCString(value);
        }
        result->rows = lappend(result->rows, cells);
    }
}

}  // namespace

RemoteRows QueryRemote(const Endpoint *endpoint, const char *sql) {
    return ReadRows(Call(Request::Sql(endpoint, common::Operation::kExecuteQuery, sql)));
}

RemoteRows ReadRows(const Answer &answer) {
    RemoteRows result = {.column_count = 0, .rows = NIL};
    FrameReader frames(answer);
    std::string_view frame;
    (void)frames.Next(frame);  // the message
    while (frames.Next(frame)) AddRows(&result, types::OpenArrowBatch(frame));
    return result;
}

}  // namespace kalam::backend::ddl
