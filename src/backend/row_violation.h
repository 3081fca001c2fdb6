// What an error about a refused row says besides its message: table, column, constraint and the detail, as PostgreSQL has them
// for its own tables, so that drivers and ORMs find them. Called by report.cc and fdw/.
//
//   const RowViolation violation = DuplicateKey(...);
//   ereport(ERROR, errcode(...), errmsg(...), ErrFields(violation));
#pragma once

#include <string_view>

#include "backend/pg.h"

namespace kalam::backend {

// Null: not known.
struct RowViolation {
    const char *schema, *table, *column, *constraint;
    const char *detail;
};

// `value`: in the database's encoding.
RowViolation DuplicateKey(Oid relid, AttrNumber key, std::string_view value);

// What the server's text tells, in the database's encoding. `relid`: the local table; InvalidOid: not known.
RowViolation ReadViolation(Oid relid, std::string_view text);

// Raises 23502, without a detail: the row is not at hand.
[[noreturn]] void ThrowNull(Oid relid, AttrNumber attnum);

// Sets the fields and the detail. In an ereport.
int ErrFields(const RowViolation &violation);

}  // namespace kalam::backend
