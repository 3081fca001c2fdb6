// The region between real processes: a worker and several backends forked from one parent, as the postmaster
// does it; and a process that has mapped the region at another address.
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <functional>

#include "../check.h"
#include "fixture.h"
#include "latch.h"
#include "traffic.h"

using namespace kalam::shm;
using kalam::test::Latches;
using kalam::test::ProcessLatch;
using kalam::test::SharedRegion;

namespace {

// Runs `body` in a child, which ends with 0 if no check failed and it returned true.
pid_t InChild(const std::function<bool()> &body) {
    std::fflush(stdout);
    const pid_t child = fork();
    if (child != 0) return child;
    bool good = false;
    alarm(120);
    try {
        good = body();
    } catch (const kalam::test::CheckFailed &) {
    }
    std::fflush(stdout);
    _exit(good ? 0 : 1);
}

bool EndsWell(pid_t child) {
    int status = 0;
    return waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

}  // namespace

TEST(backends_and_a_worker_in_processes_of_their_own) {
    constexpr int kEach = 1'000;
    const int backends = static_cast<int>(kalam::test::kSmallSizes.backends);
    SharedRegion region;
    Latches<ProcessLatch> latches(static_cast<uint32_t>(backends));
    std::vector<pid_t> children;
    children.push_back(InChild([&] {
        kalam::test::Worker<ProcessLatch> worker(*region, latches);
        worker.Run(backends * kEach);
        return worker.answered + worker.retired == worker.taken;
    }));
    for (int procno = 0; procno < backends; ++procno)
        children.push_back(InChild([&, procno] {
            kalam::test::Backend<ProcessLatch> backend(*region, latches, procno);
            backend.Run(kEach);
            return backend.wrong == 0 && backend.answered > 0 && backend.abandoned > 0 &&
                   backend.answered + backend.abandoned == kEach;
        }));
    bool all_well = true;
    for (pid_t child : children) all_well &= EndsWell(child);
    CHECK(all_well);
    kalam::test::CheckNothingLeft(*region);
}

// A backend that dies holds its slot; the generation lets the worker free it and nobody else's answer is lost.
TEST(a_backend_that_dies_leaves_a_slot_the_worker_can_free) {
    SharedRegion region;
    const pid_t child = InChild([&] {
        Slot &slot = region->slot_of(1, 0);
        const uint32_t generation = slot.Claim();
        CHECK(slot.Step(generation, SlotState::kClaimed, SlotState::kSent));
        return region->requests().Push({.kind = SignalKind::kRequest, .slot = {slot.index, generation}}) &&
               slot.Step(generation, SlotState::kSent, SlotState::kAbandoned);
    });
    CHECK(EndsWell(child));
    Signal signal;
    CHECK(region->requests().Pop(signal));
    Slot &slot = region->slot(signal.slot.index);
    CHECK(!slot.Step(signal.slot.generation, SlotState::kSent, SlotState::kRunning));
    CHECK(slot.Step(signal.slot.generation, SlotState::kAbandoned, SlotState::kFree));
    CHECK_EQ(slot.Claim(), signal.slot.generation + 1);
}

TEST(a_process_may_map_the_region_at_another_address) {
    const size_t size = Region::Size(kalam::test::kSmallSizes);
    const int fd = memfd_create("region", MFD_CLOEXEC);
    CHECK(fd >= 0 && ftruncate(fd, static_cast<off_t>(size)) == 0);
    const auto map = [&] { return mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0); };
    void *here = map();
    CHECK(here != MAP_FAILED);
    Region *region = Region::Create(here, kalam::test::kSmallSizes);
    const pid_t child = InChild([&] {
        void *elsewhere = map();
        CHECK(elsewhere != MAP_FAILED && elsewhere != here);
        munmap(here, size);  // so that a pointer into the other mapping would crash
        Region *moved = Region::Attach(elsewhere);
        for (uint32_t i = 0; i < 100; ++i) {
            CHECK(moved->control().Push({.kind = SignalKind::kCancel, .slot = {i, i}}));
            CHECK(moved->request_pages().Reserve(3));
            moved->request_pages().FreeChain(
                moved->request_pages().WriteChain(std::string(2 * kPageDataBytes + 1, 'z')));
        }
        CHECK(moved->answer_pages().Reserve(1));
        return moved->slot(5).answer_pages.push(moved->answer_pages().Pop());
    });
    CHECK(EndsWell(child));
    Signal signal;
    for (uint32_t i = 0; i < 100; ++i) CHECK(region->control().Pop(signal) && signal.slot.index == i);
    CHECK_EQ(region->slot(5).DropAnswer(region->answer_pages()), 1u);
    kalam::test::CheckNothingLeft(*region);
    munmap(here, size);
    close(fd);
}
