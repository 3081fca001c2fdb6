// Walks the rows of an answer: frames, batches, cells. Called by scans, lookups, ANALYZE and ddl/fill_column.
//
//   RowReader reader = OpenRows(answer, &projection);     // in the context that holds the answer and will hold the batches
//   while (reader.Next()) reader.Decode(values, nulls);   // in the context for the row's values
#pragma once

#include "backend/client.h"
#include "backend/fdw/columns.h"
#include "backend/pg.h"
#include "backend/types/column_decoder.h"

namespace kalam::backend::fdw {

// Plain data over the answer and the projection, which must outlive it.
struct RowReader {
    FrameReader frames;
    const Projection *projection;
    MemoryContext batch_context;     // of the current batch
    types::ColumnDecoder *decoders;  // one per column of the projection
    types::CellBuffer *buffers;      // theirs
    int64_t row;                     // of the current batch, -1 before its first
    int64_t rows;

    // Steps to the next row; false after the last.
    bool Next();

    // Back before the first row.
    void Rewind(const Answer &answer);

    // Fills the projected columns of the current row; leaves the others alone. By-reference values are good until the next
    // row is decoded, or lie in the current context (column_decoder.h).
    void Decode(Datum *values, bool *nulls) const;

    // One projected column of the current row.
    Datum DecodeColumn(int index, bool *is_null) const { return decoders[index].Decode(row, is_null); }
};

RowReader OpenRows(const Answer &answer, const Projection *projection);

// How many rows an answer has.
int64_t CountRows(const Answer &answer);

}  // namespace kalam::backend::fdw
