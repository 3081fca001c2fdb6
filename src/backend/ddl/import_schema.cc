// IMPORT FOREIGN SCHEMA (import_schema.h): reads the server's catalog and writes CREATE FOREIGN TABLE statements, which
// PostgreSQL parses and runs. The option `attach` tells our own hook that there is nothing to create remotely;
// `comment` makes it comment on what it made.
#include "backend/ddl/import_schema.h"

#include "backend/catalog/remote_facts.h"
#include "backend/ddl/remote_catalog.h"
#include "backend/ddl/remote_options.h"
#include "backend/options.h"

extern "C" {
#include "commands/defrem.h"
#include "utils/builtins.h"
}

namespace kalam::backend::ddl {

namespace {

bool IsListed(List *tables, const char *name) {
    ListCell *cell;
    foreach (cell, tables) {
        if (strcmp(static_cast<RangeVar *>(lfirst(cell))->relname, name) == 0) return true;
    }
    return false;
}

bool IsWanted(const ImportForeignSchemaStmt *statement, const RemoteTable *table) {
    switch (statement->list_type) {
        case FDW_IMPORT_SCHEMA_ALL:
            return true;
        case FDW_IMPORT_SCHEMA_LIMIT_TO:
            return IsListed(statement->table_list, table->name);
        case FDW_IMPORT_SCHEMA_EXCEPT:
            return !IsListed(statement->table_list, table->name);
    }
    return false;
}

void AppendOption(StringInfo sql, const char **separator, const char *name, const char *value) {
    appendStringInfo(sql, "%s%s %s", *separator, quote_identifier(name), quote_literal_cstr(value));
    *separator = ", ";
}

void AppendColumnOptions(StringInfo sql, const RemoteColumn *column, const char *kalam_type) {
    const char *separator = " OPTIONS (";
    if (column->is_key) AppendOption(sql, &separator, NameOf(Option::kKey), "true");
    if (kalam_type != nullptr) AppendOption(sql, &separator, NameOf(Option::kKalamType), kalam_type);
    if (column->comment != nullptr) AppendOption(sql, &separator, "comment", column->comment);
    if (*separator == ',') appendStringInfoChar(sql, ')');
}

void WarnLeftOut(const RemoteTable *table, const RemoteColumn *column, const char *reason) {
    ereport(WARNING, (errmsg("column \"%s\" of KalamDB table \"%s\" is left out", column->name, table->name),
                      errdetail_internal("%s", reason)));
}

// False, with a WARNING, for a column whose name cannot go into SQL or whose type this version does not know.
bool AppendColumn(StringInfo sql, const char *separator, const RemoteTable *table,
                  const RemoteColumn *column) {
    const char *problem = catalog::ProblemOfName(column->name);
    if (problem != nullptr) {
        WarnLeftOut(table, column, problem);
        return false;
    }
    types::RemoteType remote;
    if (!types::ParseRemoteType(column->type_text, &remote)) {
        WarnLeftOut(table, column, psprintf("Its type %s is not known.", column->type_text));
        return false;
    }
    const types::LocalType local = types::LocalTypeFor(remote, column->is_key);
    appendStringInfo(sql, "%s%s %s", separator, quote_identifier(column->name), local.sql);
    AppendColumnOptions(sql, column, local.kalam_type);
    if (!column->nullable || column->is_key) appendStringInfoString(sql, " NOT NULL");
    return true;
}

char *CreateStatement(const ImportForeignSchemaStmt *statement, const char *remote_namespace,
                      const RemoteTable *table) {
    StringInfoData sql;
    initStringInfo(&sql);
    appendStringInfo(&sql, "CREATE FOREIGN TABLE %s (", quote_identifier(table->name));
    const char *separator = "";
    ListCell *cell;
    foreach (cell, table->columns) {
        if (AppendColumn(&sql, separator, table, static_cast<const RemoteColumn *>(lfirst(cell))))
            separator = ", ";
    }
    appendStringInfo(&sql, ") SERVER %s", quote_identifier(statement->server_name));
    separator = " OPTIONS (";
    AppendOption(&sql, &separator, "attach", "true");
    AppendOption(&sql, &separator, NameOf(Option::kTableType), table->type);
    AppendOption(&sql, &separator, NameOf(Option::kNamespace), remote_namespace);
    AppendOption(&sql, &separator, NameOf(Option::kTable), table->name);
    foreach (cell, ImportedOptions(table->options)) {
        auto *option = static_cast<DefElem *>(lfirst(cell));
        AppendOption(&sql, &separator, option->defname, defGetString(option));
    }
    if (table->comment != nullptr) AppendOption(&sql, &separator, "comment", table->comment);
    appendStringInfoChar(&sql, ')');
    return sql.data;
}

void RequireNoOptions(const ImportForeignSchemaStmt *statement) {
    if (statement->options == NIL) return;
    const auto *option = static_cast<DefElem *>(linitial(statement->options));
    ereport(ERROR,
            (errcode(ERRCODE_FDW_INVALID_OPTION_NAME), errmsg("invalid option \"%s\"", option->defname),
             errhint("IMPORT FOREIGN SCHEMA from KalamDB has no options.")));
}

}  // namespace

List *ImportForeignSchema(ImportForeignSchemaStmt *statement, Oid server_oid) {
    RequireNoOptions(statement);
    const Endpoint *endpoint = GetEndpoint(server_oid);
    const char *remote_namespace = statement->remote_schema;
    List *tables = ListRemoteTables(endpoint, remote_namespace);
    if (tables == NIL && !RemoteNamespaceExists(endpoint, remote_namespace)) {
        ereport(ERROR, (errcode(ERRCODE_FDW_SCHEMA_NOT_FOUND),
                        errmsg("KalamDB namespace \"%s\" does not exist", remote_namespace)));
    }
    List *statements = NIL;
    ListCell *cell;
    foreach (cell, tables) {
        const auto *table = static_cast<const RemoteTable *>(lfirst(cell));
        const std::optional<shm::TableFacts> facts = table->Facts();
        if (!facts || !IsWanted(statement, table)) continue;
        catalog::LearnFacts(endpoint, remote_namespace, table->name, *facts);
        statements = lappend(statements, CreateStatement(statement, remote_namespace, table));
    }
    return statements;
}

}  // namespace kalam::backend::ddl
