// The statements that are neither tables nor queries: namespaces, USE, SHOW, DESCRIBE, STORAGE, users.
// Called by parser.cc. No state. Throws SqlError with the bare text.
#pragma once

#include <optional>

#include "devserver/sql/cursor.h"
#include "devserver/sql/statement.h"

namespace kalam::devserver::sql {

// Nothing when the statement does not begin with the words of any command; the cursor has then not moved.
std::optional<Statement> ParseCommand(Cursor &cursor);

// Nothing when the statement is no command about users.
std::optional<Statement> ParseUserCommand(Cursor &cursor);

// The text up to the next blank or semicolon, quotes included: how KalamDB splits names in commands.
std::string ExpectRawWord(Cursor &cursor);

}  // namespace kalam::devserver::sql
