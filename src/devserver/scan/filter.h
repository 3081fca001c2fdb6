// The equality filters of a Scan, compiled for one table. Called by scan.cc. No shared state.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "devserver/store/rows.h"
#include "devserver/store/schema.h"

namespace kalam::devserver {

// (column as sent, value as sent) of the filters whose operator is "eq"; others are dropped before.
using EqualityFilters = std::vector<std::pair<std::string, std::string>>;

class RowFilter {
 public:
    // Throws RpcError (Internal) for a column that is not there, or a comparison that KalamDB cannot plan.
    RowFilter(const TableDef &def, const EqualityFilters &filters);

    bool Matches(const Version &version) const;
    // The key every matching row has, when the filters name one: a lookup will do instead of a scan.
    const std::optional<std::string> &key() const { return key_; }
    bool asks_for_deleted() const { return asks_for_deleted_; }

 private:
    struct Term {
        const Column *column;
        Value value;  // NULL: compare texts
        std::string text;
    };

    Term Compile(const Column &column, const std::string &text);

    std::vector<Term> terms_;
    std::optional<std::string> key_;
    bool asks_for_deleted_ = false;
};

// "Schema error: No field named x. Valid fields are "?table?".id, ...": as filters and their projection refuse.
[[noreturn]] void RefuseField(const TableDef &def, const std::string &name);

}  // namespace kalam::devserver
