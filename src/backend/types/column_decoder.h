// Turns the cells of a verified Arrow column into Datums of a local column, by a function chosen once per
// batch. Called by fdw/.
//
//   per batch: decoders[i] = BindDecoder(batch->columns[field], column_type, column_name);
//   per cell:  slot->tts_values[a] = decoders[i].Decode(row, &slot->tts_isnull[a]);
//
// Where the server's column has the type that the local one expects, cells are read in place. Where it was
// changed under us, the value goes through its text and the type's input function, and a value that does
// not fit raises 22xxx; nothing is rounded or cut silently.
#pragma once

#include "backend/pg.h"
#include "backend/types/arrow_reader.h"
#include "backend/types/type_map.h"

namespace kalam::backend::types {

// Memory that the varlena and uuid values of one column share: each takes the place of the one before it.
struct CellBuffer {
    MemoryContext context;  // of `data`
    char *data;
    size_t capacity;
};

// Plain data. Refers to the column, so it lives no longer than the batch.
struct ColumnDecoder {
    using DecodeFunction = Datum (*)(const ColumnDecoder &decoder, int64_t row);

    DecodeFunction decode;
    const ArrowColumn *column;
    CellBuffer *buffer;  // null: every value is palloc'd
    ColumnType type;
    FmgrInfo *input;          // of the base type; null where the cells are read in place
    const char *column_name;  // for messages

    // The cell as a Datum of the column's declared type. By-reference results lie in `buffer` until the next call,
    // or are palloc'd in the current memory context (numbers that are no machine numbers, arrays, names, what comes
    // through an input function).
    Datum Decode(int64_t row, bool *is_null) const {
        *is_null = column->IsNull(row);
        return *is_null ? Datum{0} : decode(*this, row);
    }
};

// Raises 42804 where no safe way leads from the server's type to the local one. Allocates in the current
// context (the input function's FmgrInfo). `column_name` and `buffer` must outlive the decoder.
ColumnDecoder BindDecoder(const ArrowColumn &column, const ColumnType &type, const char *column_name,
                          CellBuffer *buffer = nullptr);

}  // namespace kalam::backend::types
