// One Scan from names to Arrow: access, projection, rows, filters, overlay, encoding. See scan.h.
#include "devserver/scan/scan.h"

#include <limits>

#include "devserver/arrow/ipc_writer.h"
#include "devserver/error.h"
#include "devserver/scan/cells.h"
#include "devserver/scan/overlay.h"
#include "devserver/sql/names.h"

namespace kalam::devserver {

namespace {

// The role a Scan runs as follows from the table type it names; it decides which shared tables may be read.
void CheckAccess(const TableDef &def, sql::TableKind asked) {
    if (def.kind != sql::TableKind::kShared) return;
    const bool as_user = asked == sql::TableKind::kUser || asked == sql::TableKind::kStream;
    const bool allowed =
        as_user ? def.access_level == sql::AccessLevel::kPublic : def.access_level != sql::AccessLevel::kDba;
    if (allowed) return;
    Throw(Code::kInternal,
          std::string("Error during planning: Access denied: Role '") + (as_user ? "User" : "Service") +
              "' cannot access table '" + def.name.Dotted() +
              "'. Shared table access denied (access_level=" + sql::DebugName(def.access_level) + ")");
}

std::vector<const Column *> Project(const TableDef &def, const ScanRequest &request) {
    std::vector<const Column *> columns;
    if (request.columns.empty()) {
        for (const Column &column : def.columns) columns.push_back(&column);
        return columns;
    }
    const bool filtered = !request.filters.empty();
    for (const std::string &name : request.columns) {
        const std::string sought = filtered ? sql::FoldCase(name) : name;
        const int index = def.FindColumn(sought);
        if (index < 0 && filtered) RefuseField(def, sought);
        if (index < 0) {
            Throw(Code::kInvalidArgument,
                  "column '" + name + "' not found in table '" + def.name.Dotted() + "'");
        }
        columns.push_back(&def.columns[index]);
    }
    return columns;
}

[[noreturn]] void ThrowFailed(const TableDef &def, const std::string &why) {
    Throw(Code::kInternal, std::string("Execution error: ") + ScanName(def.kind) + " failed: " + why);
}

[[noreturn]] void ThrowUnbuildable(const TableDef &def, const std::string &why) {
    ThrowFailed(def, "Invalid operation: Failed to build Arrow batch: " + why);
}

void RequireReadable(const TableDef &def, const std::vector<const Column *> &columns,
                     const std::vector<VersionPtr> &rows) {
    for (const Column *column : columns) {
        for (const VersionPtr &row : rows) {
            if (IsUnreadable(*row, *column)) ThrowUnbuildable(def, UnreadableText(*column));
        }
    }
}

std::string Encode(const TableDef &def, const std::vector<const Column *> &columns,
                   const std::vector<VersionPtr> &rows) {
    std::vector<arrow::Field> fields;
    fields.reserve(columns.size());
    for (const Column *column : columns) fields.push_back(FieldOf(*column));
    arrow::BatchWriter writer(fields, rows.size());
    for (const VersionPtr &row : rows) {
        for (size_t i = 0; i < columns.size(); ++i) {
            const int slot = columns[i]->slot;
            if (slot >= 0 && static_cast<size_t>(slot) < row->cells.size() &&
                row->cells[slot].type() == fields[i].type) {
                writer.Append(i, row->cells[slot]);
                continue;
            }
            const auto cell = ReadCell(*row, *columns[i]);
            if (!cell) {
                ThrowUnbuildable(def, cell.error());
            }
            writer.Append(i, *cell);
        }
    }
    return writer.Finish();
}

}  // namespace

std::string RunScan(const Database &db, const ScanRequest &request,
                    const TransactionCoordinator::ReadScope *scope, size_t hot_cap) {
    TableDefPtr def;
    std::vector<VersionPtr> rows;
    std::vector<const Column *> columns;
    std::optional<RowFilter> filter;
    {
        const Database::ReadLock lock(db);
        const Table *table = db.FindTable(request.table);
        if (table == nullptr) Throw(Code::kNotFound, request.table.Dotted());
        def = table->def;
        CheckAccess(*def, request.kind);
        columns = Project(*def, request);
        filter.emplace(*def, request.filters);
        const bool as_user = request.kind == sql::TableKind::kUser || request.kind == sql::TableKind::kStream;
        ReadView view;
        view.user = def->PerUser() && as_user ? &request.user : nullptr;
        view.snapshot = scope != nullptr ? scope->snapshot : kLatest;
        view.tombstones = filter->asks_for_deleted();
        view.min_seq = def->OldestSeq(db.clock().UnixMillis());
        const bool keyed = filter->key() && def->kind != sql::TableKind::kStream;
        view.hot_cap = keyed ? std::numeric_limits<size_t>::max() : hot_cap;
        rows = keyed ? table->rows.ReadKey(view, *filter->key()) : table->rows.Read(view);
        for (const Column *column : columns) {
            if (!keyed && HasUnreadableFiles(table->rows, view.user, *column))
                ThrowFailed(*def, UnreadableFilesText(*column));
        }
    }
    RequireReadable(*def, columns, rows);
    if (!request.filters.empty()) {
        std::erase_if(rows, [&filter](const VersionPtr &row) { return !filter->Matches(*row); });
    }
    if (scope != nullptr && !scope->writes.empty()) rows = ApplyOverlay(*def, std::move(rows), scope->writes);
    if (!request.filters.empty() && request.limit && rows.size() > *request.limit)
        rows.resize(*request.limit);
    return Encode(*def, columns, rows);
}

}  // namespace kalam::devserver
