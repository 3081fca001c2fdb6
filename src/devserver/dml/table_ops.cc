// The checks and changes of one table's rows; see table_ops.h.
#include "devserver/dml/table_ops.h"

#include <unordered_set>

#include "devserver/values/coerce.h"
#include "devserver/values/value_text.h"

namespace kalam::devserver {

namespace {

bool IsAbsent(const Version &version, int slot) {
    const size_t index = static_cast<size_t>(slot);
    return index >= version.cells.size() || version.cells[index].id() == TypeId::kNull;
}

Value &CellAt(Version &version, int slot) {
    const size_t index = static_cast<size_t>(slot);
    if (index >= version.cells.size()) version.cells.resize(index + 1);
    return version.cells[index];
}

[[noreturn]] void RefuseNull(const std::string &column, size_t row_number) {
    throw TableError("Constraint violation: Execution error: NOT NULL constraint violation: column '" +
                     column + "' cannot be NULL (row " + std::to_string(row_number) + ")");
}

}  // namespace

std::string DuplicateKeyText(const TableDef &def, const std::string &key, const std::string &how) {
    return "Already exists: Primary key violation: value '" + key + "' " + how + " column '" +
           def.columns[def.KeyColumn()].name + "'";
}

std::vector<PreparedRow> TableOps::Prepare(const std::vector<RowCells> &rows) {
    std::vector<PreparedRow> prepared = PrepareUnchecked(rows);
    if (def().kind == sql::TableKind::kStream) return prepared;
    std::unordered_set<std::string_view> seen;
    for (const PreparedRow &row : prepared) {
        if (!seen.insert(row.key).second) {
            throw TableError(
                DuplicateKeyText(def(), row.key, "appears multiple times in the insert batch for"));
        }
        if (Exists(row.key)) throw TableError(DuplicateKeyText(def(), row.key, "already exists in"));
    }
    return prepared;
}

std::vector<PreparedRow> TableOps::PrepareUnchecked(const std::vector<RowCells> &rows) {
    std::vector<PreparedRow> prepared;
    prepared.reserve(rows.size());
    for (const RowCells &row : rows) prepared.push_back({{}, ToVersion(row, true)});
    for (size_t i = 0; i < prepared.size(); ++i) FillMissing(*prepared[i].version, i + 1);
    for (PreparedRow &row : prepared) row.key = KeyOfVersion(*row.version);
    return prepared;
}

PreparedRow TableOps::PrepareRaw(const RowCells &row) {
    return {KeyOf(row), ToVersion(row, false)};
}

void TableOps::Store(std::vector<PreparedRow> rows) {
    if (def().kind == sql::TableKind::kStream) {
        db_.EvictFromStream(table_, user_, def().OldestSeq(db_.clock().UnixMillis()));
    }
    for (PreparedRow &row : rows) db_.Put(table_, row.key, std::move(row.version));
}

std::shared_ptr<Version> TableOps::ToVersion(const RowCells &row, bool coerce) {
    auto version = std::make_shared<Version>();
    version->user = user_;
    version->cells.reserve(def().slots.size());
    for (const RowCell &cell : row) {
        const int index = def().FindColumn(cell.name);
        if (index >= 0 && def().columns[index].system()) continue;
        const int slot = index >= 0 ? def().columns[index].slot : SlotOf(cell.name);
        if (index < 0 || !coerce) {
            CellAt(*version, slot) = cell.value;
            continue;
        }
        auto coerced = CoerceToColumn(cell.value, def().columns[index].type, cell.name);
        if (!coerced) throw TableError("Invalid operation: Schema coercion failed: " + coerced.error());
        CellAt(*version, slot) = std::move(*coerced);
    }
    return version;
}

// Invents values for absent NOT NULL columns, and refuses NULL in them. Streams are not checked.
void TableOps::FillMissing(Version &version, size_t row_number) const {
    const bool is_stream = def().kind == sql::TableKind::kStream;
    for (const Column &column : def().columns) {
        if (column.system()) continue;
        if (is_stream && column.name == "user_id" && column.type.kind == KalamKind::kText) {
            CellAt(version, column.slot) = Value::Text(user_);
        }
        if (!column.not_null) continue;
        if (IsAbsent(version, column.slot)) CellAt(version, column.slot) = InventedValue(column.type);
        if (!is_stream && CellAt(version, column.slot).is_null()) RefuseNull(column.name, row_number);
    }
}

std::string TableOps::KeyOfVersion(const Version &version) const {
    const int index = def().KeyColumn();
    if (index < 0) return {};
    const Column &column = def().columns[index];
    if (def().kind != sql::TableKind::kStream &&
        (!UsableAsKey(column.type) || IsAbsent(version, column.slot))) {
        throw TableError("Invalid operation: Primary key column '" + column.name +
                         "' has unsupported or NULL value");
    }
    return IsAbsent(version, column.slot) ? std::string() : ToText(version.cells[column.slot]);
}

std::string TableOps::KeyOf(const RowCells &row) const {
    const int index = def().KeyColumn();
    if (index < 0) return {};
    for (const RowCell &cell : row) {
        if (cell.name == def().columns[index].name && !cell.value.is_null()) return ToText(cell.value);
    }
    return {};
}

bool TableOps::Exists(const std::string &key) const {
    const VersionPtr newest = table_.rows.Find(user_, key);
    return newest && !newest->deleted;
}

std::string TableOps::StorageOf(const std::string &key) const {
    const VersionPtr newest = table_.rows.Find(user_, key);
    if (!newest || !newest->cold) return "(hot storage)";
    return "(cold storage: " + def().name.ns + "/" + def().name.table + "/batch-0.parquet)";
}

bool TableOps::KeyIsGenerated() const {
    const int index = def().KeyColumn();
    return index >= 0 && def().columns[index].default_value.kind == sql::DefaultValue::Kind::kSnowflakeId;
}

// A cell that no column names keeps its value under a slot of its own: a column added later finds it.
int TableOps::SlotOf(const std::string &name) {
    for (size_t slot = 0; slot < def().slots.size(); ++slot) {
        if (def().slots[slot] == name) return static_cast<int>(slot);
    }
    TableDef wider = def();
    const int slot = wider.SlotOf(name);
    db_.AlterTable(std::move(wider));
    return slot;
}

std::string TableOps::ParseKeyText(const std::string &key) const {
    const int index = def().KeyColumn();
    if (index < 0) return key;
    auto parsed = ParseKey(key, ArrowType(def().columns[index].type));
    if (!parsed) throw TableError("Invalid operation: " + parsed.error());
    return ToText(*parsed);
}

void TableOps::RequireComplete(const Version &version) const {
    for (const Column &column : def().columns) {
        if (column.system() || !column.not_null) continue;
        if (!IsAbsent(version, column.slot)) {
            if (version.cells[column.slot].is_null()) RefuseNull(column.name, 1);
            continue;
        }
        throw TableError("Constraint violation: Execution error: NOT NULL constraint violation: column '" +
                         column.name + "' is missing in row 1 (row index 0)");
    }
}

size_t TableOps::Update(const std::string &key_text, const RowCells &changes, WholeRow whole_row) {
    if (def().kind == sql::TableKind::kStream) {
        throw TableError("Invalid operation: UPDATE is not supported for STREAM tables");
    }
    const std::string key = ParseKeyText(key_text);
    const auto changed = ToVersion(changes, true);
    for (const Column &column : def().columns) {
        if (column.system() || !column.not_null || IsAbsent(*changed, column.slot)) continue;
        if (changed->cells[column.slot].is_null()) RefuseNull(column.name, 1);
    }
    const VersionPtr stored = table_.rows.Find(user_, key);
    const std::string column = def().columns[def().KeyColumn()].name;
    if (!stored) {
        throw TableError("Not found: Row with " + column + "=" + key_text +
                         " not found (checked both hot and cold storage)");
    }
    if (stored->deleted) throw TableError("Not found: Row with " + column + "=" + key_text + " was deleted");
    auto merged = std::make_shared<Version>();
    merged->user = user_;
    merged->cells = stored->cells;
    bool differs = false;
    for (size_t slot = 0; slot < changed->cells.size(); ++slot) {
        if (changed->cells[slot].id() == TypeId::kNull) continue;
        Value &cell = CellAt(*merged, static_cast<int>(slot));
        const bool both_null = cell.is_null() && changed->cells[slot].is_null();
        differs = differs || !(both_null || cell == changed->cells[slot]);
        cell = std::move(changed->cells[slot]);
    }
    if (!differs) return 0;
    if (whole_row == WholeRow::kCheck) RequireComplete(*merged);
    const std::string new_key = KeyOfVersion(*merged);
    db_.Put(table_, new_key, std::move(merged));
    return 1;
}

size_t TableOps::Delete(const std::string &key_text) {
    const std::string key = ParseKeyText(key_text);
    if (def().kind == sql::TableKind::kStream) {
        return db_.RemoveFromStream(table_, user_, key) > 0 ? 1 : 0;
    }
    const VersionPtr stored = table_.rows.Find(user_, key);
    if (!stored || stored->deleted) return 0;
    auto tombstone = std::make_shared<Version>();
    tombstone->user = user_;
    tombstone->cells = stored->cells;
    tombstone->deleted = true;
    db_.Put(table_, key, std::move(tombstone));
    return 1;
}

}  // namespace kalam::devserver
