// ALTER TABLE: one operation, and the description that the answer repeats. See table_parser.h.
#include "devserver/sql/column_parser.h"
#include "devserver/sql/names.h"
#include "devserver/sql/table_parser.h"

namespace kalam::devserver::sql {
namespace {

using Action = AlterTable::Action;

// The parts behind ADD/MODIFY COLUMN's type; everything but nullability and default is read over.
void ParseColumnTail(Cursor &cursor, AlterTable &alter) {
    for (;;) {
        if (cursor.AcceptWords({"NOT", "NULL"})) {
            alter.nullability = false;
        } else if (cursor.AcceptWord("NULL")) {
            alter.nullability = true;
        } else if (cursor.AcceptWord("DEFAULT")) {
            alter.column.default_value = ParseDefault(cursor);
        } else if (!cursor.AcceptWords({"PRIMARY", "KEY"}) && !cursor.AcceptWord("UNIQUE")) {
            break;
        }
    }
    alter.column.not_null = alter.nullability.has_value() && !*alter.nullability;
}

void ParseColumnWithType(Cursor &cursor, AlterTable &alter, Action action, const char *verb) {
    cursor.AcceptWord("COLUMN");
    if (action == Action::kAddColumn) cursor.AcceptWords({"IF", "NOT", "EXISTS"});
    alter.action = action;
    alter.column.name = FoldCase(cursor.ExpectName().text);
    const ParsedType type = ParseType(cursor);
    alter.column.type = type.type;
    if (type.serial) alter.column.default_value = SnowflakeDefault();
    ParseColumnTail(cursor, alter);
    alter.description = std::string(verb) + " COLUMN " + alter.column.name + " " + SqlName(alter.column.type);
}

void ParseDropColumn(Cursor &cursor, AlterTable &alter) {
    if (cursor.PeekWords({"CONSTRAINT"}) || cursor.PeekWords({"PRIMARY", "KEY"}))
        throw SqlError{"Unsupported ALTER TABLE operation"};
    cursor.AcceptWord("COLUMN");
    alter.action = Action::kDropColumn;
    alter.column.name = FoldCase(cursor.ExpectName().text);
    alter.description = "DROP COLUMN " + alter.column.name;
    if (cursor.AcceptWord("CASCADE") || cursor.AcceptWord("RESTRICT"))
        throw SqlError{"DROP COLUMN does not support CASCADE or RESTRICT"};
}

void ParseAlterColumn(Cursor &cursor, AlterTable &alter) {
    cursor.AcceptWord("COLUMN");
    alter.column.name = FoldCase(cursor.ExpectName().text);
    const std::string start = "ALTER COLUMN " + alter.column.name;
    if (cursor.AcceptWords({"SET", "NOT", "NULL"})) {
        alter.action = Action::kSetNotNull;
        alter.description = start + " SET NOT NULL";
    } else if (cursor.AcceptWords({"DROP", "NOT", "NULL"})) {
        alter.action = Action::kDropNotNull;
        alter.description = start + " DROP NOT NULL";
    } else if (cursor.AcceptWords({"SET", "DEFAULT"})) {
        alter.action = Action::kSetDefault;
        alter.column.default_value = ParseDefault(cursor);
        alter.description = start + " SET DEFAULT " + alter.column.default_value.sql;
    } else if (cursor.AcceptWords({"DROP", "DEFAULT"})) {
        alter.action = Action::kDropDefault;
        alter.description = start + " DROP DEFAULT";
    } else {
        throw SqlError{"Unsupported ALTER COLUMN operation"};
    }
}

void ParseRename(Cursor &cursor, AlterTable &alter) {
    if (!cursor.AcceptWord("COLUMN")) throw SqlError{"Unsupported ALTER TABLE operation"};
    alter.action = Action::kRenameColumn;
    alter.column.name = FoldCase(cursor.ExpectName().text);
    cursor.ExpectWord("TO");
    alter.new_name = cursor.ExpectName().text;
    alter.description = "RENAME COLUMN " + alter.column.name + " TO " + alter.new_name;
}

// SET ACCESS LEVEL x, or SET TBLPROPERTIES (ACCESS_LEVEL = 'x').
void ParseSet(Cursor &cursor, AlterTable &alter) {
    alter.action = Action::kSetAccessLevel;
    if (cursor.AcceptWords({"ACCESS", "LEVEL"})) {
        alter.access_level = ParseAccessLevel(cursor.ExpectName().text);
        if (alter.access_level == AccessLevel::kDba) throw SqlError{"Invalid access level 'DBA'"};
    } else if (cursor.AcceptWord("TBLPROPERTIES")) {
        cursor.ExpectSymbol("(");
        cursor.ExpectWord("ACCESS_LEVEL");
        cursor.ExpectSymbol("=");
        alter.access_level = ParseAccessLevel(cursor.ExpectString());
        cursor.ExpectSymbol(")");
    } else {
        throw SqlError{"Unsupported ALTER TABLE operation"};
    }
    alter.description = std::string("SET ACCESS LEVEL ") + DebugName(alter.access_level);
}

void ParseOperation(Cursor &cursor, AlterTable &alter) {
    if (cursor.PeekWords({"ADD", "CONSTRAINT"}) || cursor.PeekWords({"ADD", "PRIMARY"}))
        throw SqlError{"Unsupported ALTER TABLE operation"};
    if (cursor.AcceptWord("ADD")) return ParseColumnWithType(cursor, alter, Action::kAddColumn, "ADD");
    if (cursor.AcceptWord("MODIFY"))
        return ParseColumnWithType(cursor, alter, Action::kModifyColumn, "MODIFY");
    if (cursor.AcceptWord("DROP")) return ParseDropColumn(cursor, alter);
    if (cursor.AcceptWord("ALTER")) return ParseAlterColumn(cursor, alter);
    if (cursor.AcceptWord("RENAME")) return ParseRename(cursor, alter);
    if (cursor.AcceptWord("SET")) return ParseSet(cursor, alter);
    throw SqlError{"Unsupported ALTER TABLE operation"};
}

}  // namespace

AlterTable ParseAlterTable(Cursor &cursor) {
    AlterTable alter;
    alter.name = ParseDdlTableName(cursor);
    ParseOperation(cursor, alter);
    if (cursor.Peek().IsSymbol(","))
        throw SqlError{"Only one ALTER TABLE operation is supported per statement"};
    cursor.ExpectStatementEnd();
    return alter;
}

}  // namespace kalam::devserver::sql
