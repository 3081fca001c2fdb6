// The table of sessions (sessions.h): a seqlock for each entry.
//
// The payload is copied word by word through atomics, so that a reader beside the writer reads old or new
// words, never a data race. No fences: the stores and loads of the words carry the order themselves.
//   writer   version odd; words (release: after "odd"); version even (release: after the words)
//   reader   version (acquire: before the words); words (acquire: before the second look); version again
// A reader that got a word of a write that was under way has thereby seen that write's odd version, or a
// later one, at its second look, and tries again.
#include "shm/sessions.h"

#include <array>
#include <bit>
#include <new>
#include <type_traits>

namespace kalam::shm {

namespace {

constexpr size_t kWords = sizeof(SessionInfo) / sizeof(uint64_t);
static_assert(sizeof(SessionInfo) % sizeof(uint64_t) == 0);
static_assert(std::is_trivially_copyable_v<SessionInfo>);

using Words = std::array<uint64_t, kWords>;

constexpr int kReadAttempts = 100;

constexpr const char *kNames[] = {"unused", "opening", "open", "in transaction", "closing"};

}  // namespace

struct SessionTable::Entry {
    std::atomic<uint32_t> version{0};
    std::array<std::atomic<uint64_t>, kWords> words{};
};

size_t SessionTable::Size(uint32_t entries) {
    return sizeof(SessionTable) + size_t{entries} * sizeof(Entry);
}

SessionTable *SessionTable::Create(void *memory, uint32_t entries) {
    SessionTable *table = new (memory) SessionTable(entries);
    for (uint32_t i = 0; i < entries; ++i) new (&table->entry(i)) Entry;
    return table;
}

SessionTable::Entry &SessionTable::entry(uint32_t i) const {
    return reinterpret_cast<Entry *>(const_cast<SessionTable *>(this) + 1)[i];
}

void SessionTable::Write(uint32_t i, const SessionInfo &info) {
    Entry &entry = this->entry(i);
    const Words words = std::bit_cast<Words>(info);
    // Relaxed: only this thread writes the version, and the words' release keeps this store before them.
    const uint32_t version = entry.version.load(std::memory_order_relaxed);
    entry.version.store(version + 1, std::memory_order_relaxed);
    for (size_t w = 0; w < kWords; ++w) entry.words[w].store(words[w], std::memory_order_release);
    entry.version.store(version + 2, std::memory_order_release);
}

bool SessionTable::Read(uint32_t i, SessionInfo &info) const {
    const Entry &entry = this->entry(i);
    for (int attempt = 0; attempt < kReadAttempts; ++attempt) {
        const uint32_t before = entry.version.load(std::memory_order_acquire);
        if (before % 2 != 0) continue;
        Words words;
        for (size_t w = 0; w < kWords; ++w) words[w] = entry.words[w].load(std::memory_order_acquire);
        // Relaxed: the acquire loads above keep it after them.
        if (entry.version.load(std::memory_order_relaxed) != before) continue;
        info = std::bit_cast<SessionInfo>(words);
        return true;
    }
    return false;
}

const char *NameOf(SessionState state) {
    return kNames[static_cast<uint32_t>(state)];
}

}  // namespace kalam::shm
