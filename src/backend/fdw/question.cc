// Evaluates the conditions of a scan (question.h).
#include "backend/fdw/question.h"

#include "backend/fdw/relation_plan.h"
#include "backend/key_set.h"

extern "C" {
#include "catalog/pg_type.h"
#include "executor/executor.h"
#include "nodes/nodeFuncs.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
}

namespace kalam::backend::fdw {

using catalog::TableIdentity;
using types::PushKind;

namespace {

// Writes an integer of one of the three types; false if the column cannot hold it.
bool IntegerText(StringInfo out, Oid column_type, Oid value_type, Datum value) {
    const int64 number = value_type == INT2OID   ? DatumGetInt16(value)
                         : value_type == INT4OID ? DatumGetInt32(value)
                                                 : DatumGetInt64(value);
    if (column_type == INT2OID && (number < INT16_MIN || number > INT16_MAX)) return false;
    if (column_type == INT4OID && (number < INT32_MIN || number > INT32_MAX)) return false;
    appendStringInfo(out, INT64_FORMAT, number);
    return true;
}

// The value as the server spells it; null if no row of the column can be equal to it.
const char *ValueText(const ScanCondition &condition, Datum value) {
    StringInfoData text;
    initStringInfo(&text);
    if (condition.type.push != PushKind::kInteger) {
        types::AppendKeyText(&text, condition.type, value);
    } else if (!IntegerText(&text, condition.type.base, condition.value_type, value)) {
        return nullptr;
    }
    return text.data;
}

void AddKeysOfArray(Question *question, const ScanCondition &condition, Datum value) {
    ArrayType *array = DatumGetArrayTypeP(value);
    int16 length;
    bool by_value;
    char align;
    get_typlenbyvalalign(ARR_ELEMTYPE(array), &length, &by_value, &align);
    Datum *elements;
    bool *nulls;
    int count;
    deconstruct_array(array, ARR_ELEMTYPE(array), length, by_value, align, &elements, &nulls, &count);
    KeySet *seen = MakeKeySet();
    for (int i = 0; i < count; ++i) {
        const char *text = nulls[i] ? nullptr : ValueText(condition, elements[i]);
        if (text != nullptr && AddKey(seen, text)) question->keys = lappend(question->keys, pstrdup(text));
    }
    question->keyed = true;
    question->nothing = question->nothing || question->keys == NIL;
}

void AddCondition(Question *question, const ScanCondition &condition, Datum value, bool is_null) {
    // Equality with NULL is never true.
    if (is_null) {
        question->nothing = true;
        return;
    }
    if (condition.role == Role::kKeys) {
        AddKeysOfArray(question, condition, value);
        return;
    }
    const char *written =
        condition.role == Role::kUser ? TextDatumGetCString(value) : ValueText(condition, value);
    if (written == nullptr) {
        question->nothing = true;
    } else if (condition.role == Role::kUser) {
        question->user = written;
    } else if (condition.role == Role::kKey) {
        question->keys = list_make1(const_cast<char *>(written));
        question->keyed = true;
    } else {
        question->filters[question->filter_count++] = {condition.column, written};
    }
}

ScanCondition MakeCondition(TupleDesc desc, const TableIdentity *identity, const List *condition,
                            ExprState *value, const Node *expr) {
    const AttrNumber attnum = static_cast<AttrNumber>(lsecond_int(condition));
    const Role role = static_cast<Role>(linitial_int(condition));
    const Oid type = exprType(expr);
    return {.role = role,
            .type = ResolveColumn(desc, identity, attnum),
            .column = identity->column(attnum).remote_name,
            .value = value,
            .value_type = role == Role::kKeys ? getBaseType(get_base_element_type(type)) : getBaseType(type)};
}

}  // namespace

std::span<ScanCondition> BindConditions(TupleDesc desc, const TableIdentity *identity,
                                        const ForeignScan *plan, PlanState *parent) {
    const auto *conditions = static_cast<const List *>(list_nth(plan->fdw_private, kPrivateConditions));
    const int count = list_length(conditions);
    auto *bound =
        static_cast<ScanCondition *>(palloc0(sizeof(ScanCondition) * static_cast<size_t>(Max(count, 1))));
    for (int i = 0; i < count; ++i) {
        auto *expr = static_cast<Expr *>(list_nth(plan->fdw_exprs, i));
        bound[i] = MakeCondition(desc, identity, static_cast<const List *>(list_nth(conditions, i)),
                                 ExecInitExpr(expr, parent), reinterpret_cast<const Node *>(expr));
    }
    return {bound, static_cast<size_t>(count)};
}

Question Ask(std::span<const ScanCondition> conditions, ExprContext *econtext) {
    Question question = {};
    question.filters = static_cast<Filter *>(palloc(sizeof(Filter) * Max(conditions.size(), 1)));
    for (const ScanCondition &condition : conditions) {
        bool is_null = false;
        const Datum value = ExecEvalExprSwitchContext(condition.value, econtext, &is_null);
        AddCondition(&question, condition, value, is_null);
    }
    return question;
}

}  // namespace kalam::backend::fdw
