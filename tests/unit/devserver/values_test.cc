// Cells: ownership, types and their names, text forms, keys, coercion with its texts (recorded conversation types).
#include "check.h"
#include "devserver/values/coerce.h"
#include "devserver/values/kalam_type.h"
#include "devserver/values/value.h"
#include "devserver/values/value_text.h"

using namespace kalam::devserver;

namespace {

KalamType Kalam(std::string_view sql) {
    return *FromSqlName(sql);
}

std::string CoercionError(Value value, std::string_view type, std::string_view column) {
    const auto coerced = CoerceToColumn(std::move(value), Kalam(type), column);
    return coerced ? "no error" : coerced.error();
}

std::string Coerced(Value value, std::string_view type) {
    const auto coerced = CoerceToColumn(std::move(value), Kalam(type), "c");
    return coerced ? ToText(*coerced) : "error: " + coerced.error();
}

}  // namespace

TEST(values_own_their_bytes) {
    const std::string longer(1000, 'x');
    Value a = Value::Text(longer), b = a;
    CHECK_EQ(a, b);
    Value c = std::move(a);
    CHECK(a.is_null());
    CHECK_EQ(c.bytes(), longer);
    c = Value::Text("short");
    b = c;
    c = std::move(c);
    CHECK_EQ(b.bytes(), "short");
    b = Value::Text(longer);
    b = b;
    CHECK_EQ(b.bytes().size(), 1000U);
    CHECK(b.footprint() > 1000);
}

TEST(equality_is_of_type_and_value) {
    CHECK(!(Value::Int(1) == Value::Int(1, Plain(TypeId::kInt32))));
    CHECK(Value::Null(Plain(TypeId::kUtf8)) == Value::Null(Plain(TypeId::kUtf8)));
    CHECK(!(Value() == Value::Null(Plain(TypeId::kUtf8))));
    CHECK(!(Value::Decimal(100, 5, 2) == Value::Decimal(100, 5, 1)));
    CHECK(Value::Double(__builtin_nan("")) == Value::Double(__builtin_nan("")));
}

TEST(types_have_three_names) {
    for (const char *name :
         {"BOOLEAN", "SMALLINT", "INT", "BIGINT", "FLOAT", "DOUBLE", "TEXT", "JSON", "FILE", "DATE", "TIME",
          "TIMESTAMP", "DATETIME", "BYTES", "UUID", "DECIMAL(10, 2)", "EMBEDDING(384)"})
        CHECK_EQ(SqlName(Kalam(name)), name);
    CHECK(!FromSqlName("DECIMAL"));
    CHECK(!FromSqlName("INT(3)"));
    CHECK_EQ(MetadataJson(Kalam("DECIMAL(10, 2)")), R"({"Decimal":{"precision":10,"scale":2}})");
    CHECK_EQ(MetadataJson(Kalam("EMBEDDING(3)")), R"({"Embedding":3})");
    CHECK_EQ(MetadataJson(Kalam("BIGINT")), "\"BigInt\"");
    CHECK_EQ(DisplayName(ArrowType(Kalam("DATETIME"))), "Timestamp(Microsecond, Some(\"UTC\"))");
    CHECK(UsableAsKey(Kalam("TEXT")) && !UsableAsKey(Kalam("UUID")) && !UsableAsKey(Kalam("DATE")));
}

TEST(text_forms) {
    CHECK_EQ(ToText(Value::Double(3)), "3.0");
    CHECK_EQ(ToText(Value::Double(1e21)), "1e21");
    CHECK_EQ(ToText(Value::Double(1e-7)), "1e-7");
    CHECK_EQ(ToText(Value::Double(0.1F, Plain(TypeId::kFloat32))), "0.1");
    CHECK_EQ(ToText(Value::Decimal(5, 10, 2)), "0.05");
    CHECK_EQ(ToText(Value::Decimal(-5, 10, 0)), "-5");
    CHECK_EQ(DateText(19000), "2022-01-08");
    CHECK_EQ(DateText(-1), "1969-12-31");
    CHECK_EQ(TimestampText(-1, false), "1969-12-31T23:59:59.999999");
    CHECK_EQ(TimestampText(1700000000123456, true), "2023-11-14T22:13:20.123456Z");
    CHECK_EQ(TimestampText(INT64_MIN, false).substr(6), "-12-21T19:59:05.224192");
    CHECK_EQ(TimeText(86399500000), "23:59:59.500");
    CHECK_EQ(UuidText(*ParseUuid("00010203-0405-0607-0809-0A0B0C0D0E0F")),
             "00010203-0405-0607-0809-0a0b0c0d0e0f");
    CHECK(ParseUuid("{00010203-0405-0607-0809-0a0b0c0d0e0f}") &&
          ParseUuid("000102030405060708090a0b0c0d0e0f"));
    CHECK(!ParseUuid("00010203-0405-0607-0809-0a0b0c0d0e0"));
}

TEST(times_are_read_in_arrow_forms) {
    CHECK_EQ(*ParseTimestamp("2024-01-02T03:04:05.678901"), 1704164645678901);
    CHECK_EQ(*ParseTimestamp("2024-01-02 03:04:05Z"), 1704164645000000);
    CHECK_EQ(*ParseTimestamp("2024-01-02T03:04:05+01:00"), 1704161045000000);
    CHECK_EQ(*ParseTimestamp("2024-01-02"), 1704153600000000);
    CHECK_EQ(
        ParseTimestamp("junk").error(),
        "Parser error: Error parsing timestamp from 'junk': timestamp must contain at least 10 characters");
    CHECK(!ParseTimestamp("2024-13-02T03:04:05"));
    CHECK(!ParseTimestamp("2024-01-02T03:04:05+"));
    CHECK_EQ(*ParseTime("23:59:59.5"), 86399500000);
    CHECK(!ParseTime("24:00:00"));
    CHECK(!ParseDate("2023-02-29"));
}

TEST(keys_are_parsed_by_their_type) {
    CHECK_EQ(ParseKey("-7", Plain(TypeId::kInt64))->as_int(), -7);
    CHECK_EQ(ParseKey("x7", Plain(TypeId::kInt64)).error(),
             "Failed to parse 'x7' as Int64: invalid digit found in string");
    CHECK_EQ(ParseKey("", Plain(TypeId::kInt32)).error(),
             "Failed to parse '' as Int32: cannot parse integer from empty string");
    CHECK_EQ(ParseKey("40000", Plain(TypeId::kInt16)).error(),
             "Failed to parse '40000' as Int16: number too large to fit in target type");
    CHECK_EQ(ParseKey("1.5", Plain(TypeId::kFloat64))->as_double(), 1.5);
    CHECK(ParseKey("true", Plain(TypeId::kBoolean))->as_bool());
    CHECK(!ParseKey("TRUE", Plain(TypeId::kBoolean)));
    CHECK_EQ(ParseKey("'quoted'", Plain(TypeId::kUtf8))->bytes(), "'quoted'");
}

TEST(order_is_by_bytes_and_numbers) {
    CHECK(Compare(Value::Text("Echo"), Value::Text("alpha")) < 0);
    CHECK(Compare(Value::Text("alpha"), Value::Text("éclair")) < 0);
    CHECK(Compare(Value::Int(2), Value::Double(2.5)) < 0);
    CHECK(Compare(Value(), Value::Int(0)) > 0);
    CHECK(Compare(Value::Decimal(350, 10, 2), Value::Decimal(35, 10, 1)) == 0);
    CHECK_EQ(HashValue(Value::Text("a")), HashValue(Value::Text("a")));
}

TEST(recorded_coercions) {
    CHECK_EQ(Coerced(Value::Text("true"), "BOOLEAN"), "true");
    CHECK_EQ(Coerced(Value::Text("12"), "SMALLINT"), "12");
    CHECK_EQ(Coerced(Value::Double(0.1), "FLOAT"), "0.1");
    CHECK_EQ(Coerced(Value::Int(3, Plain(TypeId::kInt32)), "DOUBLE"), "3.0");
    CHECK_EQ(Coerced(Value::Int(9, Plain(TypeId::kInt32)), "TEXT"), "9");
    CHECK_EQ(Coerced(Value::Text("2024-01-02T03:04:05.678901"), "TIMESTAMP"), "2024-01-02T03:04:05.678901");
    CHECK_EQ(Coerced(Value::Text("2024-01-02T03:04:05Z"), "DATETIME"), "2024-01-02T03:04:05Z");
    CHECK_EQ(Coerced(Value::Text("2024-02-29"), "DATE"), "2024-02-29");
    CHECK_EQ(Coerced(Value::Text("23:59:59.5"), "TIME"), "23:59:59.500");
    CHECK_EQ(Coerced(Value::Text("abc"), "BYTES"), "616263");
    CHECK_EQ(Coerced(Value::Text("99.5"), "DECIMAL(10, 2)"), "99.50");
    CHECK_EQ(Coerced(Value::Text("[1,2,3]"), "EMBEDDING(3)"), "[1.0, 2.0, 3.0]");
    CHECK_EQ(Coerced(Value::Int(5), "TIMESTAMP"), "1970-01-01T00:00:00.000005");
    CHECK_EQ(Coerced(Value::Int(5, Plain(TypeId::kTimestampMs)), "TIMESTAMP"), "1970-01-01T00:00:00.005");
    CHECK_EQ(Coerced(Value::Decimal(12345, 10, 3), "DECIMAL(10, 2)"), "12.35");
    CHECK(CoerceToColumn(Value::Null(Plain(TypeId::kUtf8)), Kalam("INT"), "c")->is_null());
    CHECK_EQ(CoerceToColumn(Value(), Kalam("UUID"), "c")->type().size, 16);
}

TEST(recorded_coercion_errors) {
    CHECK_EQ(CoercionError(Value::Text("not a number"), "INT", "i"),
             "Unable to cast value Utf8 to Int32 for column 'i': Arrow error: Cast error: Cannot cast string "
             "'not a number' to "
             "value of Int32 type");
    CHECK_EQ(CoercionError(Value::Int(70000, Plain(TypeId::kInt32)), "SMALLINT", "si"),
             "Unable to cast value Int32 to Int16 for column 'si': Arrow error: Cast error: Can't cast value "
             "70000 to type Int16");
    CHECK_EQ(CoercionError(Value::Null(Plain(TypeId::kUtf8)), "UUID", "u"),
             "Unable to coerce value FixedSizeBinary(16) to UUID for column 'u'");
    const float two[] = {1, 2};
    CHECK_EQ(CoercionError(Value::Floats(two), "EMBEDDING(3)", "e"),
             "Unable to cast value FixedSizeList(Field { data_type: Float32, nullable: true }, 2) to "
             "FixedSizeList(Field { "
             "data_type: Float32 }, 3) for column 'e': Arrow error: Cast error: cannot cast fixed-size-list "
             "to fixed-size-list "
             "with different size");
    CHECK_EQ(CoercionError(Value::Decimal(123456789012, 12, 2), "DECIMAL(10, 2)", "dc"),
             "Unable to cast value Decimal128(12, 2) to Decimal128(10, 2) for column 'dc': Arrow error: "
             "Invalid argument error: "
             "1234567890.12 is too large to store in a Decimal128 of precision 10. Max is 99999999.99");
    CHECK_EQ(CoercionError(Value::Text("[1,2]"), "EMBEDDING(3)", "e"),
             "Embedding dimension mismatch for column 'e': expected 3, got 2");
    CHECK_EQ(CoercionError(Value::Bytes("abc"), "UUID", "u"),
             "UUID binary literal must be 16 bytes for column 'u', got 3");
}

TEST(extreme_casts_do_not_overflow) {
    CHECK(!CastValue(Value::Double(1e300), Plain(TypeId::kInt64)));
    CHECK(!CastValue(Value::Double(__builtin_nan("")), Plain(TypeId::kInt32)));
    CHECK(!CastValue(Value::UInt(UINT64_MAX), Plain(TypeId::kInt64)));
    CHECK(!CastValue(Value::Int(INT64_MAX, Plain(TypeId::kTimestampMs)), Plain(TypeId::kTimestampUs)));
    CHECK(!CastValue(Value::UInt(UINT64_MAX), Plain(TypeId::kTimestampUs)));
    CHECK(!CastValue(Value::Text("1e999"), DecimalType(38, 2)));
    CHECK(!CastValue(Value::Int(INT64_MIN), DecimalType(10, 2)));
    CHECK_EQ(ToText(*CastValue(Value::Text("1e-500"), DecimalType(38, 2))), "0.00");
    CHECK_EQ(CastValue(Value::Text("-9223372036854775808"), Plain(TypeId::kInt64))->as_int(), INT64_MIN);
}

TEST(invented_values) {
    CHECK_EQ(InventedValue(Kalam("TEXT")), Value::Text(""));
    CHECK_EQ(InventedValue(Kalam("INT")), Value::Int(0, Plain(TypeId::kInt32)));
    CHECK(InventedValue(Kalam("UUID")).is_null());
    CHECK(InventedValue(Kalam("DECIMAL(5, 1)")).is_null());
}
