// See comparison.h.
#include "devserver/sql/comparison.h"

#include <algorithm>

#include "devserver/sql/token.h"
#include "devserver/values/value_text.h"

namespace kalam::devserver::sql {
namespace {

constexpr char kMicrosPerDay[] = "86400000000";

bool IsTemporal(TypeId id) {
    return id == TypeId::kDate32 || id == TypeId::kTime64 || IsTimestamp(id);
}

bool IsBlob(TypeId id) {
    return IsBinary(id) || id == TypeId::kFixedSizeBinary || id == TypeId::kEmbedding;
}

[[noreturn]] void FailNoCommonType(const Typed &left, const Typed &right, const std::string &op) {
    throw SqlError{
        "Execution error: type_coercion\ncaused by\nError during planning: Cannot infer common argument type "
        "for "
        "comparison operation " +
        DisplayName(left.type) + " " + op + " " + DisplayName(right.type)};
}

// Text beside a date, time or timestamp becomes one.
std::string AsTemporal(const Typed &text, const DataType &type) {
    return CastTyped(text, type, false).sql;
}

std::string AsMicros(const Typed &value) {
    return value.type.id == TypeId::kDate32 ? "(" + value.sql + " * " + kMicrosPerDay + ")" : value.sql;
}

// An integer's width as a rank; literals are Int64.
DataType WiderInteger(const DataType &a, const DataType &b) {
    const auto bits = [](TypeId id) {
        const IntegerRange range = RangeOf(id);
        return range.high > UINT32_MAX ? 64
                                       : (range.high > UINT16_MAX ? 32 : (range.high > UINT8_MAX ? 16 : 8));
    };
    return bits(a.id) >= bits(b.id) ? a : b;
}

DataType DecimalResult(const std::string &op, const DataType &a, const DataType &b) {
    const auto precision = [](const DataType &t) { return t.id == TypeId::kDecimal128 ? t.precision : 20; };
    const auto scale = [](const DataType &t) { return t.id == TypeId::kDecimal128 ? t.scale : 0; };
    const int p1 = precision(a), p2 = precision(b), s1 = scale(a), s2 = scale(b);
    int p = std::max(p1 - s1, p2 - s2) + std::max(s1, s2) + 1, s = std::max(s1, s2);
    if (op == "*") {
        p = p1 + p2 + 1;
        s = s1 + s2;
    } else if (op == "/") {
        s = std::max(6, s1 + p2 + 1);
        p = p1 - s1 + s2 + s;
    }
    return DecimalType(std::min(p, 38), std::min(s, 37));
}

DataType ArithmeticType(const std::string &op, const DataType &a, const DataType &b) {
    if (IsFloat(a.id) || IsFloat(b.id)) {
        const bool single = a.id == TypeId::kFloat32 && b.id == TypeId::kFloat32;
        return Plain(single ? TypeId::kFloat32 : TypeId::kFloat64);
    }
    if (a.id == TypeId::kDecimal128 || b.id == TypeId::kDecimal128) return DecimalResult(op, a, b);
    if (IsInteger(a.id) && IsInteger(b.id)) return WiderInteger(a, b);
    if (IsInteger(a.id)) return a;
    return IsInteger(b.id) ? b : Plain(TypeId::kFloat64);
}

// A timestamp or date moved by an interval.
Typed PlanShift(const std::string &op, const Typed &time, std::int64_t micros) {
    Typed moved = time;
    moved.column = nullptr;
    moved.constant.reset();
    const std::string shift =
        time.type.id == TypeId::kDate32 ? std::to_string(micros / 86'400'000'000) : std::to_string(micros);
    moved.sql = "(" + time.sql + " " + op + " " + shift + ")";
    return moved;
}

}  // namespace

Comparable MakeComparable(const Typed &left, const Typed &right, const std::string &op) {
    const TypeId a = left.type.id, b = right.type.id;
    if (a == TypeId::kNull || b == TypeId::kNull) return {left.sql, right.sql};
    if (IsTemporal(a) && IsText(b)) return {left.sql, AsTemporal(right, left.type)};
    if (IsText(a) && IsTemporal(b)) return {AsTemporal(left, right.type), right.sql};
    if (IsTemporal(a) && IsTemporal(b) && a != b) return {AsMicros(left), AsMicros(right)};
    if (IsText(a) != IsText(b)) {
        if (IsBlob(a) || IsBlob(b)) {
            if (a == TypeId::kFixedSizeBinary || b == TypeId::kFixedSizeBinary)
                FailNoCommonType(left, right, op);
            return {"CAST(" + left.sql + " AS BLOB)", "CAST(" + right.sql + " AS BLOB)"};
        }
        return {TextSql(left), TextSql(right)};
    }
    if (IsNumeric(a) && IsNumeric(b) && a != b) return {NumericSql(left), NumericSql(right)};
    if (a == TypeId::kDecimal128 && b == a) return {NumericSql(left), NumericSql(right)};
    const bool same_family =
        a == b || (IsNumeric(a) && IsNumeric(b)) || (IsBlob(a) && IsBlob(b)) || (IsText(a) && IsText(b));
    if (!same_family) FailNoCommonType(left, right, op);
    return {left.sql, right.sql};
}

Typed PlanComparison(const std::string &op, const Typed &left, const Typed &right) {
    const Comparable sides = MakeComparable(left, right, op);
    const bool distinct = op.starts_with("IS ");
    const std::string sqlite_op =
        op == "IS DISTINCT FROM" ? "IS NOT" : (op == "IS NOT DISTINCT FROM" ? "IS" : op);
    return Typed{.sql = "(" + sides.left + " " + sqlite_op + " " + sides.right + ")",
                 .type = Plain(TypeId::kBoolean),
                 .nullable = !distinct && (left.nullable || right.nullable)};
}

Typed PlanArithmetic(const std::string &op, const Typed &left, const Typed &right) {
    if (right.is_interval && IsTemporal(left.type.id)) return PlanShift(op, left, right.interval_micros);
    if (left.is_interval && op == "+" && IsTemporal(right.type.id))
        return PlanShift(op, right, left.interval_micros);
    if (IsTemporal(left.type.id) && IsTemporal(right.type.id) && op == "-")
        return Typed{.sql = "(" + AsMicros(left) + " - " + AsMicros(right) + ")",
                     .type = Plain(TypeId::kInt64),
                     .nullable = left.nullable || right.nullable};
    const auto computes = [](const Typed &side) {
        return IsNumeric(side.type.id) || IsText(side.type.id) || side.type.id == TypeId::kNull;
    };
    if (!computes(left) || !computes(right))
        throw SqlError{
            "Execution error: type_coercion\ncaused by\nError during planning: Cannot coerce arithmetic "
            "expression " +
            DisplayName(left.type) + " " + op + " " + DisplayName(right.type) + " to valid types"};
    Typed result{.sql = "(" + NumericSql(left) + " " + op + " " + NumericSql(right) + ")",
                 .type = ArithmeticType(op, left.type, right.type),
                 .nullable = left.nullable || right.nullable};
    // SQLite answers NULL where Arrow refuses.
    if ((op == "/" || op == "%") && IsInteger(left.type.id) && IsInteger(right.type.id))
        result.sql = (op == "/" ? "kalam_divide(" : "kalam_modulo(") + left.sql + ", " + right.sql + ")";
    return result;
}

DataType CommonType(const DataType &a, const DataType &b) {
    if (a == b || b.id == TypeId::kNull) return a;
    if (a.id == TypeId::kNull) return b;
    if (IsNumeric(a.id) && IsNumeric(b.id)) return ArithmeticType("+", a, b);
    if (IsTimestamp(a.id) && b.id == TypeId::kDate32) return a;
    if (IsTimestamp(b.id) && a.id == TypeId::kDate32) return b;
    return IsTemporal(a.id) && IsTimestamp(b.id) ? b : Plain(TypeId::kUtf8);
}

std::string SortSql(const std::string &sql, const DataType &type) {
    return type.id == TypeId::kDecimal128 ? "CAST(" + sql + " AS REAL)" : sql;
}

}  // namespace kalam::devserver::sql
