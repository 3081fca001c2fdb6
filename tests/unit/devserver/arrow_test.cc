// The Arrow writer: framing, alignment, bitmaps, field metadata. Read back with the format's own tables;
// arrow_pyarrow_check.py has pyarrow read the same stream.
#include "check.h"

#include "arrow_ipc_generated.h"
#include "devserver/arrow/ipc_writer.h"

#include <chrono>
#include <cstdlib>
#include <fstream>

using namespace kalam::devserver;
using kalam::devserver::arrow::BatchWriter;
using kalam::devserver::arrow::Field;
using kalam::devserver::arrow::TableField;

namespace {

struct Message {
    const kalam::arrow::Message *metadata;
    const char *body;
};

std::uint32_t Word(const std::string &stream, std::size_t at) {
    std::uint32_t word = 0;
    std::memcpy(&word, stream.data() + at, sizeof word);
    return word;
}

// The schema's message and the batch's; checks the frame around them.
std::vector<Message> Split(const std::string &stream) {
    std::vector<Message> messages;
    std::size_t at = 0;
    while (Word(stream, at + 4) != 0) {
        CHECK_EQ(Word(stream, at), 0xFFFFFFFFU);
        const std::uint32_t length = Word(stream, at + 4);
        CHECK_EQ((at + 8 + length) % 64, 0U);
        const auto *metadata = reinterpret_cast<const std::uint8_t *>(stream.data() + at + 8);
        flatbuffers::Verifier verifier(metadata, length);
        CHECK(verifier.VerifyBuffer<kalam::arrow::Message>());
        const auto *message = flatbuffers::GetRoot<kalam::arrow::Message>(metadata);
        messages.push_back({message, stream.data() + at + 8 + length});
        at += 8 + length + static_cast<std::size_t>(message->body_length());
    }
    CHECK_EQ(at + 8, stream.size());
    return messages;
}

std::vector<Field> AllFields() {
    std::vector<Field> fields;
    for (const char *type :
         {"INT", "BOOLEAN", "SMALLINT", "BIGINT", "FLOAT", "DOUBLE", "TEXT", "JSON", "TIMESTAMP", "DATETIME",
          "DATE", "TIME", "BYTES", "UUID", "DECIMAL(10, 2)", "EMBEDDING(3)"}) {
        const bool key = fields.empty();
        fields.push_back(
            TableField(key ? "id" : "c" + std::to_string(fields.size()), *FromSqlName(type), key, key));
    }
    fields.push_back({"nothing", Plain(TypeId::kNull), true, {}});
    fields.push_back({"big", Plain(TypeId::kUInt64), false, {}});
    return fields;
}

std::vector<Value> FullRow() {
    const float vector[] = {1.0F, 0.0F, 0.5F};
    return {Value::Int(1),
            Value::Bool(true),
            Value::Int(-7),
            Value::Int(9007199254740993),
            Value::Double(1.5),
            Value::Double(-2.25),
            Value::Text("héllo ☃"),
            Value::Text("{\"a\": [1, null]}"),
            Value::Int(1700000000123456, Plain(TypeId::kTimestampUs)),
            Value::Int(1700000000123456, {.id = TypeId::kTimestampUs, .utc = true}),
            Value::Int(19000, Plain(TypeId::kDate32)),
            Value::Int(3600000001, Plain(TypeId::kTime64)),
            Value::Bytes(std::string_view("\x00\xff\x10", 3)),
            Value::Bytes("0123456789abcdef", {.id = TypeId::kFixedSizeBinary, .size = 16}),
            Value::Decimal(-12345, 10, 2),
            Value::Floats(vector),
            Value(),
            Value::UInt(UINT64_MAX)};
}

std::string SampleStream() {
    const auto fields = AllFields();
    const auto full = FullRow();
    BatchWriter writer(fields, 3);
    for (std::size_t i = 0; i < fields.size(); ++i) {
        writer.Append(i, full[i]);
        writer.Append(i, fields[i].nullable ? Value::Null(fields[i].type) : full[i]);
        writer.Append(i, full[i]);
    }
    return writer.Finish();
}

}  // namespace

TEST(stream_has_schema_batch_and_end) {
    const std::string stream = SampleStream();
    const auto messages = Split(stream);
    CHECK_EQ(messages.size(), 2U);
    CHECK(messages[0].metadata->header_type() == kalam::arrow::MessageHeader::Schema);
    CHECK(messages[1].metadata->header_type() == kalam::arrow::MessageHeader::RecordBatch);
    CHECK(messages[1].metadata->version() == kalam::arrow::MetadataVersion::V5);
    const auto *batch = messages[1].metadata->header_as_RecordBatch();
    CHECK_EQ(batch->length(), 3);
    CHECK_EQ(batch->nodes()->size(), AllFields().size() + 1);  // the embedding's items
    for (const auto *buffer : *batch->buffers()) CHECK_EQ(buffer->offset() % 64, 0);
}

TEST(fields_carry_recorded_metadata) {
    const std::string stream = SampleStream();
    const auto *fields = Split(stream)[0].metadata->header_as_Schema()->fields();
    const auto *key = fields->Get(0);
    CHECK(!key->nullable());
    CHECK_EQ(key->custom_metadata()->Get(0)->value()->str(), R"(["pk","nn","uq"])");
    CHECK_EQ(key->custom_metadata()->Get(1)->key()->str(), "kalam_data_type");
    CHECK_EQ(key->custom_metadata()->Get(1)->value()->str(), "\"Int\"");
    CHECK_EQ(fields->Get(1)->custom_metadata()->size(), 1U);
    CHECK(fields->Get(1)->nullable());
    const Field not_null = TableField("n", *FromSqlName("TEXT"), true, false);
    CHECK_EQ(not_null.metadata[0].second, R"(["nn"])");
}

TEST(validity_is_a_bitmap_even_without_nulls) {
    const std::string stream = SampleStream();
    const auto batch = Split(stream)[1];
    const auto *record = batch.metadata->header_as_RecordBatch();
    CHECK_EQ(record->buffers()->Get(0)->length(), 1);
    CHECK_EQ(batch.body[record->buffers()->Get(0)->offset()] & 7, 7);  // key: three valid
    CHECK_EQ(batch.body[record->buffers()->Get(2)->offset()] & 7,
             5);  // second column: the middle one is NULL
    CHECK_EQ(record->nodes()->Get(1)->null_count(), 1);
}

TEST(empty_batch_keeps_the_schema) {
    const auto fields = AllFields();
    BatchWriter writer(fields, 0);
    const std::string stream = writer.Finish();
    const auto messages = Split(stream);
    CHECK_EQ(messages.size(), 2U);
    CHECK_EQ(messages[1].metadata->header_as_RecordBatch()->length(), 0);
    const std::vector<Field> none;
    BatchWriter empty(none, 0);
    const std::string columnless = empty.Finish();
    CHECK_EQ(Split(columnless).size(), 2U);
}

TEST(hundred_thousand_rows_are_quick) {
    const std::vector<Field> fields = {TableField("id", *FromSqlName("BIGINT"), true, true),
                                       TableField("name", *FromSqlName("TEXT"), false, false),
                                       TableField("n", *FromSqlName("INT"), false, false)};
    const Value name = Value::Text("a name of middling length");
    const auto start = std::chrono::steady_clock::now();
    BatchWriter writer(fields, 100000);
    for (int i = 0; i < 100000; ++i) {
        writer.Append(0, Value::Int(i));
        writer.Append(1, name);
        writer.Append(2, i % 3 == 0 ? Value::Null(fields[2].type) : Value::Int(i, fields[2].type));
    }
    const std::string stream = writer.Finish();
    const auto spent = std::chrono::steady_clock::now() - start;
    std::printf("# %zu bytes in %lld us\n", stream.size(),
                static_cast<long long>(std::chrono::duration_cast<std::chrono::microseconds>(spent).count()));
    CHECK_EQ(Split(stream)[1].metadata->header_as_RecordBatch()->length(), 100000);
}

// Leaves the sample for pyarrow when KALAM_ARROW_SAMPLE names a file.
TEST(writes_the_sample_for_pyarrow) {
    const char *path = std::getenv("KALAM_ARROW_SAMPLE");
    if (path == nullptr) return;
    std::ofstream out(path, std::ios::binary);
    out << SampleStream();
    CHECK(out.good());
}
