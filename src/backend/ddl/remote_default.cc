// The allow-list of defaults (remote_default.h), read off the cooked expression tree.
#include "backend/ddl/remote_default.h"

#include "backend/ddl/remote_sql.h"
#include "backend/types/text.h"

extern "C" {
#include "catalog/dependency.h"
#include "catalog/pg_proc.h"
#include "catalog/pg_type.h"
#include "commands/extension.h"
#include "nodes/makefuncs.h"
#include "optimizer/optimizer.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/datetime.h"
#include "utils/fmgroids.h"
#include "utils/formatting.h"
#include "utils/json.h"
#include "utils/lsyscache.h"
#include "utils/timestamp.h"
}

namespace kalam::backend::ddl {

namespace {

using types::ColumnType;
using types::RemoteKind;

// The expression under the casts that bring it to the column's type.
Node *StripCasts(Node *expr) {
    for (;;) {
        if (IsA(expr, RelabelType)) {
            expr = reinterpret_cast<Node *>(castNode(RelabelType, expr)->arg);
        } else if (IsA(expr, CoerceViaIO)) {
            expr = reinterpret_cast<Node *>(castNode(CoerceViaIO, expr)->arg);
        } else if (IsA(expr, CoerceToDomain)) {
            expr = reinterpret_cast<Node *>(castNode(CoerceToDomain, expr)->arg);
        } else if (IsA(expr, FuncExpr) && castNode(FuncExpr, expr)->funcformat != COERCE_EXPLICIT_CALL &&
                   castNode(FuncExpr, expr)->args != NIL) {
            expr = static_cast<Node *>(linitial(castNode(FuncExpr, expr)->args));
        } else {
            return expr;
        }
    }
}

bool HoldsTime(RemoteKind kind) {
    return kind == RemoteKind::kTimestamp || kind == RemoteKind::kDateTime;
}

// The functions of this extension that the server has too.
const char *ExtensionFunctionText(Oid function, RemoteKind kind) {
    if (getExtensionOfObject(ProcedureRelationId, function) != get_extension_oid("pg_kalam", true))
        return nullptr;
    const char *name = get_func_name(function);
    if (name == nullptr) return nullptr;
    if (strcmp(name, "snowflake_id") == 0 && kind == RemoteKind::kBigInt) return "SNOWFLAKE_ID()";
    const bool holds_text = kind == RemoteKind::kText || kind == RemoteKind::kUuid;
    if (strcmp(name, "uuid_v7") == 0 && holds_text) return "UUID_V7()";
    if (strcmp(name, "ulid") == 0 && kind == RemoteKind::kText) return "ULID()";
    return nullptr;
}

// KalamDB rewrites the text of CREATE TABLE statements before it parses them, literals included.
bool IsRewrittenByServer(const char *text) {
    static constexpr const char *kRewritten[] = {"auto_increment", "auto increment", "current_user", "using"};
    const char *lower = asc_tolower(text, strlen(text));
    for (const char *word : kRewritten) {
        if (strstr(lower, word) != nullptr) return true;
    }
    return false;
}

const char *OutputText(Datum value, Oid type) {
    Oid output;
    bool is_varlena;
    getTypeOutputInfo(type, &output, &is_varlena);
    return OidOutputFunctionCall(output, value);
}

// ISO 8601, whatever DateStyle says.
const char *TimeText(Datum value, Oid type) {
    char *text = static_cast<char *>(palloc(MAXDATELEN + 1));
    return JsonEncodeDateTime(text, value, type, nullptr);
}

bool IsFiniteNumber(const char *text) {
    return strpbrk(text, "nNiI") == nullptr;  // NaN, Infinity
}

const char *LiteralOf(Datum value, const ColumnType &type) {
    switch (type.remote.kind) {
        case RemoteKind::kBoolean:
            return DatumGetBool(value) ? "true" : "false";
        case RemoteKind::kSmallInt:
        case RemoteKind::kInt:
        case RemoteKind::kBigInt:
            return OutputText(value, type.base);
        case RemoteKind::kFloat:
        case RemoteKind::kDouble:
        case RemoteKind::kDecimal: {
            const char *text = OutputText(value, type.base);
            return IsFiniteNumber(text) ? text : nullptr;
        }
        case RemoteKind::kDate:
        case RemoteKind::kTime:
        case RemoteKind::kTimestamp:
        case RemoteKind::kDateTime: {
            const char *text = TimeText(value, type.base);
            return strstr(text, "infinity") == nullptr ? QuoteLiteral(text) : nullptr;
        }
        case RemoteKind::kText:
        case RemoteKind::kJson:
        case RemoteKind::kFile:
        case RemoteKind::kUuid: {
            const char *text = OutputText(value, type.base);
            return IsRewrittenByServer(text) ? nullptr : QuoteLiteral(text);
        }
        case RemoteKind::kBytes:
        case RemoteKind::kEmbedding:
            return nullptr;
    }
    return nullptr;
}

}  // namespace

const char *RemoteLiteral(Datum value, bool is_null, const ColumnType &type) {
    if (is_null) return "NULL";
    const int modes = types::EnterTextModes(types::PrintsObjectNames(type.base));
    const char *literal = LiteralOf(value, type);
    types::LeaveTextModes(modes);
    return literal;
}

const char *RemoteDefaultText(Node *expr, const ColumnType &type) {
    Node *folded =
        reinterpret_cast<Node *>(expression_planner(reinterpret_cast<Expr *>(copyObjectImpl(expr))));
    if (IsA(folded, Const)) {
        const Const *constant = castNode(Const, folded);
        return RemoteLiteral(constant->constvalue, constant->constisnull, type);
    }
    const RemoteKind kind = type.remote.kind;
    Node *inner = StripCasts(folded);
    if (IsA(inner, SQLValueFunction)) {
        const bool is_now = castNode(SQLValueFunction, inner)->op == SVFOP_CURRENT_TIMESTAMP;
        return is_now && HoldsTime(kind) ? "CURRENT_TIMESTAMP" : nullptr;
    }
    if (!IsA(inner, FuncExpr) || castNode(FuncExpr, inner)->args != NIL) return nullptr;
    const Oid function = castNode(FuncExpr, inner)->funcid;
    if (function == F_NOW) return HoldsTime(kind) ? "NOW()" : nullptr;
    return ExtensionFunctionText(function, kind);
}

}  // namespace kalam::backend::ddl
