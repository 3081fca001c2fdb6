// The difference of two shapes, action by action (alter_mirror.h): first everything is checked, then everything is
// done.
#include "backend/ddl/alter_mirror.h"

#include "backend/catalog/remote_facts.h"
#include "backend/ddl/add_column.h"
#include "backend/ddl/parse_nodes.h"
#include "backend/ddl/pending.h"
#include "backend/ddl/remote_catalog.h"
#include "backend/ddl/remote_sql.h"
#include "backend/options.h"

extern "C" {
#include "commands/defrem.h"
}

namespace kalam::backend::ddl {

namespace {

using catalog::TableIdentity;

// Two shapes of one table, and where it is.
struct Alteration {
    const Endpoint *endpoint;
    const TableShape &before;
    const TableShape &after;
    const TableIdentity &identity() const { return *after.identity; }
};

bool SameText(const char *a, const char *b) {
    return a == nullptr || b == nullptr ? a == b : strcmp(a, b) == 0;
}

// Whether the local table was made to stand for another remote one: nothing to mirror then.
bool IsRedirected(const TableShape &before, const TableShape &after) {
    return before.identity->server_id != after.identity->server_id ||
           strcmp(before.identity->remote_namespace, after.identity->remote_namespace) != 0 ||
           strcmp(before.identity->remote_table, after.identity->remote_table) != 0;
}

// ---- options ----

[[noreturn]] void ThrowFixedOption(const char *name) {
    ereport(ERROR, (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
                    errmsg("option \"%s\" of an existing KalamDB table cannot be changed", name),
                    errhint("Only access_level can.")));
}

// Raises for an option of `some` that is not the same in `others`.
void RequireSameOptions(List *some, List *others) {
    ListCell *cell;
    foreach (cell, some) {
        auto *option = static_cast<DefElem *>(lfirst(cell));
        const bool may_change =
            strcmp(option->defname, kAccessLevelOption) == 0 || !IsForwardedOption(option->defname);
        if (may_change) continue;
        if (!SameText(defGetString(option), FindOption(others, option->defname)))
            ThrowFixedOption(option->defname);
    }
}

void CheckOptions(const Alteration &alteration) {
    if (alteration.before.identity->type != alteration.after.identity->type) {
        ThrowFixedOption(NameOf(Option::kTableType));
    }
    RequireSameOptions(alteration.before.options, alteration.after.options);
    RequireSameOptions(alteration.after.options, alteration.before.options);
}

void ApplyOptions(const Alteration &alteration) {
    const char *before = FindOption(alteration.before.options, kAccessLevelOption);
    const char *after = FindOption(alteration.after.options, kAccessLevelOption);
    if (SameText(before, after)) return;
    constexpr char kServersDefault[] = "PRIVATE";
    RunUndoable(alteration.endpoint,
                SetAccessLevelSql(alteration.after, after == nullptr ? kServersDefault : after),
                SetAccessLevelSql(alteration.after, before == nullptr ? kServersDefault : before));
    catalog::ForgetFacts(alteration.endpoint, &alteration.identity());
}

// ---- columns that were there ----

bool SameRemoteType(const ColumnShape &before, const ColumnShape &after) {
    return strcmp(types::RemoteTypeText(before.type), types::RemoteTypeText(after.type)) == 0;
}

void CheckType(const Alteration &alteration, const ColumnShape &before, const ColumnShape &after) {
    const bool same_locally =
        before.type.declared == after.type.declared && before.type.typmod == after.type.typmod;
    if (same_locally && SameRemoteType(before, after)) return;
    const bool changes_key = after.is_key && !SameRemoteType(before, after);
    if (!changes_key && types::SurvivesTypeChange(before.type, after.type)) return;
    ereport(ERROR,
            (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
             errmsg("cannot change the type of column \"%s\" of KalamDB table \"%s\" in this way", after.name,
                    alteration.identity().qualified_name),
             changes_key ? errdetail("It is the key.")
                         : errdetail("KalamDB does not convert stored values, and not every one would be "
                                     "readable as the new type."),
             errhint("Add a column of the new type, copy the values by UPDATE, and drop the old one.")));
}

void CheckNotNull(const Alteration &alteration, const ColumnShape &before, const ColumnShape &after) {
    if (before.not_null && !after.not_null && after.is_key) {
        ereport(ERROR, (errcode(ERRCODE_INVALID_TABLE_DEFINITION),
                        errmsg("column \"%s\" is the key of KalamDB table \"%s\"", after.name,
                               alteration.identity().qualified_name)));
    }
    if (before.not_null || !after.not_null) return;
    RequireNoStagedRows(alteration.endpoint, alteration.after);
    const char *condition = psprintf("%s IS NULL", after.remote_name);
    if (HasRow(alteration.endpoint, alteration.identity().remote_namespace,
               alteration.identity().remote_table, condition)) {
        ThrowContainsNulls(after, alteration.after);
    }
}

// A NOT NULL column may be nullable there (add_column.h), and must stay so.
bool IsRemotelyNotNull(const Alteration &alteration, const ColumnShape &column) {
    if (!column.not_null) return false;
    const RemoteTable *table = FindRemoteTable(alteration.endpoint, alteration.identity().remote_namespace,
                                               alteration.identity().remote_table);
    const RemoteColumn *remote = table == nullptr ? nullptr : table->Find(column.remote_name);
    return remote != nullptr && !remote->nullable;
}

void ApplyType(const Alteration &alteration, const ColumnShape &before, const ColumnShape &after) {
    // A column that becomes NOT NULL is made so afterwards, one that no longer is is not any more.
    const bool not_null = before.not_null && IsRemotelyNotNull(alteration, after);
    RunUndoable(alteration.endpoint, ModifyColumnSql(alteration.after, after, not_null),
                ModifyColumnSql(alteration.before, before, not_null));
}

void ApplyColumn(const Alteration &alteration, const ColumnShape &before, const ColumnShape &after) {
    const Endpoint *endpoint = alteration.endpoint;
    if (!after.not_null && IsRemotelyNotNull(alteration, before)) {
        RunUndoable(endpoint, SetNotNullSql(alteration.after, after, false),
                    SetNotNullSql(alteration.after, after, true));
    }
    if (!SameRemoteType(before, after)) ApplyType(alteration, before, after);
    if (!SameText(before.remote_default, after.remote_default)) {
        RunUndoable(endpoint, SetDefaultSql(alteration.after, after, after.remote_default),
                    SetDefaultSql(alteration.after, after, before.remote_default));
    }
    if (after.has_local_only_default() && !equal(before.local_default, after.local_default)) {
        TellLocalDefault(after);
    }
    if (!before.not_null && after.not_null && MayBeNotNull(endpoint, alteration.after)) {
        RunUndoable(endpoint, SetNotNullSql(alteration.after, after, true),
                    SetNotNullSql(alteration.after, after, false));
    }
}

using ColumnStep = void (*)(const Alteration &alteration, const ColumnShape &before,
                            const ColumnShape &after);

void CheckColumn(const Alteration &alteration, const ColumnShape &before, const ColumnShape &after) {
    CheckType(alteration, before, after);
    CheckNotNull(alteration, before, after);
}

// Takes a step for every column that both shapes have and that stands for the same remote one.
void ForEachKept(const Alteration &alteration, ColumnStep step) {
    for (int i = 0; i < alteration.after.count; ++i) {
        const ColumnShape &after = alteration.after.columns[i];
        const ColumnShape *before = alteration.before.ByAttnum(after.attnum);
        if (before != nullptr && strcmp(before->remote_name, after.remote_name) == 0) {
            step(alteration, *before, after);
        }
    }
}

}  // namespace

void MirrorDifference(const TableShape &before, const TableShape &after) {
    if (IsRedirected(before, after)) return;
    const Alteration alteration = {
        .endpoint = GetEndpoint(after.identity->server_id), .before = before, .after = after};
    CheckOptions(alteration);
    ForEachKept(alteration, CheckColumn);
    List *added = NIL;
    for (int i = 0; i < after.count; ++i) {
        if (before.ByAttnum(after.columns[i].attnum) != nullptr) continue;
        added = lappend(added, PlanNewColumn(alteration.endpoint, after, after.columns[i]));
    }
    ApplyOptions(alteration);
    ForEachKept(alteration, ApplyColumn);
    ListCell *cell;
    foreach (cell, added)
        AddNewColumn(alteration.endpoint, after, *static_cast<const NewColumn *>(lfirst(cell)));
}

}  // namespace kalam::backend::ddl
