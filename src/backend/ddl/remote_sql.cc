// KalamDB's DDL as text (remote_sql.h). One function per statement form; all text of that dialect stands here.
#include "backend/ddl/remote_sql.h"

#include "backend/options.h"

extern "C" {
#include "commands/defrem.h"
#include "lib/stringinfo.h"
}

namespace kalam::backend::ddl {

namespace {

StringInfoData AlterTable(const catalog::TableIdentity &identity) {
    StringInfoData sql;
    initStringInfo(&sql);
    appendStringInfo(&sql, "ALTER TABLE %s.%s ", identity.remote_namespace, identity.remote_table);
    return sql;
}

void AppendColumn(StringInfo sql, const ColumnShape &column, bool not_null) {
    appendStringInfo(sql, "%s %s", column.remote_name, types::RemoteTypeText(column.type));
    if (column.is_key) appendStringInfoString(sql, " PRIMARY KEY");
    if (not_null && !column.is_key) appendStringInfoString(sql, " NOT NULL");
    if (column.remote_default != nullptr) appendStringInfo(sql, " DEFAULT %s", column.remote_default);
}

void AppendOptions(StringInfo sql, List *options) {
    const char *separator = " WITH (";
    ListCell *cell;
    foreach (cell, options) {
        const auto *option = static_cast<DefElem *>(lfirst(cell));
        if (!IsForwardedOption(option->defname)) continue;
        appendStringInfo(sql, "%s%s = %s", separator, option->defname,
                         QuoteLiteral(defGetString(const_cast<DefElem *>(option))));
        separator = ", ";
    }
    if (*separator == ',') appendStringInfoChar(sql, ')');
}

const char *UpperName(common::TableType type) {
    switch (type) {
        case common::TableType::kShared:
            return "SHARED";
        case common::TableType::kUser:
            return "USER";
        case common::TableType::kStream:
            return "STREAM";
    }
    return "";
}

}  // namespace

char *QuoteLiteral(const char *text) {
    StringInfoData quoted;
    initStringInfo(&quoted);
    appendStringInfoChar(&quoted, '\'');
    for (const char *c = text; *c != '\0'; ++c) {
        if (*c == '\'') appendStringInfoChar(&quoted, '\'');
        appendStringInfoChar(&quoted, *c);
    }
    appendStringInfoChar(&quoted, '\'');
    return quoted.data;
}

char *CreateNamespaceSql(const char *remote_namespace) {
    return psprintf("CREATE NAMESPACE IF NOT EXISTS %s", remote_namespace);
}

char *CreateTableSql(const TableShape &shape) {
    StringInfoData sql;
    initStringInfo(&sql);
    appendStringInfo(&sql, "CREATE %s TABLE %s.%s (", UpperName(shape.identity->type),
                     shape.identity->remote_namespace, shape.identity->remote_table);
    for (int i = 0; i < shape.count; ++i) {
        if (i > 0) appendStringInfoString(&sql, ", ");
        AppendColumn(&sql, shape.columns[i], shape.columns[i].not_null);
    }
    appendStringInfoChar(&sql, ')');
    AppendOptions(&sql, shape.options);
    return sql.data;
}

char *DropTableSql(const catalog::TableIdentity &identity) {
    return psprintf("DROP TABLE IF EXISTS %s.%s", identity.remote_namespace, identity.remote_table);
}

char *AddColumnSql(const TableShape &shape, const ColumnShape &column, bool not_null) {
    StringInfoData sql = AlterTable(*shape.identity);
    appendStringInfoString(&sql, "ADD COLUMN ");
    AppendColumn(&sql, column, not_null);
    return sql.data;
}

char *DropColumnSql(const catalog::TableIdentity &identity, const char *remote_name) {
    StringInfoData sql = AlterTable(identity);
    appendStringInfo(&sql, "DROP COLUMN %s", remote_name);
    return sql.data;
}

char *SetNotNullSql(const TableShape &shape, const ColumnShape &column, bool not_null) {
    StringInfoData sql = AlterTable(*shape.identity);
    appendStringInfo(&sql, "ALTER COLUMN %s %s NOT NULL", column.remote_name, not_null ? "SET" : "DROP");
    return sql.data;
}

char *SetDefaultSql(const TableShape &shape, const ColumnShape &column, const char *text) {
    StringInfoData sql = AlterTable(*shape.identity);
    if (text == nullptr) {
        appendStringInfo(&sql, "ALTER COLUMN %s DROP DEFAULT", column.remote_name);
    } else {
        appendStringInfo(&sql, "ALTER COLUMN %s SET DEFAULT %s", column.remote_name, text);
    }
    return sql.data;
}

char *ModifyColumnSql(const TableShape &shape, const ColumnShape &column, bool not_null) {
    StringInfoData sql = AlterTable(*shape.identity);
    appendStringInfo(&sql, "MODIFY COLUMN %s %s", column.remote_name, types::RemoteTypeText(column.type));
    if (not_null) appendStringInfoString(&sql, " NOT NULL");
    return sql.data;
}

char *SetAccessLevelSql(const TableShape &shape, const char *level) {
    StringInfoData sql = AlterTable(*shape.identity);
    appendStringInfo(&sql, "SET TBLPROPERTIES (ACCESS_LEVEL = %s)", QuoteLiteral(level));
    return sql.data;
}

char *FillColumnSql(const TableShape &shape, const char *remote_name, const char *literal) {
    // The server refuses an UPDATE without WHERE, and conditions that it sees to be always true.
    return psprintf("UPDATE %s.%s SET %s = %s WHERE _seq > 0", shape.identity->remote_namespace,
                    shape.identity->remote_table, remote_name, literal);
}

bool IsForwardedOption(const char *name) {
    for (const Option known : {Option::kTableType, Option::kType, Option::kNamespace, Option::kTable}) {
        if (strcmp(name, NameOf(known)) == 0) return false;
    }
    return true;
}

const char *UnfinishedJobSql(const char *kind, const catalog::TableIdentity &identity) {
    const char *key = psprintf("%s-%s-%s", kind, identity.remote_namespace, identity.remote_table);
    return psprintf(
        "SELECT job_id FROM system.jobs WHERE idempotency_key = %s AND status IN ('new', 'queued', "
        "'running', 'retrying') LIMIT 1",
        QuoteLiteral(key));
}

}  // namespace kalam::backend::ddl
