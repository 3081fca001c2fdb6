// Name rules. See names.h; the list of reserved words is in reserved_words.cc.
#include "devserver/sql/names.h"

#include <algorithm>
#include <array>

namespace kalam::devserver::sql {
namespace {

constexpr std::size_t kMaxNameBytes = 64;

constexpr std::array<std::string_view, 13> kReservedNamespaces = {"system",
                                                                  "sys",
                                                                  "root",
                                                                  "kalamdb",
                                                                  "kalam",
                                                                  "main",
                                                                  "default",
                                                                  "sql",
                                                                  "admin",
                                                                  "internal",
                                                                  "information_schema",
                                                                  "pg_catalog",
                                                                  "datafusion"};

constexpr std::array<std::string_view, 11> kReservedColumns = {
    "_seq",     "_deleted", "_id",        "_row_id",  "_rowid", "_key",
    "_updated", "_created", "_timestamp", "_version", "_hash"};

bool IsLetter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool IsDigit(char c) {
    return c >= '0' && c <= '9';
}

std::string CheckForm(std::string_view name) {
    if (name.empty()) return "Name cannot be empty";
    if (name.size() > kMaxNameBytes)
        return "Name is too long (" + std::to_string(name.size()) + " characters, max " +
               std::to_string(kMaxNameBytes) + ")";
    if (name.front() == '_') return "Name cannot start with underscore (reserved for system columns)";
    if (IsDigit(name.front())) return "Name cannot start with a number";
    if (name.find(' ') != name.npos) return "Name cannot contain spaces";
    const bool fine =
        std::all_of(name.begin(), name.end(), [](char c) { return IsLetter(c) || IsDigit(c) || c == '_'; });
    if (!fine)
        return "Name '" + std::string(name) +
               "' contains invalid characters (only alphanumeric and underscore allowed)";
    return {};
}

std::string CheckWord(std::string_view name) {
    if (!IsReservedWord(name)) return {};
    return "Name '" + std::string(name) + "' is a reserved SQL keyword and cannot be used";
}

std::string FirstComplaint(std::string form, std::string_view name) {
    return form.empty() ? CheckWord(name) : form;
}

template <std::size_t kSize>
bool Among(const std::array<std::string_view, kSize> &names, std::string_view name) {
    return std::find(names.begin(), names.end(), FoldCase(name)) != names.end();
}

}  // namespace

std::string CheckNamespaceName(std::string_view name) {
    std::string form = CheckForm(name);
    if (form.empty() && Among(kReservedNamespaces, name))
        return "Namespace '" + std::string(name) + "' is reserved and cannot be used";
    return FirstComplaint(std::move(form), name);
}

std::string CheckTableName(std::string_view name) {
    return FirstComplaint(CheckForm(name), name);
}

std::string CheckColumnName(std::string_view name) {
    if (Among(kReservedColumns, name))
        return "Column name '" + std::string(name) + "' is reserved and cannot be used";
    return FirstComplaint(CheckForm(name), name);
}

std::string CheckColumnNames(const CreateTable &table) {
    for (const ColumnDef &column : table.columns) {
        const std::string complaint = CheckColumnName(column.name);
        if (!complaint.empty())
            return "Invalid operation: Invalid column name '" + column.name + "': " + complaint;
    }
    return {};
}

std::string FoldCase(std::string_view name) {
    std::string folded(name);
    for (char &c : folded)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return folded;
}

}  // namespace kalam::devserver::sql
