// One cell: an Arrow scalar with its type, so that what is stored remembers as what it came (a column whose
// type is changed later is cast at read). 24 bytes; texts up to 16 bytes live inside; moving is three words,
// copying owns. Called by everything in the devserver that touches data. Not shared between threads without
// the owner's lock.
#pragma once

#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>
#include <utility>

#include "devserver/values/data_type.h"

namespace kalam::devserver {

using Int128 = __int128;

class Value {
 public:
    Value() noexcept = default;  // untyped NULL
    Value(const Value &other);
    Value(Value &&other) noexcept { MoveFrom(other); }
    Value &operator=(const Value &other);
    Value &operator=(Value &&other) noexcept;
    ~Value() { Release(); }

    static Value Null(const DataType &type = {});
    static Value Bool(bool v);
    static Value Int(std::int64_t v,
                     const DataType &type = Plain(TypeId::kInt64));  // any integer, date, time, timestamp
    static Value UInt(std::uint64_t v) { return Int(static_cast<std::int64_t>(v), Plain(TypeId::kUInt64)); }
    static Value Double(
        double v, const DataType &type = Plain(TypeId::kFloat64));  // Float32 values are already rounded
    static Value Text(std::string_view v, const DataType &type = Plain(TypeId::kUtf8));
    static Value Bytes(std::string_view v, const DataType &type = Plain(TypeId::kBinary));
    static Value Decimal(Int128 unscaled, int precision, int scale);
    static Value Floats(std::span<const float> v);  // type kEmbedding of v.size()

    TypeId id() const { return id_; }
    DataType type() const;
    bool is_null() const { return null_; }

    // Valid for a non-null value of a matching type only.
    bool as_bool() const { return payload_.integer != 0; }
    std::int64_t as_int() const { return payload_.integer; }
    std::uint64_t as_uint() const { return static_cast<std::uint64_t>(payload_.integer); }
    double as_double() const { return payload_.real; }
    std::string_view bytes() const;  // texts, binaries, embeddings (native floats)
    Int128 as_decimal() const;
    std::span<const float> floats() const;
    int precision() const { return precision_; }
    int scale() const { return scale_; }

    // Same type and same value; NULL equals NULL; NaN equals NaN. What "nothing changed" means for an UPDATE.
    bool operator==(const Value &other) const;

    // Bytes this value adds to a row, for the transaction buffer's limit.
    std::size_t footprint() const { return heap_ ? sizeof(Value) + length_ : sizeof(Value); }

 private:
    static constexpr std::uint32_t kInlineBytes = 16;
    static bool OwnsBytes(TypeId id);
    void SetBytes(std::string_view v);
    void Release() {
        if (heap_) delete[] payload_.heap;
    }
    void MoveFrom(Value &other) noexcept {
        std::memcpy(static_cast<void *>(this), static_cast<const void *>(&other), sizeof(Value));
        other.heap_ = false;
        other.null_ = true;
        other.id_ = TypeId::kNull;
    }

    TypeId id_ = TypeId::kNull;
    bool null_ : 1 = true;
    bool heap_ : 1 = false;
    bool utc_ : 1 = false;
    std::uint8_t precision_ = 0;
    std::int8_t scale_ = 0;
    std::uint32_t length_ = 0;  // of bytes(); the list size of a typed NULL
    union Payload {
        std::int64_t integer;
        double real;
        char *heap;
        char inlined[kInlineBytes];
        std::uint64_t words[2];  // of a decimal: low, high
    } payload_ = {};
};

static_assert(sizeof(Value) == 24);

}  // namespace kalam::devserver
