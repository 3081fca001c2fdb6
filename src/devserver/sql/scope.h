// The relations a SELECT reads, and the finding of columns among them.
// Called by the planner's files only. A scope lives on the stack of the planner while its SELECT is planned.
#pragma once

#include <string>
#include <vector>

#include "devserver/sql/catalog.h"
#include "devserver/sql/typed.h"

namespace kalam::devserver::sql {

struct Relation {
    std::vector<std::string>
        qualifier;             // {"kalam", "ns", "t"}, or {"alias"}; empty: a subquery without a name
    std::string sqlite_alias;  // t0, t1, ...
    std::vector<arrow::Field> columns;  // with the names the statement uses
    std::vector<std::string> sqlite_columns;
    const SourceTable *base = nullptr;  // a table of the catalog, not a subquery

    std::string Shown() const;  // "ns.t" or "alias": as error texts and column names print it
    Typed Column(std::size_t index) const;
};

struct Scope {
    std::vector<Relation> relations;
    std::vector<std::string> merged;  // columns of JOIN ... USING: only the first relation's counts
    const Scope *outer = nullptr;

    // Throws SqlError, complete: "Invalid operation: Schema error: No field named nosuch. Valid fields are ..."
    Typed Find(const std::vector<std::string> &names) const;
    // The relation a qualifier names ("t" of t.*); throws.
    const Relation &FindRelation(const std::vector<std::string> &qualifier) const;
    bool IsMerged(std::string_view column) const;

 private:
    // How many relations have it; the last of them in `found`.
    int Search(const std::vector<std::string> &names, Typed &found) const;
    [[noreturn]] void FailUnknown(const std::vector<std::string> &names) const;
};

}  // namespace kalam::devserver::sql
