// A foreign scan while it runs. Made by BeginForeignScan (scan.cc), filled by fetch.cc, shown by explain.cc.
// Lives in the executor's per-query memory.
#pragma once

#include "backend/fdw/columns.h"
#include "backend/fdw/open_scans.h"
#include "backend/fdw/question.h"
#include "backend/fdw/row_reader.h"
#include "backend/key_set.h"
#include "backend/pg.h"

extern "C" {
#include "commands/explain.h"
#include "nodes/execnodes.h"
}

namespace kalam::backend::fdw {

// What EXPLAIN ANALYZE shows of the remote part; sums over rescans.
struct RemoteCounts {
    uint64_t calls;
    uint64_t rows;
    uint64_t bytes;
    uint64_t queued_us;
    uint64_t remote_us;

    void Add(const Answer &answer) {
        calls += answer.head.calls;
        bytes += answer.body_bytes;
        queued_us += answer.head.queued_us;
        remote_us += answer.head.remote_us;
    }
};

struct ScanState {
    const catalog::TableIdentity *identity;
    Projection projection;
    int condition_count;
    ScanCondition *conditions;
    double rows_in_table;  // estimated
    bool is_target;
    CommandId snapshot;
    OpenScan open;  // until it asks

    // The answer, kept for rescans that ask the same.
    bool fetched;
    MemoryContext answer_context;
    Answer answer;  // no body where nothing had to be asked
    RowReader reader;
    bool has_rows;        // there is an answer to read
    const char *user_id;  // of the rows; null for shared tables
    Datum user_id_datum;
    KeySet *asked;  // lookups of several keys: which rows are wanted, each once

    MemoryContext row_context;  // of the current row's values
    RemoteCounts counts;
    bool counts_rows;  // somebody will look
};

// The counts as EXPLAIN ANALYZE shows them (explain.cc).
void ExplainCounts(const RemoteCounts &counts, ExplainState *es);

// Evaluates the conditions, asks the server, opens the answer. `econtext` holds the values of parameters.
void Fetch(ScanState *state, ExprContext *econtext);

}  // namespace kalam::backend::fdw
