// Walks answers row by row (row_reader.h). Makes no remote call; garbage in an answer raises.
#include "backend/fdw/row_reader.h"

namespace kalam::backend::fdw {

namespace {

// Opens the next batch with rows; false if there is none.
bool OpenNextBatch(RowReader *reader) {
    std::string_view frame;
    while (reader->frames.Next(frame)) {
        MemoryContextReset(reader->batch_context);
        const types::ArrowBatch *batch = types::OpenArrowBatch(frame);
        reader->rows = batch->rows;
        reader->row = -1;
        if (batch->rows == 0) continue;
        int i = 0;
        for (const ProjectedColumn &column : reader->projection->all()) {
            const int field = batch->Find(types::ToUtf8(column.remote_name));
            if (field < 0)
                types::ThrowBadAnswer(
                    psprintf("Column \"%s\" was asked for and is missing.", column.remote_name));
            reader->decoders[i] = types::BindDecoder(batch->columns[field], column.type, column.local_name,
                                                     &reader->buffers[i]);
            ++i;
        }
        return true;
    }
    return false;
}

}  // namespace

RowReader OpenRows(const Answer &answer, const Projection *projection) {
    const auto count = static_cast<size_t>(projection->count);
    RowReader reader = {
        .frames = FrameReader(answer),
        .projection = projection,
        .batch_context = AllocSetContextCreate(CurrentMemoryContext, "kalam batch", ALLOCSET_SMALL_SIZES),
        .decoders = static_cast<types::ColumnDecoder *>(palloc0(sizeof(types::ColumnDecoder) * count)),
        .buffers = static_cast<types::CellBuffer *>(palloc0(sizeof(types::CellBuffer) * count)),
        .row = -1,
        .rows = 0};
    for (size_t i = 0; i < count; ++i) reader.buffers[i].context = CurrentMemoryContext;
    return reader;
}

void RowReader::Rewind(const Answer &answer) {
    frames = FrameReader(answer);
    row = -1;
    rows = 0;
}

bool RowReader::Next() {
    if (++row < rows) return true;
    const MemoryContext old = MemoryContextSwitchTo(batch_context);
    const bool opened = OpenNextBatch(this);
    MemoryContextSwitchTo(old);
    if (!opened) {
        rows = 0;
        row = -1;
        return false;
    }
    row = 0;
    return true;
}

void RowReader::Decode(Datum *values, bool *nulls) const {
    for (int i = 0; i < projection->count; ++i) {
        const int at = projection->columns[i].attnum - 1;
        values[at] = decoders[i].Decode(row, &nulls[at]);
    }
}

int64_t CountRows(const Answer &answer) {
    FrameReader frames(answer);
    std::string_view frame;
    int64_t rows = 0;
    while (frames.Next(frame)) rows += types::CountArrowRows(frame);
    return rows;
}

}  // namespace kalam::backend::fdw
