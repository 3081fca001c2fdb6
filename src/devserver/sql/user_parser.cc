// CREATE USER, ALTER USER, DROP USER. See command_parser.h.
#include "devserver/sql/command_parser.h"
#include "devserver/sql/names.h"

namespace kalam::devserver::sql {
namespace {

// A user's name: a word or a string, its case kept.
std::string UserName(Cursor &cursor) {
    if (cursor.Peek().kind == TokenKind::kString) return cursor.Next().text;
    return cursor.ExpectName().text;
}

std::string RoleName(Cursor &cursor) {
    const bool quoted = cursor.Peek().kind == TokenKind::kString;
    const std::string written = quoted ? cursor.Next().text : cursor.ExpectName().text;
    const std::string role = FoldCase(written);
    if (role == "dba" || role == "admin") return "dba";
    if (role == "service" || role == "developer" || role == "analyst") return "service";
    if (role == "user" || role == "viewer" || role == "readonly") return "user";
    if (role == "system") return "system";
    throw SqlError{"Invalid role '" + written + "'"};
}

Statement ParseCreateUser(Cursor &cursor) {
    CreateUser user;
    cursor.AcceptWords({"IF", "NOT", "EXISTS"});
    user.name = UserName(cursor);
    user.role = "user";
    while (!cursor.AtStatementEnd()) {
        if (cursor.AcceptWords({"WITH", "PASSWORD"}) || cursor.AcceptWord("PASSWORD")) {
            user.auth_type = "Password";
            user.password = cursor.ExpectString();
        } else if (cursor.AcceptWords({"WITH", "OAUTH"})) {
            user.auth_type = "OAuth";
            if (cursor.Peek().kind == TokenKind::kString) cursor.Next();
        } else if (cursor.AcceptWords({"WITH", "INTERNAL"})) {
            user.auth_type = "Internal";
        } else if (cursor.AcceptWord("ROLE")) {
            user.role = RoleName(cursor);
        } else if (cursor.AcceptWord("EMAIL")) {
            user.email = cursor.ExpectString();
        } else {
            cursor.FailExpected("WITH, ROLE or EMAIL");
        }
    }
    if (user.auth_type.empty()) throw SqlError{"CREATE USER requires an authentication method"};
    return user;
}

Statement ParseAlterUser(Cursor &cursor) {
    AlterUser user;
    user.name = UserName(cursor);
    cursor.ExpectWord("SET");
    if (cursor.AcceptWord("PASSWORD")) {
        user.password = cursor.ExpectString();
    } else if (cursor.AcceptWord("ROLE")) {
        user.role = RoleName(cursor);
    } else if (cursor.AcceptWord("EMAIL")) {
        user.email = cursor.ExpectString();
    } else {
        cursor.FailExpected("PASSWORD, ROLE or EMAIL");
    }
    return user;
}

}  // namespace

std::optional<Statement> ParseUserCommand(Cursor &cursor) {
    if (cursor.AcceptWords({"CREATE", "USER"})) return ParseCreateUser(cursor);
    if (cursor.AcceptWords({"ALTER", "USER"})) return ParseAlterUser(cursor);
    if (!cursor.AcceptWords({"DROP", "USER"})) return std::nullopt;
    DropUser user;
    user.if_exists = cursor.AcceptWords({"IF", "EXISTS"});
    user.name = UserName(cursor);
    return user;
}

}  // namespace kalam::devserver::sql
