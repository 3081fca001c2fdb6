// The foreign scans of this backend that have begun and asked for nothing yet. What they would read is fixed by
// their snapshot, but KalamDB has none of that time; so whoever is about to change something, or has opened a
// cursor, lets them ask first: a cursor shows the rows of its DECLARE, as with any table. Called by the fdw's own
// files and by ddl/ (DECLARE). Scans with parameters of the executor's own cannot ask early and are left alone.
#pragma once

#include "backend/pg.h"

extern "C" {
#include "nodes/execnodes.h"
}

namespace kalam::backend::fdw {

// A scan's place in the list; zeroed, and in the executor's memory, with which it ends at the latest.
struct OpenScan {
    OpenScan *next;
    OpenScan **place;  // what points to it; null: it is not in the list
    MemoryContextCallback at_end;
    ForeignScanState *node;
    void (*ask)(ForeignScanState *node);
};

// Enters a scan that has begun. `ask` gets its answer, and may raise.
void EnterOpenScan(OpenScan *scan, ForeignScanState *node, void (*ask)(ForeignScanState *node));

// The scan has asked or asks now.
void LeaveOpenScans(OpenScan *scan);

// Lets every scan ask that has not, but those of one statement (`own`; null: of none), whose own order decides what
// they see. Raises what asking raises.
void AskOpenScans(const EState *own);

}  // namespace kalam::backend::fdw
