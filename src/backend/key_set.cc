// A hash table of key texts (key_set.h).
#include "backend/key_set.h"

extern "C" {
#include "common/hashfn.h"
#include "utils/hsearch.h"
}

namespace kalam::backend {

namespace {

struct KeyText {
    const char *data;
    size_t size;
};

struct KeyEntry {
    KeyText key;
    bool taken;
};

uint32 HashKey(const void *key, Size) {
    const auto *text = static_cast<const KeyText *>(key);
    return hash_bytes(reinterpret_cast<const unsigned char *>(text->data), static_cast<int>(text->size));
}

int CompareKeys(const void *left, const void *right, Size) {
    const auto *a = static_cast<const KeyText *>(left);
    const auto *b = static_cast<const KeyText *>(right);
    return a->size == b->size && memcmp(a->data, b->data, a->size) == 0 ? 0 : 1;
}

}  // namespace

struct KeySet {
    HTAB *table;
    MemoryContext context;
};

KeySet *MakeKeySet() {
    HASHCTL control = {};
    control.keysize = sizeof(KeyText);
    control.entrysize = sizeof(KeyEntry);
    control.hash = HashKey;
    control.match = CompareKeys;
    control.hcxt = CurrentMemoryContext;
    auto *set = static_cast<KeySet *>(palloc(sizeof(KeySet)));
    set->context = CurrentMemoryContext;
    set->table =
        hash_create("kalam keys", 64, &control, HASH_ELEM | HASH_FUNCTION | HASH_COMPARE | HASH_CONTEXT);
    return set;
}

bool AddKey(KeySet *set, std::string_view key) {
    KeyText text = {key.data(), key.size()};
    bool found = false;
    auto *entry = static_cast<KeyEntry *>(hash_search(set->table, &text, HASH_ENTER, &found));
    if (found) return false;
    // The table copied the reference to the caller's bytes: give it bytes of its own.
    auto *copy = static_cast<char *>(MemoryContextAlloc(set->context, key.size() + 1));
    memcpy(copy, key.data(), key.size());
    entry->key.data = copy;
    entry->taken = false;
    return true;
}

bool HasKey(const KeySet *set, std::string_view key) {
    const KeyText text = {key.data(), key.size()};
    return hash_search(set->table, &text, HASH_FIND, nullptr) != nullptr;
}

bool TakeKey(KeySet *set, std::string_view key) {
    KeyText text = {key.data(), key.size()};
    auto *entry = static_cast<KeyEntry *>(hash_search(set->table, &text, HASH_FIND, nullptr));
    if (entry == nullptr || entry->taken) return false;
    entry->taken = true;
    return true;
}

void RestoreKeys(KeySet *set) {
    HASH_SEQ_STATUS status;
    hash_seq_init(&status, set->table);
    while (auto *entry = static_cast<KeyEntry *>(hash_seq_search(&status))) entry->taken = false;
}

}  // namespace kalam::backend
