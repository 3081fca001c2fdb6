// Finds the conditions that can be asked of the server (conditions.h). Catalog lookups only.
#include "backend/fdw/conditions.h"

extern "C" {
#include "access/stratnum.h"
#include "catalog/pg_opfamily.h"
#include "catalog/pg_type.h"
#include "nodes/makefuncs.h"
#include "nodes/nodeFuncs.h"
#include "optimizer/clauses.h"
#include "optimizer/optimizer.h"
#include "utils/lsyscache.h"
#include "utils/typcache.h"
}

namespace kalam::backend::fdw {

using catalog::ColumnKind;
using types::ColumnType;
using types::PushKind;

namespace {

Expr *StripRelabel(Expr *expr) {
    while (expr != nullptr && IsA(expr, RelabelType)) expr = reinterpret_cast<RelabelType *>(expr)->arg;
    return expr;
}

// The table's column that an expression is; InvalidAttrNumber: it is none.
AttrNumber ColumnOf(const ConditionTarget &target, Expr *expr) {
    expr = StripRelabel(expr);
    if (expr == nullptr || !IsA(expr, Var)) return InvalidAttrNumber;
    const Var *var = reinterpret_cast<const Var *>(expr);
    if (static_cast<Index>(var->varno) != target.relid || var->varlevelsup != 0 || var->varattno <= 0)
        return InvalidAttrNumber;
    return var->varattno;
}

bool IsIntegerType(Oid type) {
    return type == INT2OID || type == INT4OID || type == INT8OID;
}

bool IsTextType(Oid type) {
    return type == TEXTOID || type == VARCHAROID;
}

// The operators of the type's default btree order. Those of the usual types are known: a look into the type cache
// would make each backend read half a dozen catalogs, and keep some 40 kB, for its first condition.
Oid OrderOf(Oid type) {
    if (IsIntegerType(type)) return INTEGER_BTREE_FAM_OID;
    if (IsTextType(type) || type == NAMEOID) return TEXT_BTREE_FAM_OID;
    if (type == BOOLOID) return BOOL_BTREE_FAM_OID;
    return lookup_type_cache(type, TYPECACHE_BTREE_OPFAMILY)->btree_opf;
}

// Whether the operator is the equality of the column's type, with a value of a type whose text we can write.
bool ComparesWith(const ColumnType &column, Oid operator_id, Oid value_type) {
    const Oid base = getBaseType(value_type);
    const Oid order = OrderOf(column.base);
    if (!OidIsValid(order) || get_op_opfamily_strategy(operator_id, order) != BTEqualStrategyNumber)
        return false;
    if (IsIntegerType(column.base)) return IsIntegerType(base);
    if (IsTextType(column.base)) return IsTextType(base);
    return base == column.base;
}

bool IsStable(const ConditionTarget &target, Expr *value) {
    return !contain_volatile_functions(reinterpret_cast<Node *>(value)) &&
           !bms_overlap(pull_varnos(target.root, reinterpret_cast<Node *>(value)), target.relids) &&
           !contain_subplans(reinterpret_cast<Node *>(value));
}

// The column's part in a request; false if it has none.
bool RoleOf(const ConditionTarget &target, AttrNumber attnum, Role *role) {
    const ColumnKind kind = target.identity->column(attnum).kind;
    if (kind == ColumnKind::kUserId) *role = Role::kUser;
    if (kind == ColumnKind::kData) *role = attnum == target.identity->key ? Role::kKey : Role::kFilter;
    return kind == ColumnKind::kUserId || kind == ColumnKind::kData;
}

// The server folds the names of filtered columns and splits them on dots.
bool HasPlainName(const char *name) {
    return strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_") == strlen(name);
}

bool AllowsEquality(const ConditionTarget &target, AttrNumber attnum, Role role, Oid operator_id,
                    Oid value_type, Oid collation) {
    const ColumnType type = ResolveColumn(target.desc, target.identity, attnum);
    if (type.push == PushKind::kNone) return false;
    if (type.push == PushKind::kText && !types::CollationAllowsPush(collation)) return false;
    if (role != Role::kUser && !HasPlainName(target.identity->column(attnum).remote_name)) return false;
    return ComparesWith(type, operator_id, value_type);
}

bool FromOperator(const ConditionTarget &target, OpExpr *clause, Condition *condition) {
    if (list_length(clause->args) != 2) return false;
    auto *left = static_cast<Expr *>(linitial(clause->args));
    auto *right = static_cast<Expr *>(lsecond(clause->args));
    Oid operator_id = clause->opno;
    AttrNumber attnum = ColumnOf(target, left);
    if (attnum == InvalidAttrNumber) {
        attnum = ColumnOf(target, right);
        operator_id = get_commutator(operator_id);
        right = left;
    }
    Role role;
    if (attnum == InvalidAttrNumber || !OidIsValid(operator_id) || !RoleOf(target, attnum, &role) ||
        !IsStable(target, right) ||
        !AllowsEquality(target, attnum, role, operator_id, exprType(reinterpret_cast<Node *>(right)),
                        clause->inputcollid))
        return false;
    *condition = {.role = role, .attnum = attnum, .value = right};
    return true;
}

bool FromArray(const ConditionTarget &target, ScalarArrayOpExpr *clause, Condition *condition) {
    if (!clause->useOr) return false;
    const AttrNumber attnum = ColumnOf(target, static_cast<Expr *>(linitial(clause->args)));
    auto *array = static_cast<Expr *>(lsecond(clause->args));
    const Oid element = get_base_element_type(exprType(reinterpret_cast<Node *>(array)));
    Role role;
    if (attnum == InvalidAttrNumber || !OidIsValid(element) || !RoleOf(target, attnum, &role) ||
        role != Role::kKey || !IsStable(target, array) ||
        !AllowsEquality(target, attnum, role, clause->opno, element, clause->inputcollid))
        return false;
    *condition = {.role = Role::kKeys, .attnum = attnum, .value = array};
    return true;
}

// `flag` and `NOT flag`.
bool FromBoolean(const ConditionTarget &target, Expr *clause, bool value, Condition *condition) {
    const AttrNumber attnum = ColumnOf(target, clause);
    Role role;
    if (attnum == InvalidAttrNumber || !RoleOf(target, attnum, &role) || role == Role::kUser) return false;
    const ColumnType type = ResolveColumn(target.desc, target.identity, attnum);
    if (type.push != PushKind::kBoolean || !HasPlainName(target.identity->column(attnum).remote_name))
        return false;
    *condition = {
        .role = role, .attnum = attnum, .value = reinterpret_cast<Expr *>(makeBoolConst(value, false))};
    return true;
}

// How much a condition narrows the read: a key before keys before a filter.
bool IsKeyed(const Condition *condition) {
    return condition->role == Role::kKey || condition->role == Role::kKeys;
}

}  // namespace

bool FindCondition(const ConditionTarget &target, Expr *clause, Condition *condition) {
    switch (nodeTag(clause)) {
        case T_OpExpr:
            return FromOperator(target, reinterpret_cast<OpExpr *>(clause), condition);
        case T_ScalarArrayOpExpr:
            return FromArray(target, reinterpret_cast<ScalarArrayOpExpr *>(clause), condition);
        case T_Var:
            return FromBoolean(target, clause, true, condition);
        case T_BoolExpr: {
            const auto *expr = reinterpret_cast<const BoolExpr *>(clause);
            return expr->boolop == NOT_EXPR &&
                   FromBoolean(target, static_cast<Expr *>(linitial(expr->args)), false, condition);
        }
        default:
            return false;
    }
}

List *ChooseConditions(const ConditionTarget &target, const List *clauses) {
    List *users = NIL;
    List *filters = NIL;
    Condition *keyed = nullptr;
    ListCell *cell;
    foreach (cell, clauses) {
        const auto *info = static_cast<const RestrictInfo *>(lfirst(cell));
        Condition found;
        if (info->pseudoconstant || !FindCondition(target, info->clause, &found)) continue;
        auto *condition = static_cast<Condition *>(palloc(sizeof(Condition)));
        *condition = found;
        if (IsKeyed(condition)) {
            if (keyed == nullptr || condition->role == Role::kKey) keyed = condition;
        } else if (condition->role == Role::kUser) {
            if (users == NIL) users = lappend(users, condition);
        } else {
            filters = lappend(filters, condition);
        }
    }
    if (keyed != nullptr) return lappend(users, keyed);
    return list_concat(users, filters);
}

}  // namespace kalam::backend::fdw
