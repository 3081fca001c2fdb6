// Completes and runs the local half of creating a kalam table (create_local.h).
#include "backend/ddl/create_local.h"

#include "backend/catalog/table_identity.h"
#include "backend/ddl/column_list.h"
#include "backend/ddl/like_clause.h"
#include "backend/ddl/parse_nodes.h"
#include "backend/options.h"

extern "C" {
#include "catalog/namespace.h"
#include "catalog/pg_class.h"
#include "commands/defrem.h"
#include "nodes/makefuncs.h"
#include "nodes/value.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
}

namespace kalam::backend::ddl {

namespace {

common::TableType TypeOf(List *options) {
    for (const Option option : {Option::kTableType, Option::kType}) {
        const char *value = FindOption(options, NameOf(option));
        if (value != nullptr) return RequireTableType(NameOf(option), value);
    }
    return common::TableType::kShared;
}

// Writes an option that says what the local name says now, so that a renamed or moved table keeps its identity.
List *WithIdentityOption(List *options, Option option, const char *what, const char *local_name) {
    if (FindOption(options, NameOf(option)) != nullptr) return options;
    catalog::CheckRemoteName(what, local_name);
    return lappend(options, MakeOption(NameOf(option), local_name));
}

// Takes the option `attach`: true for a table that stands for an existing remote one, which is neither created nor
// asked about (IMPORT FOREIGN SCHEMA).
bool TakeAttach(List **options) {
    const char *value = TakeOption(options, "attach");
    bool attach = false;
    if (value != nullptr && !parse_bool(value, &attach)) {
        ereport(ERROR, (errcode(ERRCODE_FDW_INVALID_ATTRIBUTE_VALUE),
                        errmsg("option \"attach\" requires a Boolean value")));
    }
    return attach;
}

// COMMENT ON TABLE or, with a column, ON COLUMN.
CommentStmt *MakeComment(const RangeVar *relation, const char *column, const char *text) {
    CommentStmt *comment = makeNode(CommentStmt);
    List *name = list_make2(makeString(relation->schemaname), makeString(relation->relname));
    if (column != nullptr) name = lappend(name, makeString(pstrdup(column)));
    comment->objtype = column == nullptr ? OBJECT_FOREIGN_TABLE : OBJECT_COLUMN;
    comment->object = reinterpret_cast<Node *>(name);
    comment->comment = pstrdup(text);
    return comment;
}

// Takes the options `comment` of an attached table and its columns: the statements that set them.
List *TakeComments(CreateForeignTableStmt *statement) {
    const RangeVar *relation = statement->base.relation;
    List *comments = NIL;
    const char *text = TakeOption(&statement->options, "comment");
    if (text != nullptr) comments = lappend(comments, MakeComment(relation, nullptr, text));
    ListCell *cell;
    foreach (cell, statement->base.tableElts) {
        auto *node = static_cast<Node *>(lfirst(cell));
        if (!IsA(node, ColumnDef)) continue;
        auto *column = castNode(ColumnDef, node);
        text = TakeOption(&column->fdwoptions, "comment");
        if (text != nullptr) comments = lappend(comments, MakeComment(relation, column->colname, text));
    }
    return comments;
}

// Whether the statement looks like one out of a dump: it names the remote table and declares what pg_kalam adds.
bool IsOutOfDump(const CreateForeignTableStmt *statement) {
    return FindOption(statement->options, NameOf(Option::kTable)) != nullptr &&
           FindColumn(statement->base.tableElts, "_seq") != nullptr;
}

void CompleteColumns(CreateForeignTableStmt *statement, bool is_restored) {
    CreateStmt &base = statement->base;
    ColumnListContext context;
    context.type = TypeOf(statement->options);
    context.is_restored = is_restored;
    context.adds_system_columns =
        base.inhRelations == NIL && base.partbound == nullptr && base.ofTypename == nullptr;
    base.tableElts = RewriteColumnList(ExpandLikeClauses(base.tableElts), &context);
}

void CompleteOptions(CreateForeignTableStmt *statement) {
    const RangeVar *relation = statement->base.relation;
    List *options = statement->options;
    if (FindOption(options, NameOf(Option::kTableType)) == nullptr &&
        FindOption(options, NameOf(Option::kType)) == nullptr) {
        options = lappend(options, MakeOption(NameOf(Option::kTableType), NameOf(TypeOf(options)).data()));
    }
    options = WithIdentityOption(options, Option::kNamespace, "namespace", relation->schemaname);
    options = WithIdentityOption(options, Option::kTable, "table", relation->relname);
    statement->options = options;
}

// Refuses what a foreign table could not be, or would quietly not be.
void RequirePlainTable(const CreateStmt *statement) {
    const char *what = nullptr;
    const char *hint = nullptr;
    if (statement->relation->relpersistence == RELPERSISTENCE_TEMP) {
        what = "temporary";
    } else if (statement->relation->relpersistence == RELPERSISTENCE_UNLOGGED) {
        what = "unlogged";
    } else if (statement->partbound != nullptr) {
        what = "created by PARTITION OF";
        hint = "Use CREATE FOREIGN TABLE ... PARTITION OF ... SERVER kalam_server.";
    } else if (statement->partspec != nullptr) {
        what = "partitioned";
    } else if (statement->inhRelations != NIL) {
        what = "created by INHERITS";
    } else if (statement->ofTypename != nullptr) {
        what = "created by OF type";
    } else if (statement->tablespacename != nullptr) {
        what = "put into a tablespace";
    } else if (statement->oncommit != ONCOMMIT_NOOP) {
        what = "created with ON COMMIT";
    }
    if (what == nullptr) return;
    ereport(ERROR, (errcode(ERRCODE_FEATURE_NOT_SUPPORTED), errmsg("KalamDB tables cannot be %s", what),
                    hint == nullptr ? 0 : errhint("%s", hint)));
}

bool IsPlainIdentifier(const char *name) {
    if (!((*name >= 'a' && *name <= 'z') || (*name >= 'A' && *name <= 'Z') || *name == '_')) return false;
    for (const char *c = name; *c != '\0'; ++c) {
        const bool is_plain =
            (*c >= 'a' && *c <= 'z') || (*c >= 'A' && *c <= 'Z') || (*c >= '0' && *c <= '9') || *c == '_';
        if (!is_plain) return false;
    }
    return true;
}

// Sorts the WITH list into the server's name and the foreign table's options.
void ReadWithOptions(CreateForeignTableStmt *foreign, List *with) {
    ListCell *cell;
    foreach (cell, with) {
        auto *option = static_cast<DefElem *>(lfirst(cell));
        if (option->defnamespace != nullptr || !IsPlainIdentifier(option->defname)) {
            ereport(ERROR, (errcode(ERRCODE_FDW_INVALID_OPTION_NAME),
                            errmsg("invalid KalamDB table option name \"%s%s%s\"",
                                   option->defnamespace == nullptr ? "" : option->defnamespace,
                                   option->defnamespace == nullptr ? "" : ".", option->defname)));
        }
        if (strcmp(option->defname, "server") == 0) {
            foreign->servername = pstrdup(defGetString(option));
        } else {
            const char *name = strcmp(option->defname, NameOf(Option::kType)) == 0
                                   ? NameOf(Option::kTableType)
                                   : option->defname;
            foreign->options = lappend(foreign->options, MakeOption(name, defGetString(option)));
        }
    }
}

}  // namespace

bool IsKalamAccessMethod(const char *name) {
    return name != nullptr && strcmp(name, "kalamdb") == 0;
}

CreateForeignTableStmt *AsForeignTable(const CreateStmt *statement) {
    RequirePlainTable(statement);
    const auto *copy = castNode(CreateStmt, copyObjectImpl(statement));
    CreateForeignTableStmt *foreign = makeNode(CreateForeignTableStmt);
    foreign->base = *copy;
    foreign->base.type = T_CreateForeignTableStmt;
    foreign->base.accessMethod = nullptr;
    foreign->base.options = NIL;
    foreign->servername = pstrdup(kDefaultServerName);
    ReadWithOptions(foreign, copy->options);
    return foreign;
}

Oid CreateKalamTable(const UtilityCall &call, CreateForeignTableStmt *statement, ExistingTable existing) {
    RangeVar *relation = statement->base.relation;
    const Oid schema = RangeVarGetCreationNamespace(relation);
    // Named, so that the table is found again whatever else is in search_path.
    relation->schemaname = get_namespace_name(schema);
    const bool existed = OidIsValid(get_relname_relid(relation->relname, schema));
    const bool attach = TakeAttach(&statement->options);
    const bool is_dumped = IsOutOfDump(statement);
    List *comments = attach ? TakeComments(statement) : NIL;
    CompleteColumns(statement, attach || is_dumped);
    CompleteOptions(statement);
    RunLocally(call, reinterpret_cast<Node *>(statement));
    if (existed) return InvalidOid;
    const Oid relid = get_relname_relid(relation->relname, schema);
    if (!attach) CreateRemoteTable(relid, is_dumped ? ExistingTable::kRestore : existing);
    ListCell *cell;
    foreach (cell, comments) RunSubcommand(static_cast<Node *>(lfirst(cell)));
    return relid;
}

}  // namespace kalam::backend::ddl
