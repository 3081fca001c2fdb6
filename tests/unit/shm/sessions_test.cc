// The table of sessions (shm/sessions.h): round trip, and a reader beside the writer.
#include "shm/sessions.h"

#include <atomic>
#include <cstring>
#include <memory>
#include <thread>

#include "../check.h"

using namespace kalam::shm;

namespace {

struct Free {
    void operator()(void *memory) const { std::free(memory); }
};

// An entry whose fields all follow from `n`, so that a torn copy shows.
SessionInfo Numbered(uint64_t n) {
    SessionInfo info;
    info.state = SessionState::kOpen;
    info.backend_pid = static_cast<int32_t>(n % 30000);
    std::snprintf(info.session_id, sizeof info.session_id, "pg-%llu-abc", static_cast<unsigned long long>(n));
    std::memset(info.endpoint, 'a' + static_cast<int>(n % 26), sizeof info.endpoint - 1);
    info.opened_at_ms = static_cast<int64_t>(n);
    info.last_used_at_ms = static_cast<int64_t>(n);
    info.calls = n;
    return info;
}

bool Whole(const SessionInfo &info) {
    const SessionInfo expected = Numbered(info.calls);
    return info.state == expected.state && info.backend_pid == expected.backend_pid &&
           std::strcmp(info.session_id, expected.session_id) == 0 &&
           std::strcmp(info.endpoint, expected.endpoint) == 0 && info.opened_at_ms == expected.opened_at_ms &&
           info.last_used_at_ms == expected.last_used_at_ms;
}

std::unique_ptr<void, Free> Memory(uint32_t entries) {
    const size_t size = (SessionTable::Size(entries) + 63) / 64 * 64;
    return std::unique_ptr<void, Free>(std::aligned_alloc(64, size));
}

}  // namespace

TEST(a_new_table_is_unused) {
    auto memory = Memory(3);
    SessionTable *table = SessionTable::Create(memory.get(), 3);
    CHECK_EQ(table->size(), 3u);
    for (uint32_t i = 0; i < 3; ++i) {
        SessionInfo info = Numbered(1);
        CHECK(table->Read(i, info));
        CHECK(info.state == SessionState::kUnused);
        CHECK_EQ(info.calls, 0u);
    }
}

TEST(what_was_written_is_read) {
    auto memory = Memory(3);
    SessionTable *table = SessionTable::Create(memory.get(), 3);
    table->Write(1, Numbered(5));
    table->Write(1, Numbered(77));
    SessionInfo info;
    CHECK(table->Read(1, info));
    CHECK_EQ(info.calls, 77u);
    CHECK(Whole(info));
    CHECK(table->Read(2, info));
    CHECK(info.state == SessionState::kUnused);
}

TEST(a_reader_beside_the_writer_sees_whole_entries) {
    auto memory = Memory(1);
    SessionTable *table = SessionTable::Create(memory.get(), 1);
    table->Write(0, Numbered(0));
    // The writer goes on until the reader is through, however the two are scheduled.
    std::vector<SessionInfo> prepared;
    for (uint64_t n = 0; n < 64; ++n) prepared.push_back(Numbered(n));
    std::atomic<bool> stop{false};
    std::atomic<uint64_t> written{0};
    std::thread writer([&] {
        for (uint64_t n = 0; !stop; ++n) {
            table->Write(0, prepared[n % prepared.size()]);
            written = n + 1;
        }
    });
    int torn = 0;
    for (int reads = 0; reads < 200'000 || written < 1'000'000; ++reads) {
        SessionInfo info;
        if (table->Read(0, info)) torn += !Whole(info);
    }
    stop = true;
    writer.join();
    CHECK_EQ(torn, 0);
    SessionInfo info;
    CHECK(table->Read(0, info));  // nobody writes now
}
