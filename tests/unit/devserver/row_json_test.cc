// The tagged row JSON: every variant, and serde_json's words for what is malformed (recorded conversation json_errors).
#include "devserver/values/row_json.h"

#include "check.h"
#include "devserver/values/value_text.h"

using namespace kalam::devserver;

namespace {

std::string ErrorOf(std::string_view json) {
    const auto row = ReadRowJson(json);
    return row ? "no error" : row.error();
}

Value ReadOne(const std::string &tagged) {
    const auto row = ReadRowJson("{\"c\": " + tagged + "}");
    if (!row) throw std::runtime_error(row.error());
    return row->at(0).value;
}

constexpr char kVariants[] =
    "expected one of `Null`, `Boolean`, `Float32`, `Float64`, `Int8`, `Int16`, `Int32`, `Int64`, `UInt8`, "
    "`UInt16`, "
    "`UInt32`, `UInt64`, `Utf8`, `LargeUtf8`, `Binary`, `LargeBinary`, `FixedSizeBinary`, `Date32`, "
    "`Time64Microsecond`, "
    "`TimestampMillisecond`, `TimestampMicrosecond`, `TimestampNanosecond`, `Decimal128`, `Embedding`, "
    "`Fallback`";

}  // namespace

TEST(reads_every_scalar_variant) {
    CHECK_EQ(ReadOne(R"({"Boolean":true})"), Value::Bool(true));
    CHECK_EQ(ReadOne(R"({"Int8":-128})"), Value::Int(-128, Plain(TypeId::kInt8)));
    CHECK_EQ(ReadOne(R"({"Int32":2147483647})"), Value::Int(2147483647, Plain(TypeId::kInt32)));
    CHECK_EQ(ReadOne(R"({"Int64":"9007199254740993"})"), Value::Int(9007199254740993));
    CHECK_EQ(ReadOne(R"({"UInt64":"18446744073709551615"})").as_uint(), UINT64_MAX);
    CHECK_EQ(ReadOne(R"({"Float32":0.1})").as_double(), static_cast<double>(0.1F));
    CHECK_EQ(ReadOne(R"({"Float64":3})"), Value::Double(3));
    CHECK_EQ(ReadOne(R"({"Utf8":"a longer text than fits inside"})"),
             Value::Text("a longer text than fits inside"));
    CHECK_EQ(ReadOne(R"({"Fallback":"fb"})"), Value::Text("fb"));
    CHECK_EQ(ReadOne(R"({"Date32":19000})"), Value::Int(19000, Plain(TypeId::kDate32)));
    CHECK_EQ(ReadOne(R"({"Time64Microsecond":3600000001})"), Value::Int(3600000001, Plain(TypeId::kTime64)));
}

TEST(reads_every_compound_variant) {
    CHECK_EQ(ReadOne(R"({"Binary":[0,255,16]})").bytes(), std::string_view("\x00\xff\x10", 3));
    const Value uuid = ReadOne(R"({"FixedSizeBinary":{"size":3,"value":[1,2,3]}})");
    CHECK_EQ(uuid.type().size, 3);
    const Value time = ReadOne(R"({"TimestampMicrosecond":{"value":5,"timezone":"UTC"}})");
    CHECK_EQ(time.as_int(), 5);
    CHECK(time.type().utc);
    CHECK(!ReadOne(R"({"TimestampMillisecond":{"value":5,"timezone":null}})").type().utc);
    const Value decimal = ReadOne(R"({"Decimal128":{"value":"-12345","precision":10,"scale":2}})");
    CHECK_EQ(ToText(decimal), "-123.45");
    CHECK_EQ(ToText(ReadOne(R"({"Decimal128":{"scale":1,"precision":3,"value":15}})")), "1.5");
    const Value vector = ReadOne(R"({"Embedding":{"size":3,"values":[1.0,null,0.5]}})");
    CHECK_EQ(vector.floats().size(), 3U);
    CHECK_EQ(vector.floats()[1], 0.0F);
    CHECK_EQ(ReadOne(R"({"Embedding":{"size":2,"values":null}})").floats().size(), 2U);
}

TEST(nulls_keep_their_type) {
    CHECK_EQ(ReadOne("\"Null\"").id(), TypeId::kNull);
    CHECK_EQ(ReadOne(R"({"Null":null})").id(), TypeId::kNull);
    CHECK_EQ(ReadOne(R"({"Utf8":null})").id(), TypeId::kUtf8);
    CHECK(ReadOne(R"({"Utf8":null})").is_null());
    CHECK_EQ(ReadOne(R"({"FixedSizeBinary":{"size":16,"value":null}})").type().size, 16);
    // A 64-bit integer whose string is no number is NULL without a word.
    CHECK(ReadOne(R"({"Int64":"xyz"})").is_null());
    CHECK_EQ(ReadOne(R"({"Int64":"xyz"})").id(), TypeId::kInt64);
}

TEST(strings_are_unescaped) {
    CHECK_EQ(ReadOne(R"({"Utf8":"h\u00e9llo \u2603 \ud83d\ude00 \"\\\/\n"})").bytes(), "héllo ☃ 😀 \"\\/\n");
    const auto row = ReadRowJson(R"({"a\u0062": {"Utf8": "x"}})");
    CHECK_EQ(row->at(0).name, "ab");
}

TEST(last_of_equal_names_counts) {
    const auto row = ReadRowJson(R"({"a": {"Int32": 1}, "b": "Null", "a": {"Int32": 2}})");
    CHECK_EQ(row->size(), 2U);
    CHECK_EQ(row->at(0).value.as_int(), 2);
}

TEST(recorded_errors) {
    CHECK_EQ(ErrorOf(""), "EOF while parsing a value at line 1 column 0");
    CHECK_EQ(ErrorOf("[]"), "invalid type: sequence, expected a map at line 1 column 0");
    CHECK_EQ(ErrorOf("3"), "invalid type: integer `3`, expected a map at line 1 column 1");
    CHECK_EQ(ErrorOf("{"), "EOF while parsing an object at line 1 column 1");
    CHECK_EQ(ErrorOf(R"({"id": 1})"), "expected value at line 1 column 8");
    CHECK_EQ(ErrorOf(R"({"id": null})"), "expected value at line 1 column 8");
    CHECK_EQ(ErrorOf(R"({"id": {"Int32": 1, "Int64": "2"}})"), "expected value at line 1 column 18");
    CHECK_EQ(ErrorOf(R"({"id": {"Int33": 1}})"),
             std::string("unknown variant `Int33`, ") + kVariants + " at line 1 column 15");
    CHECK_EQ(ErrorOf(R"({"id": {"Int32": "1"}})"),
             "invalid type: string \"1\", expected i32 at line 1 column 20");
    CHECK_EQ(ErrorOf(R"({"id": {"Int32": 3000000000}})"),
             "invalid value: integer `3000000000`, expected i32 at line 1 column 27");
    CHECK_EQ(ErrorOf(R"({"id": {"Int32": 1}, "n": {"Int64": 5}})"),
             "invalid type: integer `5`, expected a string at line 1 column 37");
    CHECK_EQ(ErrorOf(R"({"id": "abc"})"),
             std::string("unknown variant `abc`, ") + kVariants + " at line 1 column 12");
}

TEST(other_errors_have_places) {
    CHECK_EQ(ErrorOf("{\"a\": \"Null\"\n,}"), "trailing comma at line 2 column 2");
    CHECK_EQ(ErrorOf(R"({"a": "Null"} x)"), "trailing characters at line 1 column 15");
    CHECK_EQ(ErrorOf(R"({"a" "Null"})"), "expected `:` at line 1 column 6");
    CHECK_EQ(ErrorOf(R"({1: "Null"})"), "key must be a string at line 1 column 2");
    CHECK_EQ(ErrorOf(R"({"a": {"Decimal128":{"value":"1","scale":1}}})"),
             "missing field `precision` at line 1 column 43");
    CHECK_EQ(ErrorOf(R"({"a": {"Int8": 1.5}})"),
             "invalid type: floating point `1.5`, expected i8 at line 1 column 18");
    CHECK_EQ(ErrorOf(R"({"a": {"Utf8": "x)"), "EOF while parsing a string at line 1 column 17");
    CHECK_EQ(ErrorOf(R"({"a": {"Int32": 01}})"), "invalid number at line 1 column 18");
}
