// Reads what a foreign table is to KalamDB from the catalog (table_identity.h), and remembers it. The relcache
// callback only marks entries stale; the memory of a stale entry lives on to the end of the transaction
// (retire.h). No remote call, no lock beyond the caller's.
#include "backend/catalog/table_identity.h"

#include "backend/catalog/retire.h"
#include "backend/endpoint.h"
#include "backend/options.h"

extern "C" {
#include "access/htup_details.h"
#include "catalog/pg_attribute.h"
#include "catalog/pg_class.h"
#include "foreign/fdwapi.h"
#include "foreign/foreign.h"
#include "utils/builtins.h"
#include "utils/formatting.h"
#include "utils/hsearch.h"
#include "utils/inval.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"
#include "utils/relcache.h"
#include "utils/syscache.h"
}

namespace kalam::backend::catalog {

namespace {

struct CacheEntry {
    Oid relid;
    bool fresh;
    bool checked;          // KalamDB can take all of its names
    MemoryContext memory;  // null: nothing was built yet
    TableIdentity *identity;
};

HTAB *cache = nullptr;

void OnRelcacheInvalidation(Datum, Oid relid) {
    if (OidIsValid(relid)) {
        auto *entry = static_cast<CacheEntry *>(hash_search(cache, &relid, HASH_FIND, nullptr));
        if (entry != nullptr) entry->fresh = false;
        return;
    }
    HASH_SEQ_STATUS scan;
    hash_seq_init(&scan, cache);
    while (auto *entry = static_cast<CacheEntry *>(hash_seq_search(&scan))) entry->fresh = false;
}

// A schema's name may be part of an identity, and its change tells the relcache nothing.
void OnNamespaceInvalidation(Datum, int, uint32) {
    OnRelcacheInvalidation(Datum{0}, InvalidOid);
}

void OpenCache() {
    if (cache != nullptr) return;
    HASHCTL control = {};
    control.keysize = sizeof(Oid);
    control.entrysize = sizeof(CacheEntry);
    control.hcxt = CacheMemoryContext;
    cache = hash_create("pg_kalam tables", 16, &control, HASH_ELEM | HASH_BLOBS | HASH_CONTEXT);
    CacheRegisterRelcacheCallback(OnRelcacheInvalidation, Datum{0});
    CacheRegisterSyscacheCallback(NAMESPACEOID, OnNamespaceInvalidation, Datum{0});
}

const char *Lower(const char *name) {
    return asc_tolower(name, strlen(name));
}

// KalamDB's own default is a shared table.
common::TableType TypeOf(const OptionValues &options) {
    for (const Option option : {Option::kTableType, Option::kType}) {
        if (options[option] != nullptr) return RequireTableType(NameOf(option), options[option]);
    }
    return common::TableType::kShared;
}

ColumnKind KindOf(const char *name, common::TableType type) {
    if (strcmp(name, "_seq") == 0) return ColumnKind::kSeq;
    if (strcmp(name, "_userid") == 0 && common::NeedsUser(type)) return ColumnKind::kUserId;
    return ColumnKind::kData;
}

ColumnIdentity ReadColumn(Oid relid, Form_pg_attribute attribute, common::TableType type, bool *is_key) {
    *is_key = false;
    if (attribute->attisdropped)
        return {.kind = ColumnKind::kDropped, .remote_name = nullptr, .kalam_type = nullptr};
    const char *name = pstrdup(NameStr(attribute->attname));
    OptionValues options;
    options.Merge(GetForeignColumnOptions(relid, attribute->attnum));
    ColumnIdentity column = {
        .kind = KindOf(name, type), .remote_name = nullptr, .kalam_type = options[Option::kKalamType]};
    if (column.kind == ColumnKind::kUserId) return column;
    column.remote_name = options[Option::kColumnName] != nullptr ? options[Option::kColumnName] : Lower(name);
    if (options[Option::kKey] != nullptr) (void)parse_bool(options[Option::kKey], is_key);
    return column;
}

void ReadColumns(Relation relation, TableIdentity *identity) {
    TupleDesc descriptor = RelationGetDescr(relation);
    auto *columns = static_cast<ColumnIdentity *>(palloc0(sizeof(ColumnIdentity) * descriptor->natts));
    AttrNumber column_called_id = InvalidAttrNumber;
    for (AttrNumber attnum = 1; attnum <= descriptor->natts; ++attnum) {
        bool is_key = false;
        ColumnIdentity &column = columns[attnum - 1];
        column = ReadColumn(identity->relid, TupleDescAttr(descriptor, attnum - 1), identity->type, &is_key);
        if (is_key) identity->key = attnum;
        if (column.kind == ColumnKind::kData && strcmp(column.remote_name, "id") == 0)
            column_called_id = attnum;
    }
    if (identity->key == InvalidAttrNumber && identity->type != common::TableType::kStream) {
        identity->key = column_called_id;
    }
    identity->column_count = descriptor->natts;
    identity->columns = columns;
}

// In the current memory context, with everything it refers to.
TableIdentity *BuildIdentity(Oid relid) {
    Relation relation = RelationIdGetRelation(relid);
    if (!RelationIsValid(relation)) elog(ERROR, "relation %u does not exist", relid);
    const char *schema = get_namespace_name(RelationGetNamespace(relation));
    const char *name = RelationGetRelationName(relation);
    const ForeignTable *table =
        relation->rd_rel->relkind == RELKIND_FOREIGN_TABLE ? GetForeignTable(relid) : nullptr;
    if (table == nullptr || !IsKalamServer(table->serverid)) {
        ereport(ERROR, (errcode(ERRCODE_WRONG_OBJECT_TYPE), errmsg("\"%s\" is not a KalamDB table", name)));
    }
    OptionValues options;
    options.Merge(table->options);
    auto *identity = static_cast<TableIdentity *>(palloc0(sizeof(TableIdentity)));
    identity->relid = relid;
    identity->server_id = table->serverid;
    identity->qualified_name = psprintf("%s.%s", schema, name);
    identity->remote_namespace =
        options[Option::kNamespace] != nullptr ? options[Option::kNamespace] : Lower(schema);
    identity->remote_table = options[Option::kTable] != nullptr ? options[Option::kTable] : Lower(name);
    identity->type = TypeOf(options);
    ReadColumns(relation, identity);
    RelationClose(relation);
    return identity;
}

// Builds in a context of its own, which joins the long-lived ones only when nothing was raised.
void Fill(CacheEntry *entry) {
    MemoryContext memory =
        AllocSetContextCreate(CurrentMemoryContext, "pg_kalam table", ALLOCSET_SMALL_SIZES);
    MemoryContext scratch =
        AllocSetContextCreate(CurrentMemoryContext, "pg_kalam table options", ALLOCSET_SMALL_SIZES);
    entry->fresh = true;  // an invalidation while building makes it stale again
    MemoryContext caller = MemoryContextSwitchTo(scratch);
    TableIdentity *identity = nullptr;
    PG_TRY();
    {
        const TableIdentity *built = BuildIdentity(entry->relid);
        MemoryContextSwitchTo(memory);
        identity = const_cast<TableIdentity *>(CopyTableIdentity(built));
    }
    PG_CATCH();
    {
        entry->fresh = false;
        PG_RE_THROW();
    }
    PG_END_TRY();
    MemoryContextSwitchTo(caller);
    MemoryContextDelete(scratch);
    if (entry->memory != nullptr) RetireContext(entry->memory);
    MemoryContextSetParent(memory, CacheMemoryContext);
    entry->memory = memory;
    entry->identity = identity;
    entry->checked = false;
}

// The entry of a relation, filled.
CacheEntry *FreshEntry(Oid relid) {
    OpenCache();
    bool found = false;
    auto *entry = static_cast<CacheEntry *>(hash_search(cache, &relid, HASH_ENTER, &found));
    if (!found) {
        entry->fresh = false;
        entry->memory = nullptr;
        entry->identity = nullptr;
    }
    if (!entry->fresh) Fill(entry);
    return entry;
}

void CheckNames(const TableIdentity *identity) {
    CheckRemoteName("namespace", identity->remote_namespace);
    CheckRemoteName("table", identity->remote_table);
    for (AttrNumber attnum = 1; attnum <= identity->column_count; ++attnum) {
        const ColumnIdentity &column = identity->column(attnum);
        if (column.kind == ColumnKind::kData) CheckRemoteName("column", column.remote_name);
    }
}

const char *CopyText(const char *text) {
    return text == nullptr ? nullptr : pstrdup(text);
}

}  // namespace

const TableIdentity *GetTableIdentity(Oid relid) {
    CacheEntry *entry = FreshEntry(relid);
    if (!entry->checked) CheckNames(entry->identity);
    entry->checked = true;
    return entry->identity;
}

const TableIdentity *GetUncheckedIdentity(Oid relid) {
    return FreshEntry(relid)->identity;
}

const TableIdentity *CopyTableIdentity(const TableIdentity *identity) {
    auto *copy = static_cast<TableIdentity *>(palloc(sizeof(TableIdentity)));
    *copy = *identity;
    copy->qualified_name = pstrdup(identity->qualified_name);
    copy->remote_namespace = pstrdup(identity->remote_namespace);
    copy->remote_table = pstrdup(identity->remote_table);
    auto *columns =
        static_cast<ColumnIdentity *>(palloc(sizeof(ColumnIdentity) * Max(copy->column_count, 1)));
    for (int i = 0; i < copy->column_count; ++i) {
        columns[i] = identity->columns[i];
        columns[i].remote_name = CopyText(columns[i].remote_name);
        columns[i].kalam_type = CopyText(columns[i].kalam_type);
    }
    copy->columns = columns;
    return copy;
}

bool IsKalamTable(Oid relid) {
    if (get_rel_relkind(relid) != RELKIND_FOREIGN_TABLE) return false;
    return IsKalamServer(GetForeignServerIdByRelId(relid));
}

}  // namespace kalam::backend::catalog
