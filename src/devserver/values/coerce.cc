// Column rules (NULL, UUID, EMBEDDING) around the bare cast. See coerce.h; the cast itself is in cast.cc.
#include "devserver/values/coerce.h"

#include <string>
#include <vector>

#include "devserver/values/json_scanner.h"
#include "devserver/values/value_text.h"

namespace kalam::devserver {
namespace {

std::string ForColumn(std::string_view name) {
    return " for column '" + std::string(name) + "'";
}

Failure CannotCast(const DataType &from, const DataType &to, std::string_view name, const std::string &why) {
    return Fail("Unable to cast value " + DisplayName(from, true) + " to " + DisplayName(to) +
                ForColumn(name) + ": " + why);
}

Result<Value> CoerceUuid(const Value &value, const DataType &type, std::string_view name) {
    if (!value.is_null() && IsText(value.id())) {
        if (const auto bytes = ParseUuid(value.bytes())) return Value::Bytes(*bytes, type);
        return Fail("Invalid UUID literal '" + std::string(value.bytes()) + "'" + ForColumn(name) +
                    ": invalid character or length");
    }
    if (!value.is_null() && (IsBinary(value.id()) || value.id() == TypeId::kFixedSizeBinary)) {
        if (value.bytes().size() == 16) return Value::Bytes(value.bytes(), type);
        return Fail("UUID binary literal must be 16 bytes" + ForColumn(name) + ", got " +
                    std::to_string(value.bytes().size()));
    }
    return Fail("Unable to coerce value " + DisplayName(type) + " to UUID" + ForColumn(name));
}

bool ReadFloatArray(JsonScanner &in, std::vector<float> &out) {
    if (in.Peek() != '[') return in.InvalidType("a sequence");
    in.Eat();
    bool first = true, more = true;
    while (in.NextElement(first, more) && more) {
        JsonScanner::Number number;
        const int next = in.Peek();
        if (next != '-' && (next < '0' || next > '9')) return in.InvalidType("f32");
        if (!in.ReadNumber(number)) return false;
        using Kind = JsonScanner::Number::Kind;
        const double value = number.kind == Kind::kFloat    ? number.real
                             : number.kind == Kind::kSigned ? static_cast<double>(number.negative)
                                                            : static_cast<double>(number.positive);
        out.push_back(static_cast<float>(value));
    }
    return !in.failed() && in.EndOfInput();
}

Result<Value> CoerceEmbedding(const Value &value, const DataType &type, std::string_view name) {
    if (value.id() == TypeId::kEmbedding)
        return CannotCast(value.type(), type, name,
                          "Arrow error: Cast error: cannot cast fixed-size-list to fixed-size-list with "
                          "different size");
    if (value.is_null() || !IsText(value.id()))
        return CannotCast(value.type(), type, name,
                          "Arrow error: Cast error: Casting from " + DisplayName(value.type()) + " to " +
                              DisplayName(type) + " not supported");
    JsonScanner in(value.bytes());
    std::vector<float> values;
    if (!ReadFloatArray(in, values))
        return Fail("Invalid embedding JSON" + ForColumn(name) + ": " + in.error());
    if (static_cast<std::int32_t>(values.size()) != type.size)
        return Fail("Embedding dimension mismatch" + ForColumn(name) + ": expected " +
                    std::to_string(type.size) + ", got " + std::to_string(values.size()));
    return Value::Floats(values);
}

}  // namespace

Result<Value> CoerceToColumn(Value value, const KalamType &type, std::string_view name) {
    const DataType wanted = ArrowType(type);
    if (value.id() == TypeId::kNull) return Value::Null(wanted);
    if (value.type() == wanted) return value;
    if (type.kind == KalamKind::kUuid) return CoerceUuid(value, wanted, name);
    if (type.kind == KalamKind::kEmbedding) return CoerceEmbedding(value, wanted, name);
    auto cast = CastValue(value, wanted);
    if (!cast) return CannotCast(value.type(), wanted, name, cast.error());
    return cast;
}

Value InventedValue(const KalamType &type) {
    const DataType arrow = ArrowType(type);
    switch (arrow.id) {
        case TypeId::kBoolean:
        case TypeId::kInt16:
        case TypeId::kInt32:
        case TypeId::kInt64:
        case TypeId::kDate32:
        case TypeId::kTimestampUs:
            return Value::Int(0, arrow);
        case TypeId::kFloat32:
        case TypeId::kFloat64:
            return Value::Double(0, arrow);
        case TypeId::kUtf8:
            return Value::Text("", arrow);
        default:
            return Value::Null(arrow);
    }
}

}  // namespace kalam::devserver
