// SQLite's virtual table over a RowSource. Called by engine.cc once per connection. The module's functions run on the
// connection's thread; exceptions end in them.
#pragma once

#include <sqlite3.h>

#include <memory>
#include <vector>

#include "devserver/query/row_source.h"

namespace kalam::devserver::query {

using Sources = std::vector<std::shared_ptr<RowSource>>;

// Registers module "kalam_rows": CREATE VIRTUAL TABLE x USING kalam_rows(<index into sources>). `sources` must outlive
// the connection. Returns SQLite's code.
int RegisterRowModule(sqlite3 *connection, const Sources *sources);

}  // namespace kalam::devserver::query
