// The attempt that an ereport jumps back to, and what it raised. See pg_stubs.cc.
#pragma once

#include "backend/pg.h"

#include <csetjmp>

// Those of port.h would send the C++ library to functions that only the server has.
#undef printf
#undef vsnprintf
#undef snprintf

namespace kalam::test {

extern jmp_buf attempt;
extern int raised_sqlstate;

// Gives back what the attempt allocated.
void FreeAll();

}  // namespace kalam::test
