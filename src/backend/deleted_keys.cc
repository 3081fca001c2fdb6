// Finds deletes and what takes them back among the writes of a transaction (deleted_keys.h).
#include "backend/deleted_keys.h"

namespace kalam::backend {

using common::Operation;

namespace {

bool Has(const WriteEntry *entry, Operation operation) {
    return entry->request->head.operation == operation;
}

std::string_view TargetOf(const WriteEntry *entry) {
    return {entry->request->body.data, static_cast<size_t>(entry->items_at)};
}

// The keys of an update's or a delete's items, one after the other.
struct KeyReader {
    common::BodyReader body;
    uint32_t left;
    bool update;

    explicit KeyReader(const WriteEntry *entry)
        : body({entry->request->body.data + entry->items_at,
                static_cast<size_t>(entry->request->body.len - entry->items_at)}),
          left(entry->request->head.item_count),
          update(Has(entry, Operation::kUpdate)) {}

    bool Next(std::string_view *key) {
        if (left == 0) return false;
        --left;
        *key = body.Field();
        if (update) (void)body.Field();
        return true;
    }
};

void ReadDeleted(const WriteEntry *entry, std::string_view target, KeySet *settled, KeySet *deleted) {
    if (TargetOf(entry) != target) return;
    const bool is_delete = Has(entry, Operation::kDelete);
    if (!is_delete && !Has(entry, Operation::kUpdate)) return;
    KeyReader keys(entry);
    std::string_view key;
    while (keys.Next(&key)) {
        if (AddKey(settled, key) && is_delete) AddKey(deleted, key);
    }
}

// A key together with its table and user.
std::string_view Scoped(StringInfo buffer, const WriteEntry *entry, std::string_view key) {
    resetStringInfo(buffer);
    appendBinaryStringInfo(buffer, TargetOf(entry).data(), entry->items_at);
    appendBinaryStringInfo(buffer, key.data(), static_cast<int>(key.size()));
    return {buffer->data, static_cast<size_t>(buffer->len)};
}

// The delete without the keys that are written later; null: nothing is left.
Request *WithoutWritten(const WriteEntry *entry, const KeySet *written, StringInfo buffer) {
    auto *rest = static_cast<Request *>(palloc(sizeof(Request)));
    *rest = *entry->request;
    rest->head.item_count = 0;
    initStringInfo(&rest->body);
    appendBinaryStringInfo(&rest->body, TargetOf(entry).data(), entry->items_at);
    KeyReader keys(entry);
    std::string_view key;
    while (keys.Next(&key)) {
        if (!HasKey(written, Scoped(buffer, entry, key))) rest->AddItem(key);
    }
    return rest->head.item_count > 0 ? rest : nullptr;
}

bool HasRevived(const List *entries) {
    ListCell *cell;
    foreach (cell, entries) {
        if (static_cast<const WriteEntry *>(lfirst(cell))->revives) return true;
    }
    return false;
}

bool HasDelete(const List *entries) {
    ListCell *cell;
    foreach (cell, entries) {
        if (Has(static_cast<const WriteEntry *>(lfirst(cell)), Operation::kDelete)) return true;
    }
    return false;
}

}  // namespace

bool HasDeletes(const RemoteXact *remote) {
    return HasDelete(remote->held) || HasDelete(remote->journal);
}

KeySet *DeletedKeys(const RemoteXact *remote, std::string_view target) {
    KeySet *settled = MakeKeySet();
    KeySet *deleted = MakeKeySet();
    // From the last to the first: what comes last decides.
    for (const List *entries : {remote->held, remote->journal}) {
        for (int i = list_length(entries) - 1; i >= 0; --i)
            ReadDeleted(static_cast<const WriteEntry *>(list_nth(entries, i)), target, settled, deleted);
    }
    return deleted;
}

Request **RequestsToStage(const RemoteXact *remote) {
    const int count = list_length(remote->journal);
    auto **requests = static_cast<Request **>(palloc(sizeof(Request *) * static_cast<size_t>(count)));
    const bool filter = HasRevived(remote->journal);
    KeySet *written = MakeKeySet();
    StringInfoData buffer;
    initStringInfo(&buffer);
    for (int i = count - 1; i >= 0; --i) {
        const auto *entry = static_cast<const WriteEntry *>(list_nth(remote->journal, i));
        requests[i] = filter && Has(entry, Operation::kDelete) ? WithoutWritten(entry, written, &buffer)
                                                               : entry->request;
        if (!filter || !Has(entry, Operation::kUpdate)) continue;
        KeyReader keys(entry);
        std::string_view key;
        while (keys.Next(&key)) AddKey(written, Scoped(&buffer, entry, key));
    }
    return requests;
}

}  // namespace kalam::backend
