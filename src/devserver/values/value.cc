// Construction, ownership and equality of cells. See value.h.
#include "devserver/values/value.h"

#include <cmath>

namespace kalam::devserver {

bool Value::OwnsBytes(TypeId id) {
    return IsText(id) || IsBinary(id) || id == TypeId::kFixedSizeBinary || id == TypeId::kEmbedding;
}

Value::Value(const Value &other) {
    std::memcpy(static_cast<void *>(this), static_cast<const void *>(&other), sizeof(Value));
    if (!heap_) return;
    payload_.heap = new char[length_];
    std::memcpy(payload_.heap, other.payload_.heap, length_);
}

Value &Value::operator=(const Value &other) {
    if (this != &other) *this = Value(other);
    return *this;
}

Value &Value::operator=(Value &&other) noexcept {
    if (this != &other) {
        Release();
        MoveFrom(other);
    }
    return *this;
}

void Value::SetBytes(std::string_view v) {
    length_ = static_cast<std::uint32_t>(v.size());
    heap_ = v.size() > kInlineBytes;
    if (heap_) payload_.heap = new char[v.size()];
    if (!v.empty()) std::memcpy(heap_ ? payload_.heap : payload_.inlined, v.data(), v.size());
}

Value Value::Null(const DataType &type) {
    Value value;
    value.id_ = type.id;
    value.utc_ = type.utc;
    value.precision_ = type.precision;
    value.scale_ = type.scale;
    value.length_ = static_cast<std::uint32_t>(type.size);
    return value;
}

Value Value::Bool(bool v) {
    Value value = Int(v ? 1 : 0, Plain(TypeId::kBoolean));
    return value;
}

Value Value::Int(std::int64_t v, const DataType &type) {
    Value value = Null(type);
    value.null_ = false;
    value.payload_.integer = v;
    return value;
}

Value Value::Double(double v, const DataType &type) {
    Value value = Null(type);
    value.null_ = false;
    value.payload_.real = v;
    return value;
}

Value Value::Text(std::string_view v, const DataType &type) {
    Value value = Null(type);
    value.null_ = false;
    value.SetBytes(v);
    return value;
}

Value Value::Bytes(std::string_view v, const DataType &type) {
    return Text(v, type);
}

Value Value::Decimal(Int128 unscaled, int precision, int scale) {
    Value value = Null(DecimalType(precision, scale));
    value.null_ = false;
    value.payload_.words[0] = static_cast<std::uint64_t>(unscaled);
    value.payload_.words[1] = static_cast<std::uint64_t>(unscaled >> 64);
    return value;
}

Value Value::Floats(std::span<const float> v) {
    return Text({reinterpret_cast<const char *>(v.data()), v.size_bytes()}, Plain(TypeId::kEmbedding));
}

DataType Value::type() const {
    DataType type{.id = id_, .utc = utc_, .precision = precision_, .scale = scale_};
    if (id_ == TypeId::kFixedSizeBinary) type.size = static_cast<std::int32_t>(length_);
    if (id_ == TypeId::kEmbedding)
        type.size = static_cast<std::int32_t>(null_ ? length_ : length_ / sizeof(float));
    return type;
}

std::string_view Value::bytes() const {
    return {heap_ ? payload_.heap : payload_.inlined, length_};
}

Int128 Value::as_decimal() const {
    return static_cast<Int128>((static_cast<unsigned __int128>(payload_.words[1]) << 64) | payload_.words[0]);
}

std::span<const float> Value::floats() const {
    const std::string_view raw = bytes();
    return {reinterpret_cast<const float *>(raw.data()), raw.size() / sizeof(float)};
}

bool Value::operator==(const Value &other) const {
    if (id_ != other.id_ || null_ != other.null_ || type() != other.type()) return false;
    if (null_) return true;
    if (OwnsBytes(id_)) return bytes() == other.bytes();
    if (IsFloat(id_))
        return as_double() == other.as_double() || (std::isnan(as_double()) && std::isnan(other.as_double()));
    if (id_ == TypeId::kDecimal128) return as_decimal() == other.as_decimal();
    return as_int() == other.as_int();
}

}  // namespace kalam::devserver
