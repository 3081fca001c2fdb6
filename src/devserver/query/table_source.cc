// Reads a stored table for SQLite; see table_source.h.
#include "devserver/query/table_source.h"

#include "devserver/scan/cells.h"

namespace kalam::devserver::query {

namespace {

class VersionList : public RowList {
 public:
    VersionList(TableDefPtr def, std::vector<VersionPtr> rows)
        : def_(std::move(def)), rows_(std::move(rows)) {}

    size_t size() const override { return rows_.size(); }
    Result<Value> Cell(size_t row, size_t column) const override {
        return ReadCell(*rows_[row], def_->columns[column]);
    }

 private:
    const TableDefPtr def_;
    const std::vector<VersionPtr> rows_;
};

bool IsLookupType(const DataType &type) {
    return IsText(type.id) || IsInteger(type.id);
}

}  // namespace

TableSource::TableSource(const Database &db, TableDefPtr def, size_t hot_cap)
    : db_(db), def_(std::move(def)), hot_cap_(hot_cap) {
    for (const Column &column : def_->columns) fields_.push_back(FieldOf(column));
    const int key = def_->KeyColumn();
    const bool by_key = key >= 0 && def_->kind != sql::TableKind::kStream;
    if (by_key && IsLookupType(fields_[key].type)) lookup_column_ = key;
}

std::shared_ptr<const RowList> TableSource::Open(const std::optional<std::string> &key) {
    if (!key && all_) return all_;
    const Database::ReadLock lock(db_);
    const Table *table = db_.FindTable(def_->name);
    std::vector<VersionPtr> rows;
    if (table != nullptr && table->def->id == def_->id) {
        ReadView view;
        view.hot_cap = hot_cap_;
        view.min_seq = def_->OldestSeq(db_.clock().UnixMillis());
        rows = key ? table->rows.ReadKey(view, *key) : table->rows.Read(view);
    }
    auto list = std::make_shared<const VersionList>(def_, std::move(rows));
    if (!key) all_ = list;
    return list;
}

}  // namespace kalam::devserver::query
