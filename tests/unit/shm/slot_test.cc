// The state machine of a slot (shm/slot.h), step by step.
#include "shm/slot.h"

#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <set>
#include <utility>

#include "../check.h"
#include "fixture.h"

using namespace kalam::shm;
using S = SlotState;

namespace {

constexpr S kAll[] = {S::kFree, S::kClaimed, S::kSent, S::kRunning, S::kDone, S::kAbandoned};

const std::set<std::pair<S, S>> kLegal = {
    {S::kClaimed, S::kSent}, {S::kClaimed, S::kFree}, {S::kSent, S::kRunning},      {S::kSent, S::kAbandoned},
    {S::kSent, S::kDone},    {S::kSent, S::kFree},    {S::kRunning, S::kAbandoned}, {S::kRunning, S::kDone},
    {S::kRunning, S::kFree}, {S::kDone, S::kFree},    {S::kAbandoned, S::kFree},
};

void Put(Slot &slot, uint32_t generation, S state) {
    slot.word.store(Slot::Word(generation, state));
}

// Whether Step(from, to) ends the process.
bool StepAborts(Slot &slot, S from, S to) {
    const pid_t child = fork();
    if (child == 0) {
        signal(SIGABRT, SIG_DFL);
        slot.Step(1, from, to);
        _exit(0);
    }
    int status = 0;
    waitpid(child, &status, 0);
    return WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT;
}

}  // namespace

TEST(legal_steps_change_the_state_and_keep_the_generation) {
    Slot slot;
    for (auto [from, to] : kLegal) {
        Put(slot, 77, from);
        CHECK(slot.Step(77, from, to));
        CHECK(slot.Is(77, to));
        CHECK_EQ(slot.Generation(), 77u);
        CHECK(slot.State() == to);
    }
}

TEST(every_other_step_aborts) {
    Slot slot;
    for (S from : kAll)
        for (S to : kAll) {
            CHECK_EQ(IsLegalStep(from, to), kLegal.contains({from, to}));
            if (kLegal.contains({from, to})) continue;
            Put(slot, 1, from);
            CHECK(StepAborts(slot, from, to));
        }
}

TEST(a_step_from_another_state_is_refused_and_changes_nothing) {
    Slot slot;
    for (auto [from, to] : kLegal)
        for (S actual : kAll) {
            if (actual == from) continue;
            Put(slot, 5, actual);
            CHECK(!slot.Step(5, from, to));
            CHECK(slot.Is(5, actual));
        }
}

TEST(a_step_of_another_generation_is_refused) {
    Slot slot;
    for (auto [from, to] : kLegal)
        for (uint32_t other : {0u, 4u, 6u, UINT32_MAX}) {
            Put(slot, 5, from);
            CHECK(!slot.Step(other, from, to));
            CHECK(slot.Is(5, from));
        }
}

TEST(claim_takes_only_free_slots) {
    Slot slot;
    for (S state : kAll) {
        Put(slot, 9, state);
        CHECK_EQ(slot.Claim(), state == S::kFree ? 10u : 0u);
    }
}

TEST(each_claim_is_a_new_generation_and_never_0) {
    Slot slot;
    CHECK_EQ(slot.Claim(), 1u);
    CHECK(slot.Step(1, S::kClaimed, S::kFree));
    CHECK_EQ(slot.Claim(), 2u);
    Put(slot, UINT32_MAX, S::kFree);
    CHECK_EQ(slot.Claim(), 1u);
}

TEST(a_late_answer_cannot_complete_the_next_request) {
    Slot slot;
    const uint32_t first = slot.Claim();
    CHECK(slot.Step(first, S::kClaimed, S::kSent));
    CHECK(slot.Step(first, S::kSent, S::kRunning));
    CHECK(slot.Step(first, S::kRunning, S::kAbandoned));
    CHECK(slot.Step(first, S::kAbandoned, S::kFree));
    const uint32_t second = slot.Claim();
    CHECK(slot.Step(second, S::kClaimed, S::kSent));
    CHECK(slot.Step(second, S::kSent, S::kRunning));
    CHECK(!slot.Step(first, S::kRunning, S::kDone));
    CHECK(slot.Is(second, S::kRunning));
}

TEST(dropping_an_answer_gives_its_pages_back) {
    kalam::test::HeapRegion region;
    PagePool &pool = region->answer_pages();
    Slot &slot = region->slot(3);
    CHECK(pool.Reserve(3));
    for (int i = 0; i < 3; ++i) CHECK(slot.answer_pages.push(pool.Pop()));
    CHECK_EQ(slot.DropAnswer(pool), 3u);
    CHECK_EQ(pool.available(), pool.total());
    CHECK_EQ(slot.DropAnswer(pool), 0u);
}

TEST(states_have_names) {
    std::set<std::string> names;
    for (S state : kAll) names.insert(NameOf(state));
    CHECK_EQ(names.size(), static_cast<size_t>(kSlotStateCount));
}
