// Looks keys up (known_keys.h): one request, several lookups in flight.
#include "backend/fdw/known_keys.h"

#include "backend/fdw/requests.h"
#include "backend/fdw/row_reader.h"
#include "backend/fdw/whole_table.h"
#include "backend/row_violation.h"
#include "backend/xact.h"

extern "C" {
#include "catalog/pg_type.h"
}

namespace kalam::backend::fdw {

using catalog::ColumnKind;
using catalog::TableIdentity;

namespace {

Projection ProjectKey(const KeyLookup &lookup) {
    auto *column = static_cast<ProjectedColumn *>(palloc(sizeof(ProjectedColumn)));
    const char *name = lookup.identity->column(lookup.identity->key).remote_name;
    *column = {
        .attnum = lookup.identity->key, .remote_name = name, .local_name = name, .type = *lookup.key_type};
    return {.count = 1, .columns = column, .user_id = InvalidAttrNumber};
}

Projection ProjectKeyAndSeq(const KeyLookup &lookup) {
    const AttrNumber seq = FindColumn(lookup.identity, ColumnKind::kSeq);
    const Projection key = ProjectKey(lookup);
    auto *columns = static_cast<ProjectedColumn *>(palloc(2 * sizeof(ProjectedColumn)));
    columns[0] = key.columns[0];
    const char *name = lookup.identity->column(seq).remote_name;
    columns[1] = {.attnum = seq,
                  .remote_name = name,
                  .local_name = name,
                  .type = types::ResolveColumnType({.type = INT8OID, .column_name = name})};
    return {.count = 2, .columns = columns, .user_id = InvalidAttrNumber};
}

Answer TryAsk(const KeyLookup &lookup, const Projection &projection, const List *keys) {
    Request request = LookupRequest(lookup.endpoint, lookup.identity, lookup.user_id, projection);
    ListCell *cell;
    foreach (cell, keys) request.AddItem(static_cast<const char *>(lfirst(cell)));
    request.head.session = PrepareRead(lookup.endpoint, lookup.identity->name(), lookup.snapshot);
    return TryCallInXact(request);
}

RowReader ReadRows(const KeyLookup &lookup, const Projection &projection, const List *keys) {
    (void)PrepareRead(lookup.endpoint, lookup.identity->name(), lookup.snapshot);  // stages what is held back
    if (HasStagedWrites(lookup.endpoint, lookup.identity->name()) && MayFindPartialRows(keys))
        return ReadWholeTable(lookup.endpoint, lookup.identity, lookup.user_id, &projection);
    const Answer answer = TryAsk(lookup, projection, keys);
    if (!answer.head.status.Ok()) ThrowStatus(answer, lookup.endpoint);
    return OpenRows(answer, &projection);
}

std::string_view KeyOfRow(const RowReader &reader) {
    bool is_null = false;
    const Datum key = reader.DecodeColumn(0, &is_null);
    if (is_null) return {};
    StringInfoData text;
    initStringInfo(&text);
    types::AppendKeyText(&text, reader.projection->columns[0].type, key);
    return {text.data, static_cast<size_t>(text.len)};
}

[[noreturn]] void ThrowDuplicate(const TableIdentity *identity, std::string_view key, const char *how) {
    const std::string_view text = types::FromUtf8(key);
    const RowViolation violation = DuplicateKey(identity->relid, identity->key, text);
    ereport(ERROR, errcode(ERRCODE_UNIQUE_VIOLATION),
            errmsg("Primary key violation: value '%.*s' %s column '%s'", static_cast<int>(text.size()),
                   text.data(), how, identity->column(identity->key).remote_name),
            ErrFields(violation));
    pg_unreachable();
}

}  // namespace

KeySet *FindKnownKeys(const KeyLookup &lookup, const List *keys) {
    KeySet *known = MakeKeySet();
    if (keys == NIL) return known;
    const Projection projection = ProjectKey(lookup);
    RowReader reader = ReadRows(lookup, projection, keys);
    while (reader.Next()) AddKey(known, KeyOfRow(reader));
    return known;
}

bool FindSeq(const KeyLookup &lookup, std::string_view key, int64 *seq) {
    const Projection projection = ProjectKeyAndSeq(lookup);
    const Answer answer = TryAsk(lookup, projection, list_make1(pnstrdup(key.data(), key.size())));
    if (!answer.head.status.Ok()) return false;
    RowReader reader = OpenRows(answer, &projection);
    while (reader.Next()) {
        if (KeyOfRow(reader) != key) continue;
        bool is_null = false;
        *seq = DatumGetInt64(reader.DecodeColumn(1, &is_null));
        return !is_null;
    }
    return false;
}

void ThrowRepeatedKey(const TableIdentity *identity, std::string_view key) {
    ThrowDuplicate(identity, key, "appears multiple times in the insert batch for");
}

void RequireNewKeys(const KeyLookup &lookup, std::string_view keys, uint32_t count) {
    common::BodyReader fields(keys);
    KeySet *wanted = MakeKeySet();
    List *list = NIL;
    for (uint32_t i = 0; i < count; ++i) {
        const std::string_view field = fields.Field();
        char *key = pnstrdup(field.data(), field.size());
        if (!AddKey(wanted, field)) ThrowRepeatedKey(lookup.identity, field);
        list = lappend(list, key);
    }
    KeySet *known = FindKnownKeys(lookup, list);
    ListCell *cell;
    foreach (cell, list) {
        const char *key = static_cast<const char *>(lfirst(cell));
        if (TakeKey(known, key)) ThrowDuplicate(lookup.identity, key, "already exists in");
    }
}

}  // namespace kalam::backend::fdw
