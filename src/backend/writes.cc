// Collects the writes of statements and decides when and how they leave (writes.h). Called by fdw/ and
// xact.cc. Raises on failure.
#include "backend/writes.h"

extern "C" {
#include "access/xact.h"
}

#include "backend/deleted_keys.h"
#include "backend/guc.h"
#include "backend/leaders.h"
#include "backend/plain_write.h"
#include "backend/remote_xact.h"

namespace kalam::backend {

using common::Operation;
using common::SessionUse;

// Bulk load: requests under way, and their size. Smaller ones would cost the server more a row, larger ones leave it idle
// while the first and the last are on their way; for the same reason the first, which goes alone, is small.
constexpr int kBulkCalls = 2;
constexpr uint64_t kBulkBytes = 1024 * 1024;
constexpr uint64_t kFirstBulkBytes = 128 * 1024;

struct Writes {
    MemoryContext context;  // of all of this but the requests, which outlive it
    RemoteXact *remote;
    TableName table;
    Oid relid;
    const char *qualified_name;
    std::string_view user_id;
    CommandId command;
    int level;
    bool stage_early;
    bool keyed_by_id;
    bool revives;  // some of the updates bring a deleted row back
    NewKeyCheck new_keys;
    // Being filled; null: none. Sent in this order, so that a key may be deleted before it comes again.
    Request *deletes, *updates, *inserts;
    List *full;  // of WriteEntry *: requests that are full
    int items_at;
    int row_at;                           // where the current row's length stands in the body of `inserts`
    StringInfoData keys;                  // of `inserts`, where they must be looked up
    PendingCall *bulk_calls[kBulkCalls];  // bulk load: the requests under way, oldest first
    bool bulk_begun;
};

namespace {

List *open_writes = NIL;  // of Writes *, in TopTransactionContext

constexpr std::string_view kStageableKey = "id";  // the server stages only rows whose key has this name

bool ChecksKeys(const Writes *writes) {
    return writes->level > 1 && writes->new_keys.check != nullptr;
}

Request *MakeRequest(Writes *writes, Operation operation) {
    const MemoryContext old = MemoryContextSwitchTo(TopTransactionContext);
    auto *request = static_cast<Request *>(palloc(sizeof(Request)));
    *request = Request::OnTable(writes->remote->endpoint, operation, writes->table, writes->user_id);
    request->head.window = static_cast<uint8_t>(guc::pipeline_window);
    request->head.stop_at_missing = operation == Operation::kUpdate;
    writes->items_at = request->body.len;
    MemoryContextSwitchTo(old);
    return request;
}

WriteEntry *MakeEntry(const Writes *writes, Request *request) {
    auto *entry = static_cast<WriteEntry *>(MemoryContextAlloc(TopTransactionContext, sizeof(WriteEntry)));
    const bool stageable = writes->keyed_by_id || request->head.operation != Operation::kInsert;
    *entry = {.level = writes->level,
              .relid = writes->relid,
              .request = request,
              .items_at = writes->items_at,
              .revives = writes->revives && request->head.operation == Operation::kUpdate,
              .not_stageable =
                  stageable ? nullptr : MemoryContextStrdup(TopTransactionContext, writes->qualified_name)};
    return entry;
}

void StageNow(Writes *writes, WriteEntry *entry) {
    StageHeld(writes->remote);
    Stage(writes->remote, entry);
}

// ---- bulk load: plain requests, some under way while the next is filled

// Waits for the oldest request under way.
void FinishBulkCall(Writes *writes) {
    PendingCall *call = writes->bulk_calls[0];
    memmove(writes->bulk_calls, writes->bulk_calls + 1, sizeof(PendingCall *) * (kBulkCalls - 1));
    writes->bulk_calls[kBulkCalls - 1] = nullptr;
    const Answer answer = TryWait(call);
    if (!answer.head.status.Ok()) ThrowRefusedWrite(answer, writes->remote->endpoint, writes->relid);
    pfree(answer.body);
}

void SendBulk(Writes *writes, WriteEntry *entry) {
    if (writes->bulk_calls[kBulkCalls - 1] != nullptr) FinishBulkCall(writes);
    if (writes->bulk_begun) {
        int place = 0;
        while (writes->bulk_calls[place] != nullptr) ++place;
        writes->bulk_calls[place] = Send(AtNode(*entry->request, RouteOf(*entry->request).node));
    } else {
        // The first goes alone: the worker may have to be told the endpoint's options.
        const Answer answer = TryCall(*entry->request);
        if (!answer.head.status.Ok()) ThrowRefusedWrite(answer, writes->remote->endpoint, writes->relid);
        writes->bulk_begun = true;
    }
    FreeEntry(entry);
}

// ---- where requests go

void Collect(Writes *writes, Request *request) {
    const MemoryContext old = MemoryContextSwitchTo(writes->context);
    writes->full = lappend(writes->full, MakeEntry(writes, request));
    MemoryContextSwitchTo(old);
}

// A request that is full: it goes out now, or waits for the statement's end.
void HandOverFull(Writes *writes, Request *request) {
    Collect(writes, request);
    const bool bulk = guc::bulk_load && request->head.operation == Operation::kInsert;
    if (!bulk && !writes->stage_early) return;
    auto *entry = static_cast<WriteEntry *>(llast(writes->full));
    bulk ? SendBulk(writes, entry) : StageNow(writes, entry);
    writes->full = list_delete_last(writes->full);
}

void CheckNewKeys(Writes *writes) {
    if (!ChecksKeys(writes) || writes->inserts == nullptr) return;
    const uint32_t count = writes->inserts->head.item_count;
    writes->new_keys.check(writes->new_keys.argument,
                           {writes->keys.data, static_cast<size_t>(writes->keys.len)}, count);
    resetStringInfo(&writes->keys);
}

// Closes the requests being filled: they join the full ones, in the order in which they must act.
void CloseRequests(Writes *writes) {
    CheckNewKeys(writes);
    for (Request **request : {&writes->deletes, &writes->updates, &writes->inserts}) {
        if (*request != nullptr) Collect(writes, *request);
        *request = nullptr;
    }
}

// Stages everything collected so far. What fails stays where it is, for a savepoint may catch the error.
void StageCollected(Writes *writes) {
    CloseRequests(writes);
    while (writes->full != NIL) {
        StageNow(writes, static_cast<WriteEntry *>(linitial(writes->full)));
        writes->full = list_delete_first(writes->full);
    }
}

// Whether a write may wait although the transaction goes on, or has begun on the server: one to a transactional table
// may, since the server checks it at commit at the earliest; a change of rows only as the first, because those after it
// would have to be staged anyway. Not where a snapshot is promised, which the server takes at the first call; nor in a
// subtransaction, whose error handler waits for what staging says.
bool MayWaitInBlock(const Writes *writes, const WriteEntry *entry) {
    const common::RequestHead &head = entry->request->head;
    const bool stageable = entry->not_stageable == nullptr && head.operation == Operation::kInsert;
    return (stageable || !writes->remote->open) && head.table_type != common::TableType::kStream &&
           writes->level == 1 && !IsolationUsesXactSnapshot();
}

// Whether everything collected is one request that may wait for the end of the transaction.
bool TryHoldCollected(Writes *writes) {
    RemoteXact *remote = writes->remote;
    if (list_length(writes->full) != 1) return false;
    auto *entry = static_cast<WriteEntry *>(linitial(writes->full));
    if (entry->revives) return false;
    if ((IsTransactionBlock() || remote->open) && !MayWaitInBlock(writes, entry)) return false;
    if (TryHold(remote, entry)) return true;
    if (entry->not_stageable != nullptr || entry->request->head.operation != Operation::kInsert) return false;
    StageHeld(remote);  // rows can wait behind what they cannot wait with
    return MayWaitInBlock(writes, entry) && TryHold(remote, entry);
}

bool IsBulk(const Writes *writes) {
    return writes->bulk_begun || (guc::bulk_load && IsTransactionBlock() && writes->inserts != nullptr);
}

void SendCollectedBulk(Writes *writes) {
    CloseRequests(writes);
    while (writes->full != NIL) {
        auto *entry = static_cast<WriteEntry *>(linitial(writes->full));
        entry->request->head.operation == Operation::kInsert ? SendBulk(writes, entry)
                                                             : StageNow(writes, entry);
        writes->full = list_delete_first(writes->full);
    }
    while (writes->bulk_calls[0] != nullptr) FinishBulkCall(writes);
}

// ---- filling

[[noreturn]] void ThrowRowTooLarge(uint64_t bytes, const char *table) {
    ereport(ERROR, errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
            errmsg("row of %llu bytes is too large for KalamDB table \"%s\"",
                   static_cast<unsigned long long>(bytes), table),
            errdetail("KalamDB refuses requests over 4 MiB (%u bytes); a row may take %llu bytes in its "
                      "encoded form.",
                      common::kMaxRequestBytes, static_cast<unsigned long long>(kRequestBodyLimit)));
    pg_unreachable();
}

// The request for items of this kind, with room for `bytes` more.
Request *RequestFor(Writes *writes, Request **current, Operation operation, size_t bytes) {
    if (bytes > kRequestBodyLimit) ThrowRowTooLarge(bytes, writes->qualified_name);
    if (*current != nullptr && static_cast<size_t>((*current)->body.len) + bytes > kRequestBodyLimit) {
        Request *full = *current;
        *current = nullptr;
        HandOverFull(writes, full);
    }
    if (*current == nullptr) *current = MakeRequest(writes, operation);
    return *current;
}

// At which size a request of rows is full.
uint64_t FullAt(const Writes *writes) {
    if (!guc::bulk_load) return kRequestBodyLimit;
    return writes->bulk_begun ? kBulkBytes : kFirstBulkBytes;
}

// The row that was just encoded does not fit any more: it becomes the first of the next request.
void MoveRowToNextRequest(Writes *writes) {
    Request *full = writes->inserts;
    const int bytes = full->body.len - writes->row_at;
    if (static_cast<uint64_t>(writes->items_at + bytes) > kRequestBodyLimit)
        ThrowRowTooLarge(static_cast<uint64_t>(bytes), writes->qualified_name);
    if (full->head.item_count == 0) return;  // it is the first of this one
    CheckNewKeys(writes);
    writes->inserts = MakeRequest(writes, Operation::kInsert);
    appendBinaryStringInfo(&writes->inserts->body, full->body.data + writes->row_at, bytes);
    full->body.len = writes->row_at;
    HandOverFull(writes, full);
}

// What lies outside of the context of the Writes, because it may outlive it.
void FreeRequests(const Writes *writes) {
    for (Request *request : {writes->deletes, writes->updates, writes->inserts}) {
        if (request != nullptr) FreeRequest(request);
    }
    // Rows that are brought back may be in the journal although staging them failed.
    if (writes->revives) return;
    ListCell *cell;
    foreach (cell, writes->full) FreeEntry(static_cast<WriteEntry *>(lfirst(cell)));
}

}  // namespace

Writes *OpenWrites(const WritesTarget &target) {
    RemoteXact *remote = GetRemoteXact(target.endpoint);
    RequireUsable(remote);
    const MemoryContext context =
        AllocSetContextCreate(TopTransactionContext, "kalam writes", ALLOCSET_SMALL_SIZES);
    const MemoryContext old = MemoryContextSwitchTo(context);
    auto *writes = static_cast<Writes *>(palloc0(sizeof(Writes)));
    const auto copy = [](std::string_view text) {
        return std::string_view(pnstrdup(text.data(), text.size()), text.size());
    };
    writes->context = context;
    writes->remote = remote;
    writes->table = {copy(target.table.namespace_name), copy(target.table.table_name), target.table.type};
    writes->relid = target.relid;
    writes->qualified_name = pstrdup(target.qualified_name);
    writes->user_id = copy(target.user_id);
    writes->command = target.command;
    writes->level = GetCurrentTransactionNestLevel();
    writes->stage_early = target.stage_early;
    writes->keyed_by_id = target.key_column == kStageableKey;
    writes->new_keys = target.new_keys;
    if (ChecksKeys(writes)) initStringInfo(&writes->keys);
    MemoryContextSwitchTo(TopTransactionContext);
    open_writes = lappend(open_writes, writes);
    MemoryContextSwitchTo(old);
    return writes;
}

StringInfo StartRow(Writes *writes) {
    if (writes->inserts == nullptr) writes->inserts = MakeRequest(writes, Operation::kInsert);
    writes->row_at = writes->inserts->body.len;
    writes->inserts->AddU32(0);  // the length, known when the row is encoded
    return &writes->inserts->body;
}

void FinishRow(Writes *writes, std::string_view key) {
    StringInfo body = &writes->inserts->body;
    const uint32_t length = static_cast<uint32_t>(body->len - writes->row_at) - sizeof(uint32_t);
    memcpy(body->data + writes->row_at, &length, sizeof length);
    if (static_cast<uint64_t>(body->len) > FullAt(writes)) MoveRowToNextRequest(writes);
    writes->inserts->head.item_count++;
    if (!ChecksKeys(writes)) return;
    StringInfoSink sink{&writes->keys};
    common::PutField(sink, key);
}

KeySet *FindDeletedKeys(const Writes *writes) {
    const RemoteXact *remote = writes->remote;
    if (!HasDeletes(remote)) return nullptr;
    const Request target =
        Request::OnTable(remote->endpoint, Operation::kUpdate, writes->table, writes->user_id);
    return DeletedKeys(remote, {target.body.data, static_cast<size_t>(target.body.len)});
}

uint64_t CountDeletes(const Writes *writes) {
    return writes->remote->deletes;
}

void ReviveRow(Writes *writes, std::string_view key, std::string_view row) {
    AddUpdate(writes, key, row);
    writes->revives = true;
}

void AddUpdate(Writes *writes, std::string_view key, std::string_view changes) {
    const size_t bytes = key.size() + changes.size() + 2 * sizeof(uint32_t);
    RequestFor(writes, &writes->updates, Operation::kUpdate, bytes)->AddItem(key, changes);
}

void AddDelete(Writes *writes, std::string_view key) {
    const size_t bytes = key.size() + sizeof(uint32_t);
    RequestFor(writes, &writes->deletes, Operation::kDelete, bytes)->AddItem(key);
}

void CloseWrites(Writes *writes) {
    if (IsBulk(writes)) {
        SendCollectedBulk(writes);
    } else {
        CloseRequests(writes);
        if (!TryHoldCollected(writes)) StageCollected(writes);
    }
    open_writes = list_delete_ptr(open_writes, writes);
    MemoryContextDelete(writes->context);
}

bool WantsKeys(const Writes *writes) {
    return ChecksKeys(writes);
}

bool SendNow(Writes *writes, bool alone, bool allow_duplicate) {
    CloseRequests(writes);
    if (!alone || !MaySendPlain(writes->remote->endpoint) || list_length(writes->full) != 1) {
        StageCollected(writes);
        return true;
    }
    Request *request = static_cast<WriteEntry *>(linitial(writes->full))->request;
    writes->full = NIL;
    request->head.groupable = request->head.operation == Operation::kInsert;
    const Answer answer = TryCallPlain(*request);
    if (answer.head.status.Ok()) return true;
    CheckVanished(answer);
    const std::string_view state = common::SqlStateFor(answer.head.status, {answer.body, answer.body_bytes});
    if (allow_duplicate && state == "23505") return false;
    ThrowRefusedWrite(answer, writes->remote->endpoint, writes->relid);
}

bool HasHeldFor(const RemoteXact *remote, const TableName &table) {
    ListCell *cell;
    foreach (cell, remote->held) {
        const TableName held = TableOf(static_cast<const WriteEntry *>(lfirst(cell)));
        if (held.namespace_name == table.namespace_name && held.table_name == table.table_name) return true;
    }
    return false;
}

void StageEarlierWrites(RemoteXact *remote, CommandId snapshot) {
    ListCell *cell;
    foreach (cell, open_writes) {
        auto *writes = static_cast<Writes *>(lfirst(cell));
        if (writes->remote == remote && writes->command < snapshot) StageCollected(writes);
    }
}

void StageOpenWrites() {
    ListCell *cell;
    foreach (cell, open_writes) StageCollected(static_cast<Writes *>(lfirst(cell)));
}

void AbandonWrites(int level) {
    ListCell *cell;
    foreach (cell, open_writes) {
        const auto *writes = static_cast<const Writes *>(lfirst(cell));
        if (writes->level < level) continue;
        open_writes = foreach_delete_current(open_writes, cell);
        FreeRequests(writes);
        MemoryContextDelete(writes->context);
    }
}

void ForgetWrites() {
    open_writes = NIL;
}

}  // namespace kalam::backend
