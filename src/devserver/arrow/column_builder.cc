// See column_builder.h.
#include "devserver/arrow/column_builder.h"

#include <cstring>

namespace kalam::devserver::arrow {
namespace {

std::size_t WidthOf(const DataType &type) {
    switch (type.id) {
        case TypeId::kInt8:
        case TypeId::kUInt8:
            return 1;
        case TypeId::kInt16:
        case TypeId::kUInt16:
            return 2;
        case TypeId::kInt32:
        case TypeId::kUInt32:
        case TypeId::kFloat32:
        case TypeId::kDate32:
            return 4;
        case TypeId::kDecimal128:
            return 16;
        case TypeId::kFixedSizeBinary:
            return static_cast<std::size_t>(type.size);
        case TypeId::kEmbedding:
            return static_cast<std::size_t>(type.size) * sizeof(float);
        case TypeId::kNull:
        case TypeId::kBoolean:
        case TypeId::kUtf8:
        case TypeId::kLargeUtf8:
        case TypeId::kBinary:
        case TypeId::kLargeBinary:
            return 0;
        default:
            return 8;
    }
}

bool HasOffsets(TypeId id) {
    return IsText(id) || IsBinary(id);
}

template <typename T>
std::string_view Raw(const std::vector<T> &values) {
    return {reinterpret_cast<const char *>(values.data()), values.size() * sizeof(T)};
}

}  // namespace

ColumnBuilder::ColumnBuilder(const DataType &type, std::size_t expected_rows)
    : type_(type), width_(WidthOf(type)) {
    validity_.reserve(expected_rows / 8 + 1);
    data_.reserve(expected_rows * (width_ == 0 ? 8 : width_));
    if (!HasOffsets(type.id)) return;
    offsets_.reserve(expected_rows + 1);
    offsets_.push_back(0);
}

void ColumnBuilder::AppendBit(std::string &bits, bool bit) {
    const unsigned at = count_ & 7;
    if (at == 0) bits.push_back('\0');
    if (bit) bits.back() = static_cast<char>(static_cast<unsigned char>(bits.back()) | (1U << at));
}

void ColumnBuilder::Append(const Value &value) {
    const bool null = value.is_null();
    AppendBit(validity_, !null);
    if (HasOffsets(type_.id)) {
        AppendBytes(null ? std::string_view() : value.bytes());
    } else if (type_.id == TypeId::kBoolean) {
        AppendBit(data_, !null && value.as_bool());
    } else if (type_.id != TypeId::kNull) {
        AppendFixed(value, null);
    }
    null_count_ += null ? 1 : 0;
    ++count_;
}

void ColumnBuilder::AppendBytes(std::string_view bytes) {
    data_.append(bytes);
    offsets_.push_back(static_cast<std::int32_t>(data_.size()));
}

void ColumnBuilder::AppendFixed(const Value &value, bool null) {
    const std::size_t at = data_.size();
    data_.resize(at + width_, '\0');
    if (null) return;
    char *cell = data_.data() + at;
    if (type_.id == TypeId::kFixedSizeBinary || type_.id == TypeId::kEmbedding) {
        const std::string_view bytes = value.bytes();
        std::memcpy(cell, bytes.data(), std::min(bytes.size(), width_));
    } else if (type_.id == TypeId::kDecimal128) {
        const Int128 unscaled = value.as_decimal();
        std::memcpy(cell, &unscaled, width_);
    } else if (type_.id == TypeId::kFloat32) {
        const auto single = static_cast<float>(value.as_double());
        std::memcpy(cell, &single, width_);
    } else if (type_.id == TypeId::kFloat64) {
        const double real = value.as_double();
        std::memcpy(cell, &real, width_);
    } else {
        const std::int64_t integer = value.as_int();  // little endian: the low bytes are the narrow integer
        std::memcpy(cell, &integer, width_);
    }
}

std::vector<ColumnBuilder::Node> ColumnBuilder::Nodes() {
    if (type_.id == TypeId::kNull) return {{count_, count_, {}}};
    Node own{count_, null_count_, {validity_}};
    if (type_.id == TypeId::kEmbedding) {
        const std::size_t items = count_ * static_cast<std::size_t>(type_.size);
        item_validity_.assign((items + 7) / 8, '\xff');
        return {own, {items, 0, {item_validity_, data_}}};
    }
    if (HasOffsets(type_.id)) own.buffers.push_back(Raw(offsets_));
    own.buffers.push_back(data_);
    return {own};
}

}  // namespace kalam::devserver::arrow
