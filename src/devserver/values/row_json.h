// Reads the tagged JSON that rows travel in: {"id":{"Int64":"5"},"t":{"Utf8":"x"},"n":"Null"}
// (kalamdb-facts 2.1). Called by the Insert and Update handlers before they look at any table. No state; safe
// from any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "devserver/values/result.h"
#include "devserver/values/value.h"

namespace kalam::devserver {

struct RowCell {
    std::string name;  // as sent; column names are matched exactly
    Value value;
};
using RowCells =
    std::vector<RowCell>;  // in the order sent; a name sent twice appears once, with its last value

// The text of a failure is serde_json's, without the "invalid row JSON: " in front:
// "expected value at line 1 column 8".
Result<RowCells> ReadRowJson(std::string_view json);

}  // namespace kalam::devserver
