// Which of some keys exist on the server: for ON CONFLICT DO NOTHING, for inserts inside subtransactions, for
// RETURNING _seq. Called by the writing half of fdw/.
#pragma once

#include <string_view>

#include "backend/catalog/table_identity.h"
#include "backend/fdw/columns.h"
#include "backend/key_set.h"

namespace kalam::backend::fdw {

struct KeyLookup {
    const Endpoint *endpoint;
    const catalog::TableIdentity *identity;
    const types::ColumnType *key_type;
    const char *user_id;  // null for shared tables
    CommandId snapshot;   // what the lookup sees (PrepareRead)
};

// The keys (List of char *, UTF-8) that exist, as a set in the current memory context.
KeySet *FindKnownKeys(const KeyLookup &lookup, const List *keys);

// The _seq of the row with this key; false if there is none or the server does not tell.
bool FindSeq(const KeyLookup &lookup, std::string_view key, int64 *seq);

// Raises 23505: the statement inserts the key twice.
[[noreturn]] void ThrowRepeatedKey(const catalog::TableIdentity *identity, std::string_view key);

// Raises 23505 if a key exists already or occurs twice. `keys`: fields as in Writes::keys.
void RequireNewKeys(const KeyLookup &lookup, std::string_view keys, uint32_t count);

}  // namespace kalam::backend::fdw
