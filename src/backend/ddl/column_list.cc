// Column lists of kalam tables, from users' words to PostgreSQL's (column_list.h).
#include "backend/ddl/column_list.h"

#include "backend/catalog/table_identity.h"
#include "backend/options.h"
#include "backend/types/type_map.h"

extern "C" {
#include "catalog/pg_type.h"
#include "commands/defrem.h"
#include "commands/extension.h"
#include "nodes/makefuncs.h"
#include "nodes/value.h"
#include "parser/parse_type.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/syscache.h"
}

#include "backend/ddl/extension_schema.h"
#include "backend/ddl/parse_nodes.h"

namespace kalam::backend::ddl {

namespace {

// The type's name where it is a single unqualified word, else null.
const char *SingleName(const TypeName *type) {
    if (type == nullptr || list_length(type->names) != 1) return nullptr;
    return strVal(linitial(type->names));
}

// ---- SERIAL and IDENTITY ----

Node *SnowflakeCall() {
    List *name = list_make2(makeString(pstrdup(ExtensionSchema())), makeString(pstrdup("snowflake_id")));
    return reinterpret_cast<Node *>(makeFuncCall(name, NIL, COERCE_EXPLICIT_CALL, -1));
}

[[noreturn]] void ThrowTooNarrow(const char *what, const char *column) {
    ereport(ERROR, (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
                    errmsg("column \"%s\" of a KalamDB table cannot be %s", column, what),
                    errdetail("Its values are 64-bit snowflake ids."),
                    errhint("Use bigserial, or bigint DEFAULT SNOWFLAKE_ID().")));
}

void MakeSnowflake(ColumnDef *column) {
    column->typeName = makeTypeNameFromOid(INT8OID, -1);
    column->constraints = lappend(column->constraints, MakeConstraint(CONSTR_DEFAULT, SnowflakeCall()));
    column->constraints = lappend(column->constraints, MakeConstraint(CONSTR_NOTNULL));
}

void RewriteSerial(ColumnDef *column) {
    const char *name = SingleName(column->typeName);
    if (name == nullptr) return;
    if (strcmp(name, "bigserial") == 0 || strcmp(name, "serial8") == 0) {
        MakeSnowflake(column);
        return;
    }
    for (const char *narrow : {"serial", "serial4", "smallserial", "serial2"}) {
        if (strcmp(name, narrow) == 0) ThrowTooNarrow(narrow, column->colname);
    }
}

void RewriteIdentity(ColumnDef *column) {
    if (typenameTypeId(nullptr, column->typeName) != INT8OID) {
        ThrowTooNarrow("an identity of a type other than bigint", column->colname);
    }
    MakeSnowflake(column);
}

// ---- types that only KalamDB has ----

// KalamDB's names of types that PostgreSQL has under another one.
Oid LocalTypeOfKalamName(const char *name) {
    static constexpr struct {
        const char *name;
        Oid type;
    } kNames[] = {
        {"datetime", TIMESTAMPTZOID}, {"double", FLOAT8OID}, {"bytes", BYTEAOID}, {"string", TEXTOID}};
    for (const auto &known : kNames) {
        if (strcmp(name, known.name) == 0) return known.type;
    }
    return InvalidOid;
}

void RewriteType(ColumnDef *column) {
    const char *name = SingleName(column->typeName);
    if (name == nullptr || column->typeName->arrayBounds != NIL) return;
    const Type known = LookupTypeName(nullptr, column->typeName, nullptr, true);
    if (known != nullptr) {
        ReleaseSysCache(known);
        return;
    }
    types::LocalType local;
    if (types::LocalTypeForTypeName(name, column->typeName->typmods, &local)) {
        column->typeName = makeTypeNameFromOid(local.type, local.typmod);
        if (local.kalam_type != nullptr) {
            SetColumnOption(column, NameOf(Option::kKalamType), local.kalam_type);
        }
        return;
    }
    const Oid renamed = LocalTypeOfKalamName(name);
    if (OidIsValid(renamed)) column->typeName = makeTypeNameFromOid(renamed, -1);
}

// ---- defaults ----

// Finds the extension's functions whatever search_path says.
void QualifyDefault(Node *expression) {
    while (expression != nullptr && IsA(expression, TypeCast)) {
        expression = castNode(TypeCast, expression)->arg;
    }
    if (expression == nullptr || !IsA(expression, FuncCall)) return;
    FuncCall *call = castNode(FuncCall, expression);
    if (call->args != NIL || list_length(call->funcname) != 1) return;
    const char *name = strVal(linitial(call->funcname));
    for (const char *ours : {"snowflake_id", "uuid_v7", "ulid"}) {
        if (strcmp(name, ours) == 0) {
            call->funcname = lcons(makeString(pstrdup(ExtensionSchema())), call->funcname);
        }
    }
}

// ---- constraints ----

[[noreturn]] void ThrowUnsupported(const char *what) {
    ereport(ERROR, (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
                    errmsg("%s constraints are not supported on KalamDB tables", what),
                    errhint("KalamDB checks PRIMARY KEY and NOT NULL.")));
}

// Raises for a constraint that KalamDB has not.
void RequireSupported(const Constraint *constraint) {
    switch (constraint->contype) {
        case CONSTR_UNIQUE:
            ThrowUnsupported("UNIQUE");
        case CONSTR_FOREIGN:
            ThrowUnsupported("FOREIGN KEY");
        case CONSTR_EXCLUSION:
            ThrowUnsupported("EXCLUDE");
        case CONSTR_ATTR_DEFERRABLE:
        case CONSTR_ATTR_DEFERRED:
            ThrowUnsupported("DEFERRABLE");
        default:
            break;
    }
}

void NoteKey(ColumnListContext *context, const char *column) {
    if (context->key != nullptr && strcmp(context->key, column) != 0) {
        ereport(ERROR,
                (errcode(ERRCODE_INVALID_TABLE_DEFINITION), errmsg("KalamDB tables have one key column"),
                 errdetail("Both \"%s\" and \"%s\" are declared as the key.", context->key, column)));
    }
    context->key = column;
}

void RewriteConstraints(ColumnDef *column, ColumnListContext *context) {
    List *given = column->constraints;
    column->constraints = NIL;
    ListCell *cell;
    foreach (cell, given) {
        auto *constraint = static_cast<Constraint *>(lfirst(cell));
        RequireSupported(constraint);
        switch (constraint->contype) {
            case CONSTR_PRIMARY:
                NoteKey(context, column->colname);
                break;
            case CONSTR_IDENTITY:
                RewriteIdentity(column);
                break;
            case CONSTR_ATTR_NOT_DEFERRABLE:
            case CONSTR_ATTR_IMMEDIATE:
                break;  // what follows from having no deferrable constraints
            case CONSTR_DEFAULT:
                QualifyDefault(constraint->raw_expr);
                [[fallthrough]];
            default:
                column->constraints = lappend(column->constraints, constraint);
        }
    }
    QualifyDefault(column->raw_default);
}

bool HasConstraint(const ColumnDef *column, ConstrType kind) {
    ListCell *cell;
    foreach (cell, column->constraints) {
        if (static_cast<Constraint *>(lfirst(cell))->contype == kind) return true;
    }
    return false;
}

// The key of a PRIMARY KEY table constraint.
void NoteTableKey(const Constraint *constraint, ColumnListContext *context) {
    if (list_length(constraint->keys) != 1 || constraint->including != NIL) {
        ereport(ERROR, (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
                        errmsg("composite primary keys are not supported on KalamDB tables"),
                        errhint("KalamDB identifies a row by one column.")));
    }
    NoteKey(context, strVal(linitial(constraint->keys)));
}

void MarkKey(List *elements, const ColumnListContext *context) {
    if (context->key == nullptr) return;
    ColumnDef *column = FindColumn(elements, context->key);
    if (column == nullptr) {
        if (!context->adds_system_columns) return;  // a column of the parent
        ereport(ERROR, (errcode(ERRCODE_UNDEFINED_COLUMN),
                        errmsg("column \"%s\" named in key does not exist", context->key)));
    }
    SetColumnOption(column, NameOf(Option::kKey), "true");
    if (!HasConstraint(column, CONSTR_NOTNULL)) {
        column->constraints = lappend(column->constraints, MakeConstraint(CONSTR_NOTNULL));
    }
}

List *AddSystemColumn(List *elements, const char *name, Oid type) {
    if (FindColumn(elements, name) != nullptr) return elements;
    return lappend(elements, makeColumnDef(name, type, -1, get_typcollation(type)));
}

}  // namespace

List *RewriteColumnList(List *elements, ColumnListContext *context) {
    List *rewritten = NIL;
    ListCell *cell;
    foreach (cell, elements) {
        auto *node = static_cast<Node *>(lfirst(cell));
        if (IsA(node, ColumnDef)) {
            RewriteColumn(castNode(ColumnDef, node), context);
        } else if (IsA(node, Constraint)) {
            const Constraint *constraint = castNode(Constraint, node);
            RequireSupported(constraint);
            if (constraint->contype == CONSTR_PRIMARY) {
                NoteTableKey(constraint, context);
                continue;
            }
        }
        rewritten = lappend(rewritten, node);
    }
    MarkKey(rewritten, context);
    if (!context->adds_system_columns) return rewritten;
    rewritten = AddSystemColumn(rewritten, "_seq", INT8OID);
    if (context->type == common::TableType::kUser) rewritten = AddSystemColumn(rewritten, "_userid", TEXTOID);
    return rewritten;
}

void RewriteColumn(ColumnDef *column, ColumnListContext *context) {
    if (IsSystemColumnName(column->colname)) {
        if (context->is_restored) return;
        ereport(ERROR,
                (errcode(ERRCODE_INVALID_TABLE_DEFINITION),
                 errmsg("column name \"%s\" is reserved for a system column of KalamDB", column->colname),
                 errhint("pg_kalam adds _seq, and _userid to user tables; do not declare them.")));
    }
    if (!context->is_restored && FindOption(column->fdwoptions, NameOf(Option::kColumnName)) == nullptr) {
        catalog::CheckRemoteName("column", column->colname);
    }
    RewriteConstraints(column, context);
    if (column->typeName != nullptr) {
        RewriteSerial(column);
        RewriteType(column);
    }
    const char *key = FindOption(column->fdwoptions, NameOf(Option::kKey));
    bool is_key = false;
    if (key != nullptr && parse_bool(key, &is_key) && is_key) NoteKey(context, column->colname);
}

void SetColumnOption(ColumnDef *column, const char *name, const char *value) {
    (void)TakeOption(&column->fdwoptions, name);
    column->fdwoptions = lappend(column->fdwoptions, MakeOption(name, value));
}

}  // namespace kalam::backend::ddl
