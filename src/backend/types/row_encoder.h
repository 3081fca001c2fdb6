// Encodes rows as KalamDB's tagged JSON: {"id":{"Int64":"1"},"name":{"Utf8":"x"},"note":"Null"}. Bound once
// to the columns of a statement, then used for every row: the fixed pieces are made beforehand, cells are
// written straight into the output. Called by fdw/. Makes no remote call.
//
// Always "Null" for NULL, and the native variant of the column, because rows staged in a transaction are
// stored as they come (a double whose digits the server's JSON reader would miss by a bit goes as text, which
// it casts exactly). The negative zero of real and double precision becomes 0, its equal: the server does
// not keep the sign. What the server cannot hold is refused, never altered:
//   22003  numbers out of range (int widths, DECIMAL digits, NaN or infinity in numeric, real, double)
//   22008  infinity and out-of-range dates and timestamps
//   22021  text that is no UTF-8 or that UTF-8 cannot spell
//   22000/22004  embeddings of another length, with NULLs or more than one dimension
//
//   const RowEncoder *encoder = MakeRowEncoder(columns);   // lives in the current memory context
//   per row: MemoryContextReset(per_row); switch to it; encoder->Encode(&row, values, nulls);
#pragma once

#include <span>

#include "backend/pg.h"

extern "C" {
#include "access/attnum.h"
#include "nodes/bitmapset.h"
}

#include "backend/types/type_map.h"

namespace kalam::backend::types {

// A column to encode. Leave out what is not sent: _seq, _userid, dropped columns.
struct EncodeColumn {
    AttrNumber attnum;        // where its value stands in values[] (attnum - 1)
    const char *remote_name;  // in the database's encoding
    ColumnType type;
};

struct EncodeCell;

// palloc'd with everything it refers to.
struct RowEncoder {
    int count;
    const EncodeCell *cells;
    bool prints_text, prints_object_names;  // some column's output function runs

    // Appends one row object. May allocate (detoasting, output functions): run it in a context that is reset
    // per row.
    void Encode(StringInfo out, const Datum *values, const bool *nulls) const;

    // Only the columns whose attnum is a member of `only` (plain attribute numbers): the changes of an
    // UPDATE; the empty set is null, as always. Members that the encoder does not know are ignored.
    void EncodeSome(StringInfo out, const Datum *values, const bool *nulls, const Bitmapset *only) const;
};

// Copies what it needs of `columns`.
const RowEncoder *MakeRowEncoder(std::span<const EncodeColumn> columns);

}  // namespace kalam::backend::types
