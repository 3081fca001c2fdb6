// Writes a new column's default into the rows of a shared table (fill_column.h): with one SQL UPDATE where the server's
// takes it, otherwise by key, encoded as every row is, several calls in flight.
#include "backend/ddl/fill_column.h"

#include "backend/client.h"
#include "backend/ddl/pending.h"
#include "backend/ddl/remote_catalog.h"
#include "backend/ddl/remote_default.h"
#include "backend/ddl/remote_sql.h"
#include "backend/fdw/requests.h"
#include "backend/fdw/row_cap.h"
#include "backend/fdw/row_reader.h"
#include "backend/guc.h"
#include "backend/types/row_encoder.h"

extern "C" {
#include "executor/executor.h"
#include "optimizer/optimizer.h"
#include "utils/lsyscache.h"
}

namespace kalam::backend::ddl {

namespace {

using types::RemoteKind;

// Small enough that a cancelled statement leaves little under way.
constexpr int kRequestBytes = 256 * 1024;

// The default of a column while it is evaluated and encoded.
struct DefaultValue {
    EState *state;
    ExprState *expression;
    const types::RowEncoder *encoder;
};

// To be freed with FreeExecutorState.
DefaultValue PrepareDefault(const ColumnShape &column) {
    const types::EncodeColumn encoded = {.attnum = 1, .remote_name = column.remote_name, .type = column.type};
    EState *state = CreateExecutorState();
    return {.state = state,
            .expression = ExecPrepareExpr(reinterpret_cast<Expr *>(column.local_default), state),
            .encoder = types::MakeRowEncoder({&encoded, 1})};
}

// Valid until the next one is evaluated.
Datum Evaluate(const DefaultValue &value, const ColumnShape &column, const TableShape &table, bool *is_null) {
    ExprContext *context = GetPerTupleExprContext(value.state);
    ResetExprContext(context);
    const Datum datum = ExecEvalExprSwitchContext(value.expression, context, is_null);
    if (*is_null && column.not_null) ThrowContainsNulls(column, table);
    return datum;
}

void Encode(const DefaultValue &value, Datum datum, bool is_null, StringInfo changes) {
    const MemoryContext old = MemoryContextSwitchTo(GetPerTupleMemoryContext(value.state));
    value.encoder->Encode(changes, &datum, &is_null);
    MemoryContextSwitchTo(old);
}

// ---- by SQL ----

// The kinds that the server cannot make an empty value of, nor write with its SQL's literals.
bool IsBeyondSql(RemoteKind kind) {
    return kind == RemoteKind::kDecimal || kind == RemoteKind::kTime || kind == RemoteKind::kUuid ||
           kind == RemoteKind::kBytes || kind == RemoteKind::kEmbedding;
}

// Whether the server can make up all columns that its UPDATE has not read, which it does where they are NOT NULL. Asked of
// the server, which has columns that the local table has not (a DROP COLUMN waits for the commit).
bool CanMakeUpRows(const Endpoint *endpoint, const TableShape &table) {
    const RemoteTable *remote =
        FindRemoteTable(endpoint, table.identity->remote_namespace, table.identity->remote_table);
    if (remote == nullptr) return false;
    ListCell *cell;
    foreach (cell, remote->columns) {
        const auto *column = static_cast<const RemoteColumn *>(lfirst(cell));
        types::RemoteType type;
        if (column->nullable || column->is_key) continue;
        if (!types::ParseRemoteType(column->type_text, &type) || IsBeyondSql(type.kind)) return false;
    }
    return true;
}

// Whether the server's UPDATE sees all rows: it stops at its cap of hot rows and says nothing.
bool SeesAllRows(const Endpoint *endpoint, const TableShape &table) {
    return CountRows(endpoint, table.identity->remote_namespace, table.identity->remote_table) <
           guc::hot_row_cap;
}

bool CanFillBySql(const Endpoint *endpoint, const TableShape &table, const ColumnShape &column) {
    return !IsBeyondSql(column.type.remote.kind) && CanMakeUpRows(endpoint, table) &&
           SeesAllRows(endpoint, table);
}

// ---- by key ----

// The keys of all rows that are committed now, whatever the transaction's snapshot: no session of this cluster can add
// any, since the table is locked.
fdw::RowReader ReadKeys(const Endpoint *endpoint, const TableShape &table, const fdw::Projection *key) {
    const Request request = fdw::ScanRequest(endpoint, table.identity, nullptr, *key, {});
    Answer answer = Call(request);
    fdw::RequireUncut(request, table.identity, endpoint, &answer);
    return fdw::OpenRows(answer, key);
}

void SendUpdates(Request *request) {
    const Answer answer = Call(*request);
    pfree(answer.body);
    pfree(request->body.data);
}

Request StartUpdates(const Endpoint *endpoint, const TableShape &table) {
    Request request = fdw::ChangeRequest(endpoint, common::Operation::kUpdate, table.identity, nullptr);
    request.head.stop_at_missing = false;  // a row that somebody has deleted meanwhile
    request.head.window = static_cast<uint8_t>(guc::pipeline_window);
    return request;
}

std::string_view View(const StringInfoData &text) {
    return {text.data, static_cast<size_t>(text.len)};
}

void FillByKey(const Endpoint *endpoint, const TableShape &table, const ColumnShape &column,
               const char *changes_of_all) {
    const ColumnShape *key = table.Key();
    fdw::ProjectedColumn key_column = {
        .attnum = key->attnum, .remote_name = key->remote_name, .local_name = key->name, .type = key->type};
    const fdw::Projection projection = {.count = 1, .columns = &key_column, .user_id = InvalidAttrNumber};
    fdw::RowReader reader = ReadKeys(endpoint, table, &projection);
    const DefaultValue value = PrepareDefault(column);
    Request request = StartUpdates(endpoint, table);
    StringInfoData key_text, changes;
    initStringInfo(&key_text);
    initStringInfo(&changes);
    if (changes_of_all != nullptr) appendStringInfoString(&changes, changes_of_all);
    while (reader.Next()) {
        bool is_null = false;
        resetStringInfo(&key_text);
        types::AppendKeyText(&key_text, key->type, reader.DecodeColumn(0, &is_null));
        if (changes_of_all == nullptr) {
            resetStringInfo(&changes);
            const Datum datum = Evaluate(value, column, table, &is_null);
            Encode(value, datum, is_null, &changes);
        }
        if (request.body.len + key_text.len + changes.len > kRequestBytes && request.head.item_count > 0) {
            SendUpdates(&request);
            request = StartUpdates(endpoint, table);
        }
        request.AddItem(View(key_text), View(changes));
    }
    if (request.head.item_count > 0) SendUpdates(&request);
    FreeExecutorState(value.state);
}

}  // namespace

const ColumnFill *PlanFill(const Endpoint *endpoint, const TableShape &table, const ColumnShape &column) {
    const bool by_sql = CanFillBySql(endpoint, table, column);
    auto *fill = static_cast<ColumnFill *>(palloc0(sizeof(ColumnFill)));
    if (contain_volatile_functions(column.local_default)) {
        if (by_sql) fill->sql_value = column.remote_default;
        return fill;
    }
    const DefaultValue value = PrepareDefault(column);
    bool is_null = false;
    const Datum datum = Evaluate(value, column, table, &is_null);
    StringInfoData changes;
    initStringInfo(&changes);
    Encode(value, datum, is_null, &changes);
    fill->changes = changes.data;
    const char *literal = by_sql ? RemoteLiteral(datum, is_null, column.type) : nullptr;
    if (literal != nullptr) fill->sql_value = pstrdup(literal);
    FreeExecutorState(value.state);
    return is_null ? nullptr : fill;
}

void FillColumn(const Endpoint *endpoint, const TableShape &table, const ColumnShape &column,
                const ColumnFill &fill) {
    if (fill.sql_value != nullptr) {
        (void)RunRemote(endpoint, FillColumnSql(table, column.remote_name, fill.sql_value));
    } else {
        FillByKey(endpoint, table, column, fill.changes);
    }
}

void ThrowContainsNulls(const ColumnShape &column, const TableShape &table) {
    ereport(ERROR, (errcode(ERRCODE_NOT_NULL_VIOLATION),
                    errmsg("column \"%s\" of relation \"%s\" contains null values", column.name,
                           get_rel_name(table.identity->relid))));
}

}  // namespace kalam::backend::ddl
