// Schema and record-batch messages around the columns' buffers. See ipc_writer.h.
//
// Layout of a stream: for each message a continuation marker (0xFFFFFFFF), the metadata's length, the
// metadata (a FlatBuffer, padded), then the body; the end is a marker with length 0. Everything starts on a
// multiple of kAlignment.
#include "devserver/arrow/ipc_writer.h"

#include <algorithm>

#include "arrow_ipc_generated.h"
#include "devserver/arrow/column_builder.h"

namespace kalam::devserver::arrow {
namespace {

namespace fb = ::kalam::arrow;
using Builder = flatbuffers::FlatBufferBuilder;

constexpr std::size_t kAlignment = 64;  // what KalamDB's writer uses; the format asks for 8
constexpr std::size_t kPrefixBytes = 8;

std::size_t Padded(std::size_t size) {
    return (size + kAlignment - 1) / kAlignment * kAlignment;
}

struct TypeOffset {
    fb::Type kind;
    flatbuffers::Offset<void> table;
};

TypeOffset IntegerType(Builder &builder, int bits, bool is_signed) {
    return {fb::Type::Int, fb::CreateInt(builder, bits, is_signed).Union()};
}

TypeOffset TimestampType(Builder &builder, fb::TimeUnit unit, bool utc) {
    const auto zone = utc ? builder.CreateString("UTC") : flatbuffers::Offset<flatbuffers::String>();
    return {fb::Type::Timestamp, fb::CreateTimestamp(builder, unit, zone).Union()};
}

TypeOffset WriteType(Builder &builder, const DataType &type) {
    switch (type.id) {
        case TypeId::kNull:
            return {fb::Type::Null, fb::CreateNull(builder).Union()};
        case TypeId::kBoolean:
            return {fb::Type::Bool, fb::CreateBool(builder).Union()};
        case TypeId::kInt8:
            return IntegerType(builder, 8, true);
        case TypeId::kInt16:
            return IntegerType(builder, 16, true);
        case TypeId::kInt32:
            return IntegerType(builder, 32, true);
        case TypeId::kInt64:
            return IntegerType(builder, 64, true);
        case TypeId::kUInt8:
            return IntegerType(builder, 8, false);
        case TypeId::kUInt16:
            return IntegerType(builder, 16, false);
        case TypeId::kUInt32:
            return IntegerType(builder, 32, false);
        case TypeId::kUInt64:
            return IntegerType(builder, 64, false);
        case TypeId::kFloat32:
            return {fb::Type::FloatingPoint, fb::CreateFloatingPoint(builder, fb::Precision::SINGLE).Union()};
        case TypeId::kFloat64:
            return {fb::Type::FloatingPoint, fb::CreateFloatingPoint(builder, fb::Precision::DOUBLE).Union()};
        case TypeId::kUtf8:
        case TypeId::kLargeUtf8:  // offsets are written with 32 bits
            return {fb::Type::Utf8, fb::CreateUtf8(builder).Union()};
        case TypeId::kBinary:
        case TypeId::kLargeBinary:
            return {fb::Type::Binary, fb::CreateBinary(builder).Union()};
        case TypeId::kFixedSizeBinary:
            return {fb::Type::FixedSizeBinary, fb::CreateFixedSizeBinary(builder, type.size).Union()};
        case TypeId::kDate32:
            return {fb::Type::Date, fb::CreateDate(builder, fb::DateUnit::DAY).Union()};
        case TypeId::kTime64:
            return {fb::Type::Time, fb::CreateTime(builder, fb::TimeUnit::MICROSECOND, 64).Union()};
        case TypeId::kTimestampMs:
            return TimestampType(builder, fb::TimeUnit::MILLISECOND, type.utc);
        case TypeId::kTimestampUs:
            return TimestampType(builder, fb::TimeUnit::MICROSECOND, type.utc);
        case TypeId::kTimestampNs:
            return TimestampType(builder, fb::TimeUnit::NANOSECOND, type.utc);
        case TypeId::kDecimal128:
            return {fb::Type::Decimal, fb::CreateDecimal(builder, type.precision, type.scale, 128).Union()};
        case TypeId::kEmbedding:
            return {fb::Type::FixedSizeList, fb::CreateFixedSizeList(builder, type.size).Union()};
    }
    return {fb::Type::NONE, 0};
}

using FieldOffset = flatbuffers::Offset<fb::Field>;

// Readers want the vector of children even where it is empty.
std::vector<FieldOffset> WriteChildren(Builder &builder, const DataType &type) {
    if (type.id != TypeId::kEmbedding) return {};
    const auto none = builder.CreateVector(std::vector<FieldOffset>());
    const TypeOffset item = WriteType(builder, Plain(TypeId::kFloat32));
    return {fb::CreateField(builder, builder.CreateString("item"), false, item.kind, item.table, 0, none)};
}

FieldOffset WriteField(Builder &builder, const Field &field) {
    std::vector<flatbuffers::Offset<fb::KeyValue>> metadata;
    for (const auto &[key, value] : field.metadata)
        metadata.push_back(fb::CreateKeyValueDirect(builder, key.c_str(), value.c_str()));
    const auto metadata_offset = metadata.empty() ? 0 : builder.CreateVector(metadata);
    const auto children = builder.CreateVector(WriteChildren(builder, field.type));
    const TypeOffset type = WriteType(builder, field.type);
    const auto name = builder.CreateString(field.name);
    return fb::CreateField(builder, name, field.nullable, type.kind, type.table, 0, children,
                           metadata_offset);
}

void AppendPadding(std::string &out) {
    out.resize(Padded(out.size()), '\0');
}

// The finished FlatBuffer with its prefix, padded so that the body behind it is aligned.
void AppendMetadata(std::string &out, const Builder &builder) {
    const std::size_t length = Padded(builder.GetSize() + kPrefixBytes) - kPrefixBytes;
    const std::uint32_t prefix[2] = {0xFFFFFFFFU, static_cast<std::uint32_t>(length)};
    out.append(reinterpret_cast<const char *>(prefix), kPrefixBytes);
    out.append(reinterpret_cast<const char *>(builder.GetBufferPointer()), builder.GetSize());
    AppendPadding(out);
}

void AppendSchema(std::string &out, std::span<const Field> fields) {
    Builder builder(256 * (fields.size() + 1));
    std::vector<FieldOffset> offsets;
    for (const Field &field : fields) offsets.push_back(WriteField(builder, field));
    const auto schema = fb::CreateSchema(builder, fb::Endianness::Little, builder.CreateVector(offsets));
    builder.Finish(
        fb::CreateMessage(builder, fb::MetadataVersion::V5, fb::MessageHeader::Schema, schema.Union(), 0));
    AppendMetadata(out, builder);
}

void AppendBatch(std::string &out, std::span<const ColumnBuilder::Node> nodes, std::size_t rows) {
    std::vector<fb::FieldNode> node_structs;
    std::vector<fb::Buffer> buffer_structs;
    std::size_t body = 0;
    for (const auto &node : nodes) {
        node_structs.emplace_back(static_cast<std::int64_t>(node.length),
                                  static_cast<std::int64_t>(node.null_count));
        for (const std::string_view buffer : node.buffers) {
            buffer_structs.emplace_back(static_cast<std::int64_t>(body),
                                        static_cast<std::int64_t>(buffer.size()));
            body += Padded(buffer.size());
        }
    }
    Builder builder(512 + 16 * (node_structs.size() + buffer_structs.size()));
    const auto buffers = builder.CreateVectorOfStructs(buffer_structs);
    const auto node_vector = builder.CreateVectorOfStructs(node_structs);
    const auto batch = fb::CreateRecordBatch(builder, static_cast<std::int64_t>(rows), node_vector, buffers);
    builder.Finish(fb::CreateMessage(builder, fb::MetadataVersion::V5, fb::MessageHeader::RecordBatch,
                                     batch.Union(), static_cast<std::int64_t>(body)));
    out.reserve(out.size() + builder.GetSize() + body + 4 * kAlignment);
    AppendMetadata(out, builder);
    for (const auto &node : nodes)
        for (const std::string_view buffer : node.buffers) {
            out.append(buffer);
            AppendPadding(out);
        }
}

void AppendEnd(std::string &out) {
    const std::uint32_t end[2] = {0xFFFFFFFFU, 0};
    out.append(reinterpret_cast<const char *>(end), sizeof end);
}

}  // namespace

Field TableField(std::string name, const KalamType &type, bool not_null, bool key) {
    Field field{std::move(name), ArrowType(type), !not_null && !key, {}};
    if (key)
        field.metadata.emplace_back("kalam_column_flags", R"(["pk","nn","uq"])");
    else if (not_null)
        field.metadata.emplace_back("kalam_column_flags", R"(["nn"])");
    field.metadata.emplace_back("kalam_data_type", MetadataJson(type));
    return field;
}

BatchWriter::BatchWriter(std::span<const Field> fields, std::size_t expected_rows) : fields_(fields) {
    for (const Field &field : fields)
        columns_.push_back(std::make_unique<ColumnBuilder>(field.type, expected_rows));
}

BatchWriter::~BatchWriter() = default;

void BatchWriter::Append(std::size_t column, const Value &value) {
    columns_[column]->Append(value);
}

std::string BatchWriter::Finish() {
    std::vector<ColumnBuilder::Node> nodes;
    for (const auto &column : columns_)
        for (auto &node : column->Nodes()) nodes.push_back(std::move(node));
    std::string out;
    AppendSchema(out, fields_);
    AppendBatch(out, nodes, columns_.empty() ? 0 : columns_.front()->count());
    AppendEnd(out);
    columns_.clear();
    return out;
}

}  // namespace kalam::devserver::arrow
