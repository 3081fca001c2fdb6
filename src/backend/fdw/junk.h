// The names of the columns by which an UPDATE's or DELETE's plan carries a row's identity: made by
// modify_plan.cc, found again by modify.cc.
#pragma once

#include "backend/pg.h"

extern "C" {
#include "access/attnum.h"
}

namespace kalam::backend::fdw {

// PostgreSQL's own name for it, so that one column serves both.
inline constexpr char kWholeRowJunkName[] = "wholerow";

// The old key. Tables of one inheritance tree may have keys at different places and of different types, and
// a name stands for one such pair.
inline const char *KeyJunkName(AttrNumber attnum, Oid type) {
    return psprintf("kalam_key_%d_%u", attnum, type);
}

}  // namespace kalam::backend::fdw
