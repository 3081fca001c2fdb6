// The tables of namespace system and of information_schema, made when a statement reads them.
// Called by the statement runner without any lock.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "devserver/core.h"
#include "devserver/query/row_source.h"

namespace kalam::devserver::query {

// Namespaces whose tables are made here.
bool IsSystemNamespace(std::string_view ns);

// The table's rows, or nothing when there is no such table.
std::optional<Rows> SystemTable(Core &core, std::string_view ns, std::string_view name);

// DESCRIBE TABLE's answer.
Rows DescribeTable(const TableDef &def);

// SHOW STATS' answer.
Rows TableStats(const TableDef &def);

}  // namespace kalam::devserver::query
