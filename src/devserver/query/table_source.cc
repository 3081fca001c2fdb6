// Reads a stored table for SQLite; see table_source.h.
#include "devserver/query/table_source.h"

#include "devserver/scan/cells.h"

namespace kalam::devserver::query {

namespace {

class VersionList : public RowList {
 public:
    // `lacking`: by column, whether files that are read lack values of it.
    VersionList(TableDefPtr def, std::vector<VersionPtr> rows, std::vector<bool> lacking)
        : def_(std::move(def)), rows_(std::move(rows)), lacking_(std::move(lacking)) {}

    size_t size() const override { return rows_.size(); }
    Result<Value> Cell(size_t row, size_t column) const override {
        const Column &read = def_->columns[column];
        if (lacking_[column]) return Failed(UnreadableFilesText(read));
        if (IsUnreadable(*rows_[row], read))
            return Failed("Invalid operation: Failed to build Arrow batch: " + UnreadableText(read));
        return ReadCell(*rows_[row], read);
    }

 private:
    Failure Failed(const std::string &why) const {
        return Fail(std::string("Execution error: Execution error: ") + ScanName(def_->kind) +
                    " failed: " + why);
    }

    const TableDefPtr def_;
    const std::vector<VersionPtr> rows_;
    const std::vector<bool> lacking_;
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
    std::vector<bool> lacking(def_->columns.size());
    if (table != nullptr && table->def->id == def_->id) {
        const std::string user = kSqlUser;
        ReadView view;
        if (def_->kind == sql::TableKind::kStream)
            view.user = &user;  // of user tables SQL sees everybody's rows
        view.hot_cap = hot_cap_;
        view.min_seq = def_->OldestSeq(db_.clock().UnixMillis());
        rows = key ? table->rows.ReadKey(view, *key) : table->rows.Read(view);
        for (size_t i = 0; i < lacking.size(); ++i)
            lacking[i] = !key && HasUnreadableFiles(table->rows, view.user, def_->columns[i]);
    }
    auto list = std::make_shared<const VersionList>(def_, std::move(rows), std::move(lacking));
    if (!key) all_ = list;
    return list;
}

}  // namespace kalam::devserver::query
