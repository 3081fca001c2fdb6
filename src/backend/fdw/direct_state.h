// An UPDATE or DELETE by key without a scan while it runs. Made and used by direct.cc, shown by explain.cc.
// Lives in the executor's per-query memory.
#pragma once

#include "backend/fdw/question.h"
#include "backend/fdw/scan_state.h"
#include "backend/types/row_encoder.h"

namespace kalam::backend::fdw {

struct Assignment {
    AttrNumber attnum;
    ExprState *value;
};

struct DirectState {
    CmdType operation;
    const catalog::TableIdentity *identity;
    TupleDesc desc;
    std::span<ScanCondition> key;  // one
    std::span<Assignment> assignments;
    const types::RowEncoder *encoder;  // of the assigned columns
    bool sets_row_count;
    bool done;
    RemoteCounts counts;
};

}  // namespace kalam::backend::fdw
