// See column_parser.h.
#include "devserver/sql/column_parser.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "devserver/sql/names.h"
#include "devserver/values/value_text.h"

namespace kalam::devserver::sql {
namespace {

constexpr int kMaxDimension = 8192;
constexpr int kMaxPrecision = 38;
constexpr int kDefaultDecimalScale = 10;

struct TypeName {
    std::string_view name;  // lower case
    KalamKind kind;
    bool serial = false;
};

constexpr auto kTypeNames = std::to_array<TypeName>({
    {"boolean", KalamKind::kBoolean},
    {"bool", KalamKind::kBoolean},
    {"smallint", KalamKind::kSmallInt},
    {"int2", KalamKind::kSmallInt},
    {"int", KalamKind::kInt},
    {"integer", KalamKind::kInt},
    {"int4", KalamKind::kInt},
    {"mediumint", KalamKind::kInt},
    {"signed", KalamKind::kInt},
    {"bigint", KalamKind::kBigInt},
    {"int8", KalamKind::kBigInt},
    {"int64", KalamKind::kBigInt},
    {"float", KalamKind::kFloat},
    {"real", KalamKind::kFloat},
    {"float4", KalamKind::kFloat},
    {"double", KalamKind::kDouble},
    {"float8", KalamKind::kDouble},
    {"float64", KalamKind::kDouble},
    {"text", KalamKind::kText},
    {"string", KalamKind::kText},
    {"char", KalamKind::kText},
    {"character", KalamKind::kText},
    {"varchar", KalamKind::kText},
    {"nvarchar", KalamKind::kText},
    {"clob", KalamKind::kText},
    {"array", KalamKind::kText},
    {"enum", KalamKind::kText},
    {"set", KalamKind::kText},
    {"struct", KalamKind::kText},
    {"json", KalamKind::kJson},
    {"jsonb", KalamKind::kJson},
    {"file", KalamKind::kFile},
    {"bytes", KalamKind::kBytes},
    {"bytea", KalamKind::kBytes},
    {"blob", KalamKind::kBytes},
    {"binary", KalamKind::kBytes},
    {"varbinary", KalamKind::kBytes},
    {"uuid", KalamKind::kUuid},
    {"date", KalamKind::kDate},
    {"time", KalamKind::kTime},
    {"timestamp", KalamKind::kTimestamp},
    {"timestamptz", KalamKind::kTimestamp},
    {"datetime", KalamKind::kDateTime},
    {"decimal", KalamKind::kDecimal},
    {"embedding", KalamKind::kEmbedding},
    {"serial", KalamKind::kInt, true},
    {"serial4", KalamKind::kInt, true},
    {"bigserial", KalamKind::kBigInt, true},
    {"serial8", KalamKind::kBigInt, true},
    {"smallserial", KalamKind::kSmallInt, true},
    {"serial2", KalamKind::kSmallInt, true},
});

// What sqlparser calls the types that KalamDB knows and refuses.
struct RefusedType {
    std::string_view name;
    std::string_view debug;
};
constexpr auto kRefused = std::to_array<RefusedType>({
    {"numeric", "Numeric"},
    {"dec", "Dec"},
    {"tinyint", "TinyInt"},
    {"int1", "TinyInt"},
    {"interval", "Interval"},
});

// "(10, 2)" -> the numbers; empty when there is no parenthesis.
std::vector<std::string> ParseParameters(Cursor &cursor) {
    std::vector<std::string> parameters;
    if (!cursor.AcceptSymbol("(")) return parameters;
    while (!cursor.Peek().IsSymbol(")")) {
        if (cursor.AtEnd()) cursor.FailExpected(")");
        parameters.push_back(std::string(cursor.Next().raw));
        if (!cursor.AcceptSymbol(",") && !cursor.Peek().IsSymbol(")")) cursor.FailExpected(")");
    }
    cursor.ExpectSymbol(")");
    return parameters;
}

int ToInt(const std::string &text) {
    int value = -1;
    const auto parsed = std::from_chars(text.data(), text.data() + text.size(), value);
    return parsed.ec == std::errc() && parsed.ptr == text.data() + text.size() ? value : -1;
}

std::string DebugParameters(const std::vector<std::string> &parameters) {
    if (parameters.empty()) return "None";
    if (parameters.size() == 1) return "Precision(" + parameters[0] + ")";
    return "PrecisionAndScale(" + parameters[0] + ", " + parameters[1] + ")";
}

[[noreturn]] void Refuse(const std::string &name, const std::vector<std::string> &parameters) {
    for (const RefusedType &refused : kRefused)
        if (refused.name == name)
            throw SqlError{"Unsupported data type: " + std::string(refused.debug) + "(" +
                           DebugParameters(parameters) + ")"};
    throw SqlError{"Unsupported custom data type '" + name + "'"};
}

void SetDecimal(KalamType &type, const std::vector<std::string> &parameters) {
    const int precision = parameters.empty() ? kMaxPrecision : ToInt(parameters[0]);
    const int scale =
        parameters.size() > 1 ? ToInt(parameters[1]) : (parameters.empty() ? kDefaultDecimalScale : 0);
    if (precision < 1 || precision > kMaxPrecision || scale < 0 || scale > precision)
        throw SqlError{"Invalid DECIMAL precision or scale"};
    type.precision = static_cast<std::uint8_t>(precision);
    type.scale = static_cast<std::uint8_t>(scale);
}

void SetDimension(KalamType &type, const std::vector<std::string> &parameters) {
    const int dimension = parameters.size() == 1 ? ToInt(parameters[0]) : -1;
    if (dimension < 1)
        throw SqlError{"EMBEDDING type requires exactly one dimension parameter, e.g., EMBEDDING(384)"};
    if (dimension > kMaxDimension)
        throw SqlError{"EMBEDDING dimension must be at most " + std::to_string(kMaxDimension) + " (found " +
                       std::to_string(dimension) + ")"};
    type.dimension = dimension;
}

// The words that may follow a type name: DOUBLE PRECISION, CHARACTER VARYING, TIMESTAMP (3) WITH TIME ZONE.
void SkipTypeWords(Cursor &cursor) {
    if (cursor.AcceptWord("PRECISION") || cursor.AcceptWord("VARYING") || cursor.AcceptWord("UNSIGNED"))
        return;
    if (!cursor.AcceptWords({"WITH", "TIME", "ZONE"})) cursor.AcceptWords({"WITHOUT", "TIME", "ZONE"});
}

// Rust's debug form of a string.
std::string DebugString(std::string_view text) {
    std::string out = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\') out += '\\';
        if (c == '\n')
            out += "\\n";
        else if (c == '\t')
            out += "\\t";
        else if (c == '\r')
            out += "\\r";
        else
            out += c;
    }
    return out + "\"";
}

DefaultValue Literal(Value value, std::string catalog) {
    DefaultValue result;
    result.kind = DefaultValue::Kind::kLiteral;
    result.literal = std::move(value);
    result.catalog = std::move(catalog);
    return result;
}

Value NumberValue(const std::string &text) {
    std::int64_t integer = 0;
    const auto whole = std::from_chars(text.data(), text.data() + text.size(), integer);
    if (whole.ec == std::errc() && whole.ptr == text.data() + text.size()) return Value::Int(integer);
    double real = 0;
    std::from_chars(text.data(), text.data() + text.size(), real);
    return Value::Double(real);
}

DefaultValue NamedDefault(const Token &word, bool called) {
    struct FunctionName {
        std::string_view name;
        DefaultValue::Kind kind;
    };
    static constexpr auto kFunctions = std::to_array<FunctionName>({
        {"NOW", DefaultValue::Kind::kNow},
        {"CURRENT_TIMESTAMP", DefaultValue::Kind::kNow},
        {"SNOWFLAKE_ID", DefaultValue::Kind::kSnowflakeId},
        {"UUID_V7", DefaultValue::Kind::kUuidV7},
        {"ULID", DefaultValue::Kind::kUlid},
        {"CURRENT_USER", DefaultValue::Kind::kCurrentUser},
    });
    const std::string upper = ToUpper(word.text);
    for (const FunctionName &function : kFunctions) {
        const bool bare = function.name.starts_with("CURRENT_");
        if (function.name != upper || (!called && !bare)) continue;
        DefaultValue result;
        result.kind = function.kind;
        result.catalog = upper + "()";
        return result;
    }
    // Any other function or identifier is stored as a string of its own text.
    return Literal(Value::Text(std::string(word.raw) + (called ? "()" : "")),
                   DebugString(std::string(word.raw) + (called ? "()" : "")));
}

DefaultValue ParseDefaultValue(Cursor &cursor) {
    if (cursor.AcceptSymbol("(")) {
        DefaultValue inner = ParseDefaultValue(cursor);
        cursor.ExpectSymbol(")");
        return inner;
    }
    const bool negative = cursor.AcceptSymbol("-");
    const Token token = cursor.Peek();
    if (token.kind == TokenKind::kNumber) {
        cursor.Next();
        const std::string text = (negative ? "-" : "") + token.text;
        const Value number = NumberValue(text);
        const bool whole = number.id() == TypeId::kInt64;
        return Literal(number, "Number(" + (whole ? text : FloatText(number.as_double(), false)) + ")");
    }
    if (negative || token.kind == TokenKind::kEnd || token.kind == TokenKind::kSymbol)
        cursor.FailExpected("an expression");
    cursor.Next();
    if (token.kind == TokenKind::kString)
        return Literal(Value::Text(token.text), "String(" + DebugString(token.text) + ")");
    if (token.IsWord("NULL")) return Literal(Value(), "Null");
    if (token.IsWord("TRUE") || token.IsWord("FALSE"))
        return Literal(Value::Bool(token.IsWord("TRUE")),
                       token.IsWord("TRUE") ? "Bool(true)" : "Bool(false)");
    const bool called = cursor.Peek().IsSymbol("(");
    if (called) cursor.SkipParentheses();
    return NamedDefault(token, called);
}

}  // namespace

ParsedType ParseType(Cursor &cursor) {
    const std::string name = FoldCase(cursor.ExpectName().text);
    std::vector<std::string> parameters;
    SkipTypeWords(cursor);
    parameters = ParseParameters(cursor);
    SkipTypeWords(cursor);
    if (cursor.AcceptSymbol("[")) {
        cursor.ExpectSymbol("]");
        return {KalamType{.kind = KalamKind::kText}, false};
    }
    const auto known = std::find_if(kTypeNames.begin(), kTypeNames.end(),
                                    [&](const TypeName &type) { return type.name == name; });
    ParsedType parsed;
    if (known == kTypeNames.end()) {
        if (!name.ends_with("text") && !name.ends_with("string")) Refuse(name, parameters);
        return parsed;
    }
    parsed.type.kind = known->kind;
    parsed.serial = known->serial;
    if (known->kind == KalamKind::kDecimal) SetDecimal(parsed.type, parameters);
    if (known->kind == KalamKind::kEmbedding) SetDimension(parsed.type, parameters);
    return parsed;
}

DefaultValue ParseDefault(Cursor &cursor) {
    const Token &first = cursor.Peek();
    const char *begin = first.raw.data();
    DefaultValue result = ParseDefaultValue(cursor);
    while (cursor.AcceptSymbol("::")) ParseType(cursor);
    const Token &after = cursor.Peek();
    std::string_view written(begin, static_cast<std::size_t>(after.raw.data() - begin));
    while (!written.empty() && (written.back() == ' ' || written.back() == '\n')) written.remove_suffix(1);
    result.sql = written;
    return result;
}

DefaultValue SnowflakeDefault() {
    DefaultValue result;
    result.kind = DefaultValue::Kind::kSnowflakeId;
    result.catalog = "SNOWFLAKE_ID()";
    result.sql = "SNOWFLAKE_ID()";
    return result;
}

}  // namespace kalam::devserver::sql
