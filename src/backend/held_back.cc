// Writes that wait for the end of the transaction (remote_xact.h): if nothing else happens on the server and
// they are for one table and user, they leave as one plain request, which the server takes or refuses as a
// whole; otherwise they are staged, with the rows for a table together. Called by xact.cc and writes.cc.
#include <string_view>

#include "backend/plain_write.h"
#include "backend/remote_xact.h"
#include "backend/writes.h"

namespace kalam::backend {

using common::Operation;
using common::SessionUse;

namespace {

bool IsInsert(const WriteEntry *entry) {
    return entry->request->head.operation == Operation::kInsert;
}

// Whether two entries are rows for the same table and user, whose names the two bodies begin with.
bool HaveSameTarget(const WriteEntry *a, const WriteEntry *b) {
    return IsInsert(a) && IsInsert(b) && a->request->head.table_type == b->request->head.table_type &&
           a->items_at == b->items_at &&
           memcmp(a->request->body.data, b->request->body.data, static_cast<size_t>(a->items_at)) == 0;
}

// One plain request is all or nothing, except that each update or delete is a call of its own. Streams have
// no transactions, so there is nothing better for them.
bool IsAtomic(const Request *request) {
    return request->head.operation == Operation::kInsert || request->head.item_count == 1 ||
           request->head.table_type == common::TableType::kStream;
}

// Whether the server takes the write in a transaction.
bool IsStageable(const WriteEntry *entry) {
    return entry->not_stageable == nullptr && entry->request->head.table_type != common::TableType::kStream;
}

int ItemBytes(const WriteEntry *entry) {
    return entry->request->body.len - entry->items_at;
}

// Whether the entry may wait beside what is held already: a change of rows waits alone, and rows for several
// tables will have to be staged.
bool MayJoinHeld(const RemoteXact *remote, const WriteEntry *entry) {
    if (remote->held_bytes + static_cast<uint64_t>(ItemBytes(entry)) > kRequestBodyLimit) return false;
    ListCell *cell;
    foreach (cell, remote->held) {
        const auto *held = static_cast<const WriteEntry *>(lfirst(cell));
        if (HaveSameTarget(held, entry)) continue;
        if (!IsInsert(held) || !IsInsert(entry) || !IsStageable(held) || !IsStageable(entry)) return false;
    }
    return true;
}

// What is held for the same target; null: nothing.
WriteEntry *FindMergeable(const RemoteXact *remote, const WriteEntry *entry) {
    ListCell *cell;
    foreach (cell, remote->held) {
        auto *held = static_cast<WriteEntry *>(lfirst(cell));
        if (HaveSameTarget(held, entry)) return held;
    }
    return nullptr;
}

// Moves the rows of `from`, which is gone afterwards.
void MoveItems(WriteEntry *to, WriteEntry *from) {
    appendBinaryStringInfo(&to->request->body, from->request->body.data + from->items_at, ItemBytes(from));
    to->request->head.item_count += from->request->head.item_count;
    FreeEntry(from);
}

}  // namespace

bool TryHold(RemoteXact *remote, WriteEntry *entry) {
    if (remote->held == NIL ? !IsAtomic(entry->request) : !MayJoinHeld(remote, entry)) return false;
    if (WriteEntry *held = FindMergeable(remote, entry)) {
        remote->held_bytes += static_cast<uint64_t>(ItemBytes(entry));
        MoveItems(held, entry);
        return true;
    }
    const MemoryContext old = MemoryContextSwitchTo(TopTransactionContext);
    if (entry->request->head.operation == Operation::kDelete) ++remote->deletes;
    remote->held = lappend(remote->held, entry);
    remote->held_bytes += static_cast<uint64_t>(entry->request->body.len);
    MemoryContextSwitchTo(old);
    return true;
}

bool IsHeldStageable(const RemoteXact *remote) {
    ListCell *cell;
    foreach (cell, remote->held) {
        if (!IsStageable(static_cast<const WriteEntry *>(lfirst(cell)))) return false;
    }
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
    const auto *entry = static_cast<const WriteEntry *>(linitial(remote->held));
    Request *request = entry->request;
    request->head.session = SessionUse::kAny;
    request->head.groupable = request->head.operation == Operation::kInsert;
    const Answer answer = TryCallPlain(*request);
    CheckVanished(answer);
    if (!answer.head.status.Ok()) ThrowRefusedWrite(answer, remote->endpoint, entry->relid);
    if (request->head.operation == Operation::kDelete && request->head.item_count == 1 &&
        answer.head.affected_rows == 0)
        ThrowRowVanished();
    remote->held = NIL;
    remote->committed = true;
}

}  // namespace kalam::backend
