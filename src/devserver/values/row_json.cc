// Rows of tagged values. See row_json.h.
#include "devserver/values/row_json.h"

#include <algorithm>

#include "devserver/values/json_scanner.h"
#include "devserver/values/tagged_value.h"

namespace kalam::devserver {
namespace {

void Store(RowCells &row, std::string &&name, Value &&value) {
    const auto known =
        std::find_if(row.begin(), row.end(), [&](const RowCell &cell) { return cell.name == name; });
    if (known == row.end())
        row.push_back({std::move(name), std::move(value)});
    else
        known->value = std::move(value);
}

}  // namespace

Result<RowCells> ReadRowJson(std::string_view json) {
    JsonScanner in(json);
    RowCells row;
    if (in.Peek() != '{') {
        in.InvalidType("a map");
        return Fail(in.error());
    }
    in.Eat();
    bool first = true, more = true;
    std::string_view key;
    while (in.NextKey(first, more, key) && more) {
        std::string name(key);
        Value value;
        if (!in.Colon() || !ReadTaggedValue(in, value)) break;
        Store(row, std::move(name), std::move(value));
    }
    if (in.failed() || !in.EndOfInput()) return Fail(in.error());
    return row;
}

}  // namespace kalam::devserver
