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
#include "backend/key_set.h"
#include "backend/types/row_encoder.h"
#include "backend/writes.h"
#include "backend/xact.h"

extern "C" {
#include "access/xact.h"
#include "executor/executor.h"
#include "optimizer/optimizer.h"
#include "utils/lsyscache.h"
}

namespace kalam::backend::ddl {

namespace {

using types::RemoteKind;

// Small enough that a cancelled statement leaves little under way.
constexpr size_t kRequestBytes = 256 * 1024;

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

// The changes that give the column its value, row by row.
struct RowChanges {
    const TableShape &table;
    const ColumnShape &column;
    DefaultValue value;
    bool same_for_all;
    StringInfoData text;

    std::string_view Next();
};

RowChanges OpenChanges(const TableShape &table, const ColumnShape &column, const ColumnFill &fill) {
    RowChanges changes = {.table = table,
                          .column = column,
                          .value = PrepareDefault(column),
                          .same_for_all = fill.changes != nullptr,
                          .text = {}};
    initStringInfo(&changes.text);
    if (changes.same_for_all) appendStringInfoString(&changes.text, fill.changes);
    return changes;
}

std::string_view RowChanges::Next() {
    if (!same_for_all) {
        bool is_null = false;
        resetStringInfo(&text);
        const Datum datum = Evaluate(value, column, table, &is_null);
        Encode(value, datum, is_null, &text);
    }
    return {text.data, static_cast<size_t>(text.len)};
}

// The keys of all rows, one after the other.
struct Keys {
    types::ColumnType type;
    fdw::RowReader rows;
    StringInfoData text;

    bool Next(std::string_view *key);
};

// `session` kAny: of all rows that are committed now, whatever the transaction's snapshot. No session of this cluster can add
// any, since the table is locked.
Keys ReadKeys(const Endpoint *endpoint, const TableShape &table, common::SessionUse session) {
    const ColumnShape *key = table.Key();
    auto *column = static_cast<fdw::ProjectedColumn *>(palloc(sizeof(fdw::ProjectedColumn)));
    *column = {
        .attnum = key->attnum, .remote_name = key->remote_name, .local_name = key->name, .type = key->type};
    auto *projection = static_cast<fdw::Projection *>(palloc(sizeof(fdw::Projection)));
    *projection = {.count = 1, .columns = column, .user_id = InvalidAttrNumber};
    Request request = fdw::ScanRequest(endpoint, table.identity, nullptr, *projection, {});
    request.head.session = session;
    Answer answer = CallInXact(request);
    fdw::RequireUncut(request, table.identity, endpoint, &answer);
    Keys keys = {.type = key->type, .rows = fdw::OpenRows(answer, projection), .text = {}};
    initStringInfo(&keys.text);
    return keys;
}

bool Keys::Next(std::string_view *key) {
    if (!rows.Next()) return false;
    bool is_null = false;
    resetStringInfo(&text);
    types::AppendKeyText(&text, type, rows.DecodeColumn(0, &is_null));
    *key = {text.data, static_cast<size_t>(text.len)};
    return true;
}

Request StartUpdates(const Endpoint *endpoint, const TableShape &table) {
    Request request = fdw::ChangeRequest(endpoint, common::Operation::kUpdate, table.identity, nullptr);
    request.head.stop_at_missing = false;  // a row that somebody has deleted meanwhile
    request.head.window = static_cast<uint8_t>(guc::pipeline_window);
    return request;
}

void SendUpdates(Request *request) {
    const Answer answer = Call(*request);
    pfree(answer.body);
    pfree(request->body.data);
}

void FillByKey(const Endpoint *endpoint, const TableShape &table, RowChanges *changes) {
    Keys keys = ReadKeys(endpoint, table, common::SessionUse::kAny);
    Request request = StartUpdates(endpoint, table);
    std::string_view key;
    while (keys.Next(&key)) {
        const std::string_view row = changes->Next();
        if (request.head.item_count > 0 &&
            static_cast<size_t>(request.body.len) + key.size() + row.size() > kRequestBytes) {
            SendUpdates(&request);
            request = StartUpdates(endpoint, table);
        }
        request.AddItem(key, row);
    }
    if (request.head.item_count > 0) SendUpdates(&request);
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
        return;
    }
    RowChanges changes = OpenChanges(table, column, fill);
    FillByKey(endpoint, table, &changes);
    FreeExecutorState(changes.value.state);
}

void FillStagedRows(const Endpoint *endpoint, const TableShape &table, const ColumnShape &column,
                    const ColumnFill &fill) {
    KeySet *committed = MakeKeySet();
    std::string_view key;
    Keys keys = ReadKeys(endpoint, table, common::SessionUse::kAny);
    while (keys.Next(&key)) AddKey(committed, key);
    RowChanges changes = OpenChanges(table, column, fill);
    Writes *writes = OpenWrites({.endpoint = endpoint,
                                 .table = table.identity->name(),
                                 .qualified_name = table.identity->qualified_name,
                                 .key_column = table.Key()->remote_name,
                                 .user_id = "",
                                 .command = GetCurrentCommandId(true),
                                 .stage_early = true,
                                 .new_keys = {}});
    keys = ReadKeys(endpoint, table, common::SessionUse::kTransaction);
    while (keys.Next(&key)) {
        if (!HasKey(committed, key)) AddUpdate(writes, key, changes.Next());
    }
    CloseWrites(writes);
    FreeExecutorState(changes.value.state);
}

void ThrowContainsNulls(const ColumnShape &column, const TableShape &table) {
    ereport(ERROR, (errcode(ERRCODE_NOT_NULL_VIOLATION),
                    errmsg("column \"%s\" of relation \"%s\" contains null values", column.name,
                           get_rel_name(table.identity->relid))));
}

}  // namespace kalam::backend::ddl
