// CREATE TABLE and ALTER TABLE. Called by parser.cc with the cursor behind those words. Throws SqlError with the bare text;
// the caller adds "Invalid SQL: " and, for CREATE TABLE, "Invalid CREATE TABLE statement: ".
#pragma once

#include "devserver/sql/cursor.h"
#include "devserver/sql/statement.h"

namespace kalam::devserver::sql {

// `kind` is what stood before TABLE, if anything.
CreateTable ParseCreateTable(Cursor &cursor, std::optional<TableKind> kind);
AlterTable ParseAlterTable(Cursor &cursor);

// ns.t or t (then ns is "default"), folded. Three parts are refused.
TableName ParseDdlTableName(Cursor &cursor);

// WITH ( ... ) of CREATE TABLE, applied to the table.
void ParseTableOptions(Cursor &cursor, CreateTable &table, std::optional<TableKind> prefix);
// Rules between options and kind that hold when everything is parsed.
void CheckTableOptions(const CreateTable &table);
// PUBLIC, PRIVATE, RESTRICTED, DBA in any case.
AccessLevel ParseAccessLevel(std::string_view text);

}  // namespace kalam::devserver::sql
