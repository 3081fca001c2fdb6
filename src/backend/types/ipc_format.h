// The generated FlatBuffers code of Arrow's IPC metadata, after PostgreSQL's headers and without its macros in
// the way. Included by the reader's two units only.
#pragma once

#include "backend/pg.h"

#include <arrow_ipc_generated.h>

namespace kalam::backend::types {
namespace arrow = ::kalam::arrow;
}
