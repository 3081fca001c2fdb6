// Column types and defaults, as CREATE TABLE, ALTER TABLE and CAST write them.
// Called by the table and expression parsers. No state. Throws SqlError with the bare text.
#pragma once

#include "devserver/sql/cursor.h"
#include "devserver/sql/statement.h"

namespace kalam::devserver::sql {

// A type name and what SERIAL types bring with them.
struct ParsedType {
    KalamType type;
    bool serial = false;  // DEFAULT SNOWFLAKE_ID()
};

ParsedType ParseType(Cursor &cursor);       // "Unsupported data type: Numeric(PrecisionAndScale(10, 2))"
DefaultValue ParseDefault(Cursor &cursor);  // the expression behind DEFAULT
DefaultValue SnowflakeDefault();            // what SERIAL, AUTO_INCREMENT and IDENTITY stand for

}  // namespace kalam::devserver::sql
