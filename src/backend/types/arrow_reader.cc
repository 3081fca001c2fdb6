// The stream's framing and its schema. Every message is verified by FlatBuffers' verifier before a field of it is
// read; what the verifier does not know (the body, buffers) is checked in arrow_layout.cc.
#include "backend/types/arrow_reader.h"

#include <cstring>

#include "backend/types/arrow_layout.h"
#include "backend/types/bytes.h"
#include "backend/types/ipc_format.h"

namespace kalam::backend::types {

namespace {

constexpr uint32_t kContinuation = 0xffffffff;
constexpr int kAlignment = 8;
constexpr int kMaxDepth = 64;
constexpr int kMaxTables = 100'000;

// ---- framing
// ----------------------------------------------------------------------------------------------

struct IpcMessage {
    const arrow::Message *message;
    std::string_view body;
};

class MessageReader {
 public:
    explicit MessageReader(std::string_view stream) : rest_(stream) {}

    // False at the end of the stream, which is said by a marker or by the end of the frame.
    bool Next(IpcMessage *next) {
        if (rest_.empty()) return false;
        if (TakeU32() != kContinuation) ThrowBadAnswer("An Arrow message begins without its marker.");
        const uint32_t metadata_size = TakeU32();
        if (metadata_size == 0) return false;
        // The format pads both parts, so that every message begins aligned.
        if (metadata_size % kAlignment != 0) ThrowBadAnswer("An Arrow message is not padded.");
        const std::string_view metadata = Take(metadata_size);
        flatbuffers::Verifier verifier(reinterpret_cast<const uint8_t *>(metadata.data()), metadata.size(),
                                       kMaxDepth, kMaxTables);
        if (!arrow::VerifyMessageBuffer(verifier)) ThrowBadAnswer("An Arrow message is damaged.");
        next->message = arrow::GetMessage(metadata.data());
        if (next->message->header() == nullptr) ThrowBadAnswer("An Arrow message has no content.");
        if (next->message->version() < arrow::MetadataVersion::V4)
            ThrowBadAnswer("An Arrow message has an old version.");
        if (next->message->body_length() < 0) ThrowBadAnswer("An Arrow message has a negative length.");
        if (next->message->body_length() % kAlignment != 0) ThrowBadAnswer("An Arrow body is not padded.");
        next->body = Take(static_cast<uint64_t>(next->message->body_length()));
        return true;
    }

 private:
    std::string_view Take(uint64_t size) {
        if (size > rest_.size()) ThrowBadAnswer("An Arrow stream ends early.");
        const std::string_view taken = rest_.substr(0, size);
        rest_.remove_prefix(size);
        return taken;
    }

    uint32_t TakeU32() { return Load<uint32_t>(reinterpret_cast<const uint8_t *>(Take(4).data())); }

    std::string_view rest_;
};

// ---- schema
// -----------------------------------------------------------------------------------------------

std::string_view View(const flatbuffers::String *text) {
    return text == nullptr ? std::string_view{} : std::string_view{text->c_str(), text->size()};
}

ArrowUnit UnitOf(arrow::TimeUnit unit) {
    switch (unit) {
        case arrow::TimeUnit::SECOND:
            return ArrowUnit::kSecond;
        case arrow::TimeUnit::MILLISECOND:
            return ArrowUnit::kMilli;
        case arrow::TimeUnit::MICROSECOND:
            return ArrowUnit::kMicro;
        case arrow::TimeUnit::NANOSECOND:
            return ArrowUnit::kNano;
    }
    ThrowBadAnswer("An Arrow field has an unknown time unit.");
}

void Fixed(ArrowColumn *column, ArrowKind kind, int32_t width) {
    column->kind = kind;
    column->width = width;
}

void IntField(const arrow::Int *type, ArrowColumn *column) {
    const int bits = type->bit_width();
    if (bits != 8 && bits != 16 && bits != 32 && bits != 64)
        ThrowBadAnswer("An Arrow integer has an odd width.");
    Fixed(column, ArrowKind::kInt, bits / 8);
    column->is_signed = type->is_signed();
}

void FloatField(const arrow::FloatingPoint *type, ArrowColumn *column) {
    switch (type->precision()) {
        case arrow::Precision::HALF:
            return Fixed(column, ArrowKind::kFloat, 2);
        case arrow::Precision::SINGLE:
            return Fixed(column, ArrowKind::kFloat, 4);
        case arrow::Precision::DOUBLE:
            return Fixed(column, ArrowKind::kFloat, 8);
    }
    ThrowBadAnswer("An Arrow number has an unknown precision.");
}

void DecimalField(const arrow::Decimal *type, ArrowColumn *column) {
    const int bits = type->bit_width();
    if (bits != 128 && bits != 256) ThrowBadAnswer("An Arrow decimal has an odd width.");
    constexpr int kMaxScale = 76;
    if (type->precision() < 1 || type->precision() > kMaxScale || type->scale() < -kMaxScale ||
        type->scale() > kMaxScale)
        ThrowBadAnswer("An Arrow decimal has an odd precision or scale.");
    Fixed(column, ArrowKind::kDecimal, bits / 8);
    column->precision = type->precision();
    column->scale = type->scale();
}

void DateField(const arrow::Date *type, ArrowColumn *column) {
    const bool days = type->unit() == arrow::DateUnit::DAY;
    Fixed(column, ArrowKind::kDate, days ? 4 : 8);
    column->unit = days ? ArrowUnit::kDay : ArrowUnit::kMilli;
}

void TimeField(const arrow::Time *type, ArrowColumn *column) {
    column->unit = UnitOf(type->unit());
    const bool narrow = column->unit == ArrowUnit::kSecond || column->unit == ArrowUnit::kMilli;
    if (type->bit_width() != (narrow ? 32 : 64)) ThrowBadAnswer("An Arrow time has an odd width.");
    Fixed(column, ArrowKind::kTime, narrow ? 4 : 8);
}

void TimestampField(const arrow::Timestamp *type, ArrowColumn *column) {
    Fixed(column, ArrowKind::kTimestamp, 8);
    column->unit = UnitOf(type->unit());
    column->zone = View(type->timezone());
}

void IntervalField(const arrow::Interval *type, ArrowColumn *column) {
    switch (type->unit()) {
        case arrow::IntervalUnit::YEAR_MONTH:
            return Fixed(column, ArrowKind::kInterval, 4);
        case arrow::IntervalUnit::DAY_TIME:
            return Fixed(column, ArrowKind::kInterval, 8);
        case arrow::IntervalUnit::MONTH_DAY_NANO:
            return Fixed(column, ArrowKind::kInterval, 16);
    }
    ThrowBadAnswer("An Arrow interval has an unknown unit.");
}

int32_t CheckedSize(int32_t size) {
    if (size < 0) ThrowBadAnswer("An Arrow field has a negative size.");
    return size;
}

void DescribeType(const arrow::Field *field, ArrowColumn *column) {
    if (field->type() == nullptr || field->type_type() > arrow::Type::MAX)
        ThrowBadAnswer("An Arrow field has no type, or an unknown one.");
    switch (field->type_type()) {
        case arrow::Type::Null:
            return Fixed(column, ArrowKind::kNull, 0);
        case arrow::Type::Bool:
            return Fixed(column, ArrowKind::kBool, 0);
        case arrow::Type::Int:
            return IntField(field->type_as_Int(), column);
        case arrow::Type::FloatingPoint:
            return FloatField(field->type_as_FloatingPoint(), column);
        case arrow::Type::Decimal:
            return DecimalField(field->type_as_Decimal(), column);
        case arrow::Type::Date:
            return DateField(field->type_as_Date(), column);
        case arrow::Type::Time:
            return TimeField(field->type_as_Time(), column);
        case arrow::Type::Timestamp:
            return TimestampField(field->type_as_Timestamp(), column);
        case arrow::Type::Interval:
            return IntervalField(field->type_as_Interval(), column);
        case arrow::Type::Duration:
            Fixed(column, ArrowKind::kDuration, 8);
            column->unit = UnitOf(field->type_as_Duration()->unit());
            return;
        case arrow::Type::FixedSizeBinary:
            return Fixed(column, ArrowKind::kFixedBinary,
                         CheckedSize(field->type_as_FixedSizeBinary()->byte_width()));
        case arrow::Type::FixedSizeList:
            return Fixed(column, ArrowKind::kFixedList,
                         CheckedSize(field->type_as_FixedSizeList()->list_size()));
        case arrow::Type::Utf8:
            return Fixed(column, ArrowKind::kText, 4);
        case arrow::Type::Binary:
            return Fixed(column, ArrowKind::kBinary, 4);
        case arrow::Type::LargeUtf8:
            return Fixed(column, ArrowKind::kLargeText, 8);
        case arrow::Type::LargeBinary:
            return Fixed(column, ArrowKind::kLargeBinary, 8);
        case arrow::Type::Utf8View:
            return Fixed(column, ArrowKind::kTextView, kViewBytes);
        case arrow::Type::BinaryView:
            return Fixed(column, ArrowKind::kBinaryView, kViewBytes);
        case arrow::Type::List:
            return Fixed(column, ArrowKind::kList, 4);
        case arrow::Type::Map:
            return Fixed(column, ArrowKind::kMap, 4);
        case arrow::Type::LargeList:
            return Fixed(column, ArrowKind::kLargeList, 8);
        case arrow::Type::Struct_:
            return Fixed(column, ArrowKind::kStruct, 0);
        default:
            // Its buffers cannot be told from those of the fields after it, so nothing of the batch can be.
            ereport(
                ERROR, errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
                errmsg("cannot read a column of the Arrow type %s", arrow::EnumNameType(field->type_type())),
                errhint("Cast the column to TEXT in the query."));
    }
}

std::string_view MetadataValue(const arrow::Field *field, std::string_view key) {
    if (field->custom_metadata() == nullptr) return {};
    for (const arrow::KeyValue *entry : *field->custom_metadata())
        if (View(entry->key()) == key) return View(entry->value());
    return {};
}

using FieldVector = flatbuffers::Vector<flatbuffers::Offset<arrow::Field>>;

ArrowColumn *DescribeFields(const FieldVector *fields, int *count);

void DescribeField(const arrow::Field *field, ArrowColumn *column) {
    column->name = View(field->name());
    column->kalam_type = MetadataValue(field, "kalam_data_type");
    if (field->dictionary() != nullptr)
        ereport(ERROR, errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
                errmsg("cannot read a dictionary-encoded Arrow column"),
                errhint("Cast the column to TEXT in the query."));
    DescribeType(field, column);
    column->children = DescribeFields(field->children(), &column->child_count);
    const bool one_child = column->kind == ArrowKind::kList || column->kind == ArrowKind::kLargeList ||
                           column->kind == ArrowKind::kFixedList || column->kind == ArrowKind::kMap;
    if ((one_child && column->child_count != 1) ||
        (!one_child && column->kind != ArrowKind::kStruct && column->child_count != 0))
        ThrowBadAnswer("An Arrow field has the wrong number of children.");
    if (column->kind == ArrowKind::kMap &&
        (column->children[0].kind != ArrowKind::kStruct || column->children[0].child_count != 2))
        ThrowBadAnswer("An Arrow map has no keys and values.");
}

ArrowColumn *DescribeFields(const FieldVector *fields, int *count) {
    *count = fields == nullptr ? 0 : static_cast<int>(fields->size());
    auto *columns =
        static_cast<ArrowColumn *>(palloc0(sizeof(ArrowColumn) * static_cast<size_t>(*count + 1)));
    for (int i = 0; i < *count; ++i) DescribeField(fields->Get(static_cast<uint32_t>(i)), &columns[i]);
    return columns;
}

}  // namespace

void ThrowBadAnswer(const char *detail) {
    ereport(ERROR, errcode(ERRCODE_PROTOCOL_VIOLATION),
            errmsg("could not read the answer of the KalamDB server"), errdetail_internal("%s", detail));
}

int ArrowBatch::Find(std::string_view name) const {
    for (int i = 0; i < column_count; ++i)
        if (columns[i].name == name) return i;
    return -1;
}

const ArrowBatch *OpenArrowBatch(std::string_view frame) {
    MessageReader messages(frame);
    IpcMessage next;
    if (!messages.Next(&next) || next.message->header_type() != arrow::MessageHeader::Schema)
        ThrowBadAnswer("An Arrow stream has no schema.");
    const arrow::Schema *schema = next.message->header_as_Schema();
    if (schema->endianness() != arrow::Endianness::Little) ThrowBadAnswer("An Arrow stream is big-endian.");
    auto *batch = static_cast<ArrowBatch *>(palloc0(sizeof(ArrowBatch)));
    ArrowColumn *columns = DescribeFields(schema->fields(), &batch->column_count);
    batch->columns = columns;
    if (!messages.Next(&next)) return batch;
    if (next.message->header_type() != arrow::MessageHeader::RecordBatch)
        ThrowBadAnswer("An Arrow stream holds something else than a record batch.");
    LayOutBatch(next.message->header_as_RecordBatch(), next.body, columns, batch->column_count, &batch->rows);
    if (messages.Next(&next)) ThrowBadAnswer("An Arrow stream holds more than one record batch.");
    return batch;
}

int64_t CountArrowRows(std::string_view frame) {
    MessageReader messages(frame);
    IpcMessage next;
    if (!messages.Next(&next) || !messages.Next(&next)) return 0;
    const arrow::RecordBatch *batch = next.message->header_as_RecordBatch();
    return batch == nullptr ? 0 : Max(batch->length(), 0);
}

}  // namespace kalam::backend::types
