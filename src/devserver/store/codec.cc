// Writes and reads rows and table definitions in the data file's forms; see codec.h.
#include "devserver/store/codec.h"

#include <rapidjson/document.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <cstring>
#include <stdexcept>

namespace kalam::devserver {

namespace {

constexpr uint8_t kNullFlag = 1, kUtcFlag = 2;

template <typename T>
void Append(std::string &out, T value) {
    out.append(reinterpret_cast<const char *>(&value), sizeof value);
}

template <typename T>
T Take(std::string_view &in) {
    if (in.size() < sizeof(T)) throw std::runtime_error("a stored row is cut short");
    T value;
    std::memcpy(&value, in.data(), sizeof value);
    in.remove_prefix(sizeof value);
    return value;
}

bool HasBytes(TypeId id) {
    return IsText(id) || IsBinary(id) || id == TypeId::kFixedSizeBinary || id == TypeId::kEmbedding;
}

void AppendPayload(std::string &out, const Value &value) {
    if (HasBytes(value.id())) {
        Append(out, static_cast<uint32_t>(value.bytes().size()));
        out.append(value.bytes());
    } else if (value.id() == TypeId::kDecimal128) {
        Append(out, value.as_decimal());
    } else if (IsFloat(value.id())) {
        Append(out, value.as_double());
    } else {
        Append(out, value.as_int());
    }
}

std::string_view TakeBytes(std::string_view &in) {
    const uint32_t length = Take<uint32_t>(in);
    if (in.size() < length) throw std::runtime_error("a stored row is cut short");
    const std::string_view bytes = in.substr(0, length);
    in.remove_prefix(length);
    return bytes;
}

Value TakePayload(std::string_view &in, const DataType &type) {
    if (HasBytes(type.id)) {
        const std::string_view bytes = TakeBytes(in);
        if (IsText(type.id)) return Value::Text(bytes, type);
        if (type.id != TypeId::kEmbedding) return Value::Bytes(bytes, type);
        std::vector<float> floats(bytes.size() / sizeof(float));
        std::memcpy(floats.data(), bytes.data(), floats.size() * sizeof(float));
        return Value::Floats(floats);
    }
    if (type.id == TypeId::kDecimal128) return Value::Decimal(Take<Int128>(in), type.precision, type.scale);
    if (IsFloat(type.id)) return Value::Double(Take<double>(in), type);
    const int64_t integer = Take<int64_t>(in);
    return type.id == TypeId::kBoolean ? Value::Bool(integer != 0) : Value::Int(integer, type);
}

using Writer = rapidjson::Writer<rapidjson::StringBuffer>;

void Put(Writer &writer, const char *key, std::string_view text) {
    writer.Key(key);
    writer.String(text.data(), static_cast<rapidjson::SizeType>(text.size()));
}

void Put(Writer &writer, const char *key, int64_t number) {
    writer.Key(key);
    writer.Int64(number);
}

std::string_view Text(const rapidjson::Value &object, const char *key) {
    const rapidjson::Value &text = object[key];
    return {text.GetString(), text.GetStringLength()};
}

// The literal of a default is kept in the row encoding, as hexadecimal digits.
std::string Hex(std::string_view bytes) {
    constexpr char kDigits[] = "0123456789abcdef";
    std::string out;
    for (const char c : bytes) {
        out += kDigits[(c >> 4) & 0xf];
        out += kDigits[c & 0xf];
    }
    return out;
}

std::string Unhex(std::string_view digits) {
    std::string out;
    for (size_t i = 0; i + 1 < digits.size(); i += 2) {
        out += static_cast<char>(std::stoi(std::string(digits.substr(i, 2)), nullptr, 16));
    }
    return out;
}

void WriteColumn(Writer &writer, const Column &column) {
    writer.StartObject();
    Put(writer, "name", column.name);
    Put(writer, "type", SqlName(column.type));
    Put(writer, "not_null", int64_t{column.not_null});
    Put(writer, "key", int64_t{column.key});
    Put(writer, "slot", int64_t{column.slot});
    Put(writer, "id", column.id);
    Put(writer, "default_kind", static_cast<int64_t>(column.default_value.kind));
    Put(writer, "default_literal", Hex(EncodeCells({column.default_value.literal})));
    Put(writer, "default_catalog", column.default_value.catalog);
    Put(writer, "default_sql", column.default_value.sql);
    writer.EndObject();
}

Column ReadColumn(const rapidjson::Value &object) {
    Column column;
    column.name = Text(object, "name");
    const auto type = FromSqlName(Text(object, "type"));
    if (!type) throw std::runtime_error("a stored table has a column of unknown type");
    column.type = *type;
    column.not_null = object["not_null"].GetInt64() != 0;
    column.key = object["key"].GetInt64() != 0;
    column.slot = static_cast<int>(object["slot"].GetInt64());
    column.id = object["id"].GetInt64();
    column.default_value.kind = static_cast<sql::DefaultValue::Kind>(object["default_kind"].GetInt64());
    const auto literal = DecodeCells(Unhex(Text(object, "default_literal")));
    if (!literal.empty()) column.default_value.literal = literal[0];
    column.default_value.catalog = Text(object, "default_catalog");
    column.default_value.sql = Text(object, "default_sql");
    return column;
}

void WriteOptions(Writer &writer, const TableDef &def) {
    Put(writer, "kind", static_cast<int64_t>(def.kind));
    Put(writer, "storage_id", def.storage_id);
    Put(writer, "use_user_storage", int64_t{def.use_user_storage});
    Put(writer, "ttl_seconds", static_cast<int64_t>(def.ttl_seconds));
    Put(writer, "access_level", static_cast<int64_t>(def.access_level));
    if (!def.flush_policy) return;
    Put(writer, "flush_rows", int64_t{def.flush_policy->rows.value_or(0)});
    Put(writer, "flush_interval", int64_t{def.flush_policy->interval_seconds.value_or(0)});
}

void ReadOptions(const rapidjson::Value &object, TableDef &def) {
    def.kind = static_cast<sql::TableKind>(object["kind"].GetInt64());
    def.storage_id = Text(object, "storage_id");
    def.use_user_storage = object["use_user_storage"].GetInt64() != 0;
    def.ttl_seconds = static_cast<uint64_t>(object["ttl_seconds"].GetInt64());
    def.access_level = static_cast<sql::AccessLevel>(object["access_level"].GetInt64());
    if (!object.HasMember("flush_rows")) return;
    def.flush_policy.emplace();
    if (const auto rows = object["flush_rows"].GetInt64()) def.flush_policy->rows = rows;
    if (const auto seconds = object["flush_interval"].GetInt64()) {
        def.flush_policy->interval_seconds = seconds;
    }
}

}  // namespace

std::string EncodeCells(const std::vector<Value> &cells) {
    std::string out;
    for (size_t slot = 0; slot < cells.size(); ++slot) {
        const Value &value = cells[slot];
        const DataType type = value.type();
        if (type.id == TypeId::kNull) continue;
        Append(out, static_cast<uint16_t>(slot));
        Append(out, static_cast<uint8_t>(type.id));
        Append(out, static_cast<uint8_t>((value.is_null() ? kNullFlag : 0) | (type.utc ? kUtcFlag : 0)));
        Append(out, type.precision);
        Append(out, type.scale);
        Append(out, type.size);
        if (!value.is_null()) AppendPayload(out, value);
    }
    return out;
}

std::vector<Value> DecodeCells(std::string_view bytes) {
    std::vector<Value> cells;
    while (!bytes.empty()) {
        const size_t slot = Take<uint16_t>(bytes);
        DataType type;
        type.id = static_cast<TypeId>(Take<uint8_t>(bytes));
        const uint8_t flags = Take<uint8_t>(bytes);
        type.utc = (flags & kUtcFlag) != 0;
        type.precision = Take<uint8_t>(bytes);
        type.scale = Take<int8_t>(bytes);
        type.size = Take<int32_t>(bytes);
        if (cells.size() <= slot) cells.resize(slot + 1);
        cells[slot] = (flags & kNullFlag) ? Value::Null(type) : TakePayload(bytes, type);
    }
    return cells;
}

std::string EncodeTable(const TableDef &def) {
    rapidjson::StringBuffer buffer;
    Writer writer(buffer);
    writer.StartObject();
    Put(writer, "id", def.id);
    Put(writer, "namespace", def.name.ns);
    Put(writer, "name", def.name.table);
    Put(writer, "version", def.version);
    Put(writer, "created_us", def.created_us);
    Put(writer, "updated_us", def.updated_us);
    WriteOptions(writer, def);
    writer.Key("slots");
    writer.StartArray();
    for (const std::string &slot : def.slots) {
        writer.String(slot.data(), static_cast<rapidjson::SizeType>(slot.size()));
    }
    writer.EndArray();
    writer.Key("columns");
    writer.StartArray();
    for (const Column &column : def.columns) WriteColumn(writer, column);
    writer.EndArray();
    writer.EndObject();
    return {buffer.GetString(), buffer.GetSize()};
}

TableDef DecodeTable(std::string_view json) {
    rapidjson::Document object;
    object.Parse(json.data(), json.size());
    if (object.HasParseError() || !object.IsObject()) {
        throw std::runtime_error("a stored table definition cannot be read");
    }
    TableDef def;
    def.id = object["id"].GetInt64();
    def.name.ns = Text(object, "namespace");
    def.name.table = Text(object, "name");
    def.version = object["version"].GetInt64();
    def.created_us = object["created_us"].GetInt64();
    def.updated_us = object["updated_us"].GetInt64();
    ReadOptions(object, def);
    for (const auto &slot : object["slots"].GetArray()) {
        def.slots.emplace_back(slot.GetString(), slot.GetStringLength());
    }
    for (const auto &column : object["columns"].GetArray()) def.columns.push_back(ReadColumn(column));
    return def;
}

}  // namespace kalam::devserver
