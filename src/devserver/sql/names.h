// Which names KalamDB accepts, and what it says of the others (kalamdb-facts 5.1).
// Called by the parser and by the executor of DDL. No state.
#pragma once

#include <string>
#include <string_view>

#include "devserver/sql/statement.h"

namespace kalam::devserver::sql {

// Each returns an empty string when the name is fine, else the bare text: "Name cannot start with a number".
std::string CheckNamespaceName(std::string_view name);
std::string CheckTableName(std::string_view name);
std::string CheckColumnName(std::string_view name);

// The first column name that is refused, with the complete message:
// "Invalid operation: Invalid column name '_seq': Column name '_seq' is reserved and cannot be used".
std::string CheckColumnNames(const CreateTable &table);

bool IsReservedWord(std::string_view name);  // any case

std::string FoldCase(std::string_view name);  // ASCII only

}  // namespace kalam::devserver::sql
