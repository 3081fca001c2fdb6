// Buffers of a record batch: takes nodes and buffers in the order of the fields (depth first, as the format
// says) and checks sizes, offsets and views, so that cells can be read without a check.
#include "backend/types/arrow_layout.h"

#include "backend/types/bytes.h"

namespace kalam::backend::types {

namespace {

// More rows than a batch of ours can have; keeps every product below in 64 bits.
constexpr int64_t kMaxRows = PG_INT32_MAX;
constexpr uint32_t kInlineViewBytes = 12;

class Layout {
 public:
    Layout(const arrow::RecordBatch *batch, std::string_view body) : batch_(batch), body_(body) {}

    void Fill(ArrowColumn *column) {
        const arrow::FieldNode node = NextNode();
        column->rows = node.length();
        if (column->kind == ArrowKind::kNull) return;
        column->validity = Validity(node);
        switch (column->kind) {
            case ArrowKind::kBool:
                column->values = Bits(NextBuffer(), column->rows);
                return;
            case ArrowKind::kText:
            case ArrowKind::kBinary:
                return FillOffsets<int32_t>(column);
            case ArrowKind::kLargeText:
            case ArrowKind::kLargeBinary:
                return FillOffsets<int64_t>(column);
            case ArrowKind::kTextView:
            case ArrowKind::kBinaryView:
                return FillViews(column);
            case ArrowKind::kList:
            case ArrowKind::kMap:
                return FillList<int32_t>(column);
            case ArrowKind::kLargeList:
                return FillList<int64_t>(column);
            case ArrowKind::kFixedList:
            case ArrowKind::kStruct:
                return FillChildren(column);
            default:
                column->values = Sized(NextBuffer(), column->rows * column->width);
        }
    }

    void CheckAllTaken() const {
        const bool taken = node_ == Size(batch_->nodes()) && buffer_ == Size(batch_->buffers());
        if (!taken) ThrowBadAnswer("An Arrow batch has more buffers than its schema.");
    }

 private:
    template <typename Vector>
    static uint32_t Size(const Vector *vector) {
        return vector == nullptr ? 0 : vector->size();
    }

    // An element by value: the verifier does not promise that elements of 8 bytes are aligned.
    template <typename T, typename Vector>
    static T Element(const Vector *vector, uint32_t index) {
        return LoadAt<T>(vector->Data(), index);
    }

    arrow::FieldNode NextNode() {
        if (node_ >= Size(batch_->nodes()))
            ThrowBadAnswer("An Arrow batch has fewer fields than its schema.");
        const auto node = Element<arrow::FieldNode>(batch_->nodes(), node_++);
        if (node.length() < 0 || node.length() > kMaxRows || node.null_count() < 0 ||
            node.null_count() > node.length())
            ThrowBadAnswer("An Arrow field has an impossible length.");
        return node;
    }

    std::string_view NextBuffer() {
        if (buffer_ >= Size(batch_->buffers()))
            ThrowBadAnswer("An Arrow batch has fewer buffers than its schema.");
        const auto buffer = Element<arrow::Buffer>(batch_->buffers(), buffer_++);
        const auto offset = static_cast<uint64_t>(buffer.offset());
        const auto length = static_cast<uint64_t>(buffer.length());
        if (offset > body_.size() || length > body_.size() - offset)
            ThrowBadAnswer("An Arrow buffer lies outside its message.");
        return body_.substr(offset, length);
    }

    static const uint8_t *Sized(std::string_view buffer, int64_t bytes) {
        if (static_cast<int64_t>(buffer.size()) < bytes)
            ThrowBadAnswer("An Arrow buffer is too short for its rows.");
        return reinterpret_cast<const uint8_t *>(buffer.data());
    }

    static const uint8_t *Bits(std::string_view buffer, int64_t rows) {
        return Sized(buffer, (rows + 7) / 8);
    }

    const uint8_t *Validity(const arrow::FieldNode &node) {
        const std::string_view buffer = NextBuffer();
        return node.null_count() == 0 ? nullptr : Bits(buffer, node.length());
    }

    // The offsets of a column: ascending, from 0 or above to at most `limit`. A column without rows may have
    // none.
    template <typename Offset>
    const uint8_t *Offsets(std::string_view buffer, int64_t rows, int64_t limit) {
        if (rows == 0) return nullptr;
        const uint8_t *offsets = Sized(buffer, (rows + 1) * static_cast<int64_t>(sizeof(Offset)));
        Offset previous = LoadAt<Offset>(offsets, 0);
        bool ascending = previous >= 0;
        for (int64_t i = 1; i <= rows; ++i) {
            const auto next = LoadAt<Offset>(offsets, i);
            ascending &= next >= previous;
            previous = next;
        }
        if (!ascending || previous > limit) ThrowBadAnswer("An Arrow field has offsets that do not fit.");
        return offsets;
    }

    template <typename Offset>
    void FillOffsets(ArrowColumn *column) {
        const std::string_view offsets = NextBuffer();
        const std::string_view data = NextBuffer();
        column->data = reinterpret_cast<const uint8_t *>(data.data());
        column->data_bytes = static_cast<int64_t>(data.size());
        column->values = Offsets<Offset>(offsets, column->rows, column->data_bytes);
    }

    void FillChildren(ArrowColumn *column) {
        // What was laid out for us is ours to fill in; readers see it const.
        auto *children = const_cast<ArrowColumn *>(column->children);
        for (int i = 0; i < column->child_count; ++i) Fill(&children[i]);
        const int64_t per_row = column->kind == ArrowKind::kFixedList ? column->width : 1;
        for (int i = 0; i < column->child_count; ++i)
            if (children[i].rows < column->rows * per_row)
                ThrowBadAnswer("An Arrow field has fewer items than its parent needs.");
    }

    template <typename Offset>
    void FillList(ArrowColumn *column) {
        const std::string_view offsets = NextBuffer();
        auto *child = const_cast<ArrowColumn *>(column->children);
        Fill(child);
        column->values = Offsets<Offset>(offsets, column->rows, child->rows);
    }

    void FillViews(ArrowColumn *column) {
        column->values = Sized(NextBuffer(), column->rows * kViewBytes);
        if (variadic_ >= Size(batch_->variadic_buffer_counts()))
            ThrowBadAnswer("An Arrow batch does not count the buffers of its views.");
        const int64_t count = Element<int64_t>(batch_->variadic_buffer_counts(), variadic_++);
        if (count < 0 || count > static_cast<int64_t>(Size(batch_->buffers())))
            ThrowBadAnswer("An Arrow field has an impossible number of buffers.");
        auto *buffers = static_cast<std::string_view *>(
            palloc(sizeof(std::string_view) * static_cast<size_t>(count + 1)));
        for (int64_t i = 0; i < count; ++i) buffers[i] = NextBuffer();
        column->variadic = buffers;
        column->variadic_count = static_cast<int>(count);
        for (int64_t row = 0; row < column->rows; ++row)
            if (!column->IsNull(row)) CheckView(*column, column->values + row * kViewBytes);
    }

    static void CheckView(const ArrowColumn &column, const uint8_t *view) {
        const auto size = Load<uint32_t>(view);
        if (size <= kInlineViewBytes) return;
        const auto buffer = Load<uint32_t>(view + 8);
        const auto offset = Load<uint32_t>(view + 12);
        if (buffer >= static_cast<uint32_t>(column.variadic_count) ||
            uint64_t{offset} + size > column.variadic[buffer].size())
            ThrowBadAnswer("An Arrow view points outside its buffers.");
    }

    const arrow::RecordBatch *batch_;
    std::string_view body_;
    uint32_t node_ = 0;
    uint32_t buffer_ = 0;
    uint32_t variadic_ = 0;
};

}  // namespace

void LayOutBatch(const arrow::RecordBatch *batch, std::string_view body, ArrowColumn *fields, int field_count,
                 int64_t *rows) {
    if (batch->compression() != nullptr) ThrowBadAnswer("An Arrow batch is compressed.");
    if (batch->length() < 0 || batch->length() > kMaxRows)
        ThrowBadAnswer("An Arrow batch has an impossible length.");
    Layout layout(batch, body);
    for (int i = 0; i < field_count; ++i) {
        layout.Fill(&fields[i]);
        if (fields[i].rows != batch->length())
            ThrowBadAnswer("An Arrow field has another length than its batch.");
    }
    layout.CheckAllTaken();
    *rows = batch->length();
}

}  // namespace kalam::backend::types
