// See scope.h.
#include "devserver/sql/scope.h"

#include <algorithm>

#include "devserver/sql/token.h"

namespace kalam::devserver::sql {
namespace {

std::string Join(const std::vector<std::string> &names) {
    std::string out;
    for (const std::string &name : names) out += (out.empty() ? "" : ".") + name;
    return out;
}

// Is `suffix` (the qualifier a statement wrote) the tail of the relation's full name?
bool Matches(const std::vector<std::string> &full, const std::vector<std::string> &suffix) {
    return suffix.size() <= full.size() && std::equal(suffix.rbegin(), suffix.rend(), full.rbegin());
}

}  // namespace

std::string Relation::Shown() const {
    std::vector<std::string> shown = qualifier;
    if (shown.size() == 3) shown.erase(shown.begin());
    return Join(shown);
}

Typed Relation::Column(std::size_t index) const {
    const arrow::Field &field = columns[index];
    return Typed{.sql = sqlite_alias + "." + QuoteName(sqlite_columns[index]),
                 .type = field.type,
                 .nullable = field.nullable,
                 .column = &field};
}

bool Scope::IsMerged(std::string_view column) const {
    return std::find(merged.begin(), merged.end(), column) != merged.end();
}

int Scope::Search(const std::vector<std::string> &names, Typed &found) const {
    const std::vector<std::string> qualifier(names.begin(), names.end() - 1);
    int count = 0;
    for (const Relation &relation : relations) {
        if (!qualifier.empty() && !Matches(relation.qualifier, qualifier)) continue;
        for (std::size_t i = 0; i < relation.columns.size(); ++i) {
            if (relation.columns[i].name != names.back()) continue;
            if (count > 0 && qualifier.empty() && IsMerged(names.back())) continue;
            found = relation.Column(i);
            ++count;
        }
    }
    return count;
}

Typed Scope::Find(const std::vector<std::string> &names) const {
    for (const Scope *scope = this; scope != nullptr; scope = scope->outer) {
        Typed found;
        const int count = scope->Search(names, found);
        if (count == 1) return found;
        if (count > 1)
            throw SqlError{"Invalid operation: Schema error: Ambiguous reference to unqualified field " +
                           Join(names)};
    }
    FailUnknown(names);
}

void Scope::FailUnknown(const std::vector<std::string> &names) const {
    std::string fields;
    for (const Relation &relation : relations)
        for (const arrow::Field &field : relation.columns) {
            const std::string shown = relation.Shown();
            fields += (fields.empty() ? "" : ", ") + (shown.empty() ? "" : shown + ".") + field.name;
        }
    throw SqlError{"Invalid operation: Schema error: No field named " + Join(names) + "." +
                   (fields.empty() ? "" : " Valid fields are " + fields + ".")};
}

const Relation &Scope::FindRelation(const std::vector<std::string> &qualifier) const {
    for (const Relation &relation : relations)
        if (Matches(relation.qualifier, qualifier)) return relation;
    throw SqlError{"Execution error: Error during planning: Invalid qualifier " + Join(qualifier)};
}

}  // namespace kalam::devserver::sql
