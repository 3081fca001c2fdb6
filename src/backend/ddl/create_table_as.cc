// CREATE TABLE ... USING kalamdb AS SELECT: the columns are those of the query, the key is the one called id; the
// rows go in by an ordinary INSERT ... SELECT. Called from the dispatch table (ddl.cc).
#include "backend/ddl/bound_query.h"
#include "backend/ddl/create_local.h"
#include "backend/ddl/utility_call.h"

extern "C" {
#include "catalog/pg_collation.h"
#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "nodes/makefuncs.h"
#include "nodes/nodeFuncs.h"
#include "nodes/value.h"
#include "tcop/cmdtag.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
}

namespace kalam::backend::ddl {

namespace {

// The query, where it is one: EXECUTE hides its columns until it runs.
Query *RequireQuery(const CreateTableAsStmt *statement) {
    Query *query = castNode(Query, statement->query);
    if (query->commandType != CMD_UTILITY) return query;
    ereport(ERROR, (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
                    errmsg("CREATE TABLE ... USING kalamdb AS EXECUTE is not supported"),
                    errhint("Create the table, then INSERT INTO ... the rows.")));
}

ColumnDef *ColumnOf(const TargetEntry *entry, const char *name) {
    Node *expression = reinterpret_cast<Node *>(entry->expr);
    const Oid type = exprType(expression);
    return makeColumnDef(name, type == UNKNOWNOID ? TEXTOID : type, exprTypmod(expression),
                         type == UNKNOWNOID ? DEFAULT_COLLATION_OID : exprCollation(expression));
}

// The columns of the query, under the names of the statement where it gives some.
List *ColumnsOf(const Query *query, List *names) {
    List *columns = NIL;
    ListCell *next_name = list_head(names);
    ListCell *cell;
    foreach (cell, query->targetList) {
        const auto *entry = castNode(TargetEntry, lfirst(cell));
        if (entry->resjunk) continue;
        const char *name = next_name != nullptr ? strVal(lfirst(next_name)) : entry->resname;
        if (next_name != nullptr) next_name = lnext(names, next_name);
        columns = lappend(columns, ColumnOf(entry, name));
    }
    if (next_name != nullptr) {
        ereport(ERROR, (errcode(ERRCODE_SYNTAX_ERROR), errmsg("too many column names were specified")));
    }
    return columns;
}

CreateStmt *DefinitionOf(const CreateTableAsStmt *statement, List *columns) {
    const IntoClause *into = statement->into;
    CreateStmt *create = makeNode(CreateStmt);
    create->relation = into->rel;
    create->tableElts = columns;
    create->accessMethod = into->accessMethod;
    create->options = into->options;
    create->oncommit = into->onCommit;
    create->tablespacename = into->tableSpaceName;
    create->if_not_exists = statement->if_not_exists;
    return create;
}

uint64 InsertRows(Oid relid, List *columns, const Query *query, ParamListInfo params) {
    StringInfoData sql;
    initStringInfo(&sql);
    appendStringInfo(
        &sql, "INSERT INTO %s (",
        quote_qualified_identifier(get_namespace_name(get_rel_namespace(relid)), get_rel_name(relid)));
    const char *separator = "";
    ListCell *cell;
    foreach (cell, columns) {
        appendStringInfo(&sql, "%s%s", separator,
                         quote_identifier(castNode(ColumnDef, lfirst(cell))->colname));
        separator = ", ";
    }
    appendStringInfo(&sql, ") %s", BoundQueryText(query, params));
    SPI_connect();
    const int result = SPI_execute(sql.data, false, 0);
    if (result != SPI_OK_INSERT)
        elog(ERROR, "unexpected result of INSERT: %s", SPI_result_code_string(result));
    const uint64 rows = SPI_processed;
    SPI_finish();
    return rows;
}

}  // namespace

bool CreateTableAs(const UtilityCall &call) {
    const auto *statement = castNode(CreateTableAsStmt, call.statement());
    if (statement->objtype != OBJECT_TABLE || !IsKalamAccessMethod(statement->into->accessMethod))
        return false;
    const Query *query = RequireQuery(statement);
    List *columns = ColumnsOf(query, statement->into->colNames);
    const Oid relid =
        CreateKalamTable(call, AsForeignTable(DefinitionOf(statement, columns)), ExistingTable::kRefuse);
    if (!OidIsValid(relid) || statement->into->skipData) return true;
    const uint64 rows = InsertRows(relid, columns, query, call.params);
    if (call.completion != nullptr) SetQueryCompletion(call.completion, CMDTAG_SELECT, rows);
    return true;
}

}  // namespace kalam::backend::ddl
