// The list of scans that have begun and not asked (open_scans.h).
#include "backend/fdw/open_scans.h"

extern "C" {
#include "utils/memutils.h"
#include "utils/snapmgr.h"
}

namespace kalam::backend::fdw {

namespace {

OpenScan *open_scans = nullptr;

void EndWithMemory(void *scan) {
    LeaveOpenScans(static_cast<OpenScan *>(scan));
}

OpenScan *NextToAsk(const EState *own) {
    for (OpenScan *scan = open_scans; scan != nullptr; scan = scan->next) {
        if (scan->node->ss.ps.state != own) return scan;
    }
    return nullptr;
}

// As its own statement would ask.
void Ask(const OpenScan *scan) {
    const EState *estate = scan->node->ss.ps.state;
    if (estate->es_snapshot != nullptr) PushActiveSnapshot(estate->es_snapshot);
    scan->ask(scan->node);
    if (estate->es_snapshot != nullptr) PopActiveSnapshot();
}

}  // namespace

void EnterOpenScan(OpenScan *scan, ForeignScanState *node, void (*ask)(ForeignScanState *node)) {
    if (!bms_is_empty(node->ss.ps.plan->allParam)) return;
    scan->node = node;
    scan->ask = ask;
    scan->at_end.func = EndWithMemory;
    scan->at_end.arg = scan;
    MemoryContextRegisterResetCallback(node->ss.ps.state->es_query_cxt, &scan->at_end);
    scan->next = open_scans;
    scan->place = &open_scans;
    if (scan->next != nullptr) scan->next->place = &scan->next;
    open_scans = scan;
}

void LeaveOpenScans(OpenScan *scan) {
    if (scan->place == nullptr) return;
    *scan->place = scan->next;
    if (scan->next != nullptr) scan->next->place = scan->place;
    scan->place = nullptr;
}

void AskOpenScans(const EState *own) {
    while (OpenScan *scan = NextToAsk(own)) {
        LeaveOpenScans(scan);  // before: what it runs may come here again
        Ask(scan);
    }
}

}  // namespace kalam::backend::fdw
