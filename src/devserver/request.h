// Reads the names that typed requests carry, with KalamDB's refusals. Called by the service. Pure functions.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "devserver/dml/writes.h"
#include "devserver/values/row_json.h"

namespace kalam::devserver {

std::string Trimmed(std::string_view text);

// Namespace and table name folded to lower case, the table type in any case, a blank user as none. Throws
// InvalidArgument. A name that makes KalamDB panic ends this process too (see DieLikeKalamDb).
WriteTarget ReadTarget(const std::string &ns, const std::string &table, const std::string &type,
                       const std::string &user);

// Throws InvalidArgument "invalid row JSON: ...".
RowCells ReadRow(const std::string &json);

// KalamDB's ids panic on "..", "/", backslash and NUL, and its release build aborts: so does this server, because a
// client that lets such a name through would take a production server down.
void DieLikeKalamDb(std::string_view kind, std::string_view name);

}  // namespace kalam::devserver
