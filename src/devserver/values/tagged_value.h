// One tagged value of a row: "Null", {"Int64":"5"}, {"Decimal128":{...}}.
// Called by row_json.cc for each column. No state.
#pragma once

#include "devserver/values/json_scanner.h"
#include "devserver/values/value.h"

namespace kalam::devserver {

// Reads the value that is next. False when the scanner's error is set.
bool ReadTaggedValue(JsonScanner &in, Value &out);

}  // namespace kalam::devserver
