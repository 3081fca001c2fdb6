// The writes of one statement to one table and user: rows are encoded straight into request bodies, and at
// the statement's end (or when a request is full) they are held back, staged in the remote transaction, or
// sent, as ARCHITECTURE.md ("Writes and transactions") says. Called by fdw/; xact.cc ends what is open.
//
//   Writes *writes = OpenWrites(target);
//   encoder->Encode(StartRow(writes), values, nulls);  FinishRow(writes, key);     // or AddUpdate, AddDelete
//   CloseWrites(writes);
//
// A Writes has a context of its own in TopTransactionContext, which goes with it: a transaction may have a hundred thousand
// statements. A statement that fails just forgets its Writes.
#pragma once

#include <string_view>

#include "backend/client.h"
#include "backend/endpoint.h"
#include "backend/key_set.h"
#include "backend/pg.h"
#include "backend/request.h"

namespace kalam::backend {

struct RemoteXact;
struct Writes;

// What a request body may hold: the server's limit, less the envelope that the worker puts around it.
inline constexpr uint64_t kRequestBodyLimit = common::kMaxRequestBytes - 64 * 1024;

// Looks new keys up before they are staged, because the server reports a duplicate only at commit, too late
// for an EXCEPTION block. Raises 23505. `keys`: `count` fields as Request::AddField writes them.
struct NewKeyCheck {
    void (*check)(void *argument, std::string_view keys, uint32_t count);
    void *argument;
};

struct WritesTarget {
    const Endpoint *endpoint;
    TableName table;
    Oid relid;                    // of the foreign table
    const char *qualified_name;   // for messages
    std::string_view key_column;  // remote name; empty: no key
    std::string_view user_id;     // empty for shared tables
    CommandId command;            // of the statement: commands after it see its rows
    bool stage_early;      // full requests need not wait for the statement's end: nothing in it reads KalamDB
    NewKeyCheck new_keys;  // used inside subtransactions
};

// Copies what it needs.
Writes *OpenWrites(const WritesTarget &target);

// The buffer that the next row is to be appended to.
StringInfo StartRow(Writes *writes);
// Ends the row; `key` is its key's text. Raises 54000 for a row over the server's limit.
void FinishRow(Writes *writes, std::string_view key);

// The keys that the transaction has deleted of this table and user; null: none. A row with one of them must come by
// ReviveRow, since the server takes it for a duplicate. In the current memory context.
KeySet *FindDeletedKeys(const Writes *writes);
// Another number than before: there may be others now.
uint64_t CountDeletes(const Writes *writes);
// `row`: all columns but the key.
void ReviveRow(Writes *writes, std::string_view key, std::string_view row);

void AddUpdate(Writes *writes, std::string_view key, std::string_view changes);
void AddDelete(Writes *writes, std::string_view key);

// The statement has ended. `writes` is gone afterwards.
void CloseWrites(Writes *writes);

// Sends what was added so far, whose outcome the statement needs now. `alone`: the statement is the whole
// transaction, so that a plain request will do. False if a plain request was refused for a key that exists
// and `allow_duplicate` is set; every other failure raises.
bool SendNow(Writes *writes, bool alone, bool allow_duplicate);

// Whether FinishRow needs the row's key; otherwise it need not be computed.
bool WantsKeys(const Writes *writes);

// ---- for xact.cc ----

// Whether rows of the table wait for the end of the transaction.
bool HasHeldFor(const RemoteXact *remote, const TableName &table);
// Stages what open statements have collected and commands after `snapshot` must see.
void StageEarlierWrites(RemoteXact *remote, CommandId snapshot);
// The same for all, whatever the command.
void StageOpenWrites();
// Forgets the open statements of a rolled-back level and deeper.
void AbandonWrites(int level);
// Forgets all at the end of the transaction.
void ForgetWrites();

}  // namespace kalam::backend
