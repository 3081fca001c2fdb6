// Whether a statement is its whole transaction. Called by the writing half of fdw/.
#pragma once

#include "backend/pg.h"

extern "C" {
#include "nodes/execnodes.h"
}

namespace kalam::backend::fdw {

// True only where it is certain that the transaction ends right after this statement and does nothing but
// one modification of `info`'s table: then a plain request, made now, is as good as one made at commit, and
// its answer is known. False is always safe, and costs calls. Asked just before the request.
bool StandsAlone(const EState *estate, const ResultRelInfo *info);

}  // namespace kalam::backend::fdw
