// Rows that wait for the end of an implicit transaction (remote_xact.h): if nothing else happens on the
// server, they leave as one plain request, which the server takes or refuses as a whole. Called by xact.cc
// and writes.cc.
#include <string_view>

#include "backend/remote_xact.h"
#include "backend/writes.h"

namespace kalam::backend {

using common::Operation;
using common::SessionUse;

namespace {

// Whether the items of `next` can travel in the request of `first`: rows of the same table and user, whose
// names the two bodies begin with.
bool CanMerge(const WriteEntry *first, const WriteEntry *next) {
    const Request *a = first->request;
    const Request *b = next->request;
    return a->head.operation == Operation::kInsert && b->head.operation == Operation::kInsert &&
           a->head.table_type == b->head.table_type && first->items_at == next->items_at &&
           memcmp(a->body.data, b->body.data, static_cast<size_t>(first->items_at)) == 0;
}

// One plain request is all or nothing, except that each update or delete is a call of its own. Streams have
// no transactions, so there is nothing better for them.
bool IsAtomic(const Request *request) {
    return request->head.operation == Operation::kInsert || request->head.item_count == 1 ||
           request->head.table_type == common::TableType::kStream;
}

// Moves the items of all that is held into the first request.
Request *MergeHeld(RemoteXact *remote) {
    Request *first = static_cast<WriteEntry *>(linitial(remote->held))->request;
    while (list_length(remote->held) > 1) {
        auto *next = static_cast<WriteEntry *>(lsecond(remote->held));
        appendBinaryStringInfo(&first->body, next->request->body.data + next->items_at,
                               next->request->body.len - next->items_at);
        first->head.item_count += next->request->head.item_count;
        FreeEntry(next);
        remote->held = list_delete_nth_cell(remote->held, 1);
    }
    return first;
}

}  // namespace

bool TryHold(RemoteXact *remote, WriteEntry *entry) {
    const uint64_t bytes = static_cast<uint64_t>(entry->request->body.len);
    if (remote->held == NIL ? !IsAtomic(entry->request)
                            : !CanMerge(static_cast<WriteEntry *>(linitial(remote->held)), entry) ||
                                  remote->held_bytes + bytes > kRequestBodyLimit)
        return false;
    const MemoryContext old = MemoryContextSwitchTo(TopTransactionContext);
    remote->held = lappend(remote->held, entry);
    remote->held_bytes += bytes;
    MemoryContextSwitchTo(old);
    return true;
}

void StageHeld(RemoteXact *remote) {
    while (remote->held != NIL) {
        auto *entry = static_cast<WriteEntry *>(linitial(remote->held));
        const uint64_t bytes = static_cast<uint64_t>(entry->request->body.len);
        // It leaves the list only once it is staged: if this fails and a savepoint catches it, it is still
        // held.
        Stage(remote, entry);
        remote->held = list_delete_first(remote->held);
        remote->held_bytes -= bytes;
    }
}

void SendHeld(RemoteXact *remote) {
    if (remote->held == NIL) return;
    Request *request = MergeHeld(remote);
    request->head.session = SessionUse::kAny;
    request->head.groupable = request->head.operation == Operation::kInsert;
    const Answer answer = TryCall(*request);
    CheckVanished(answer);
    if (!answer.head.status.Ok()) ThrowStatus(answer, remote->endpoint);
    if (request->head.operation == Operation::kDelete && request->head.item_count == 1 &&
        answer.head.affected_rows == 0)
        ThrowRowVanished();
    remote->held = NIL;
    remote->committed = true;
}

}  // namespace kalam::backend
