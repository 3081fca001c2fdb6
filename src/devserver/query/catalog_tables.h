// system.tables, columns, schemas, DESCRIBE, and information_schema: what is known of the tables.
// Called by system_tables.cc, without any lock.
#pragma once

#include <string_view>
#include <vector>

#include "devserver/core.h"
#include "devserver/query/row_source.h"
#include "devserver/query/system_tables.h"

namespace kalam::devserver::query {

std::vector<arrow::Field> TablesFields();
std::vector<arrow::Field> ColumnsFields();
Rows SystemTables(Core &core);
Rows SystemColumns(Core &core);
Rows SystemSchemas(Core &core);
Rows SystemManifest(Core &core);  // what is flushed
Rows InfoColumns(Core &core);
Rows InfoTables(Core &core);

// The columns of a table of namespace system; empty when there is no such table.
std::vector<arrow::Field> SystemFields(Core &core, std::string_view name);

}  // namespace kalam::devserver::query
