// Keeps this backend's calls (pending_calls.h): claims slots, watches over them, gives them back.
// A slot is given up with one step of its state machine; if the worker was faster the step fails and the new
// state is looked at. After SENT or RUNNING -> ABANDONED the slot and its pages are the worker's.
#include "backend/pending_calls.h"

extern "C" {
#include "miscadmin.h"
#include "storage/ipc.h"
}

namespace kalam::backend {

using shm::SlotState;

namespace {

PendingCall *oldest_pending = nullptr;  // the head of the list; its order is the order of the claims
bool exiting = false;

// Where the list points to `call`; for null, where it ends.
PendingCall **LinkTo(const PendingCall *call) {
    PendingCall **link = &oldest_pending;
    while (*link != call) link = &(*link)->next;
    return link;
}

void OnResourceRelease(ResourceReleasePhase phase, bool, bool, void *) {
    if (phase != RESOURCE_RELEASE_BEFORE_LOCKS) return;
    PendingCall *next = nullptr;
    for (PendingCall *call = oldest_pending; call != nullptr; call = next) {
        next = call->next;
        if (call->owner == CurrentResourceOwner) Forget(call);
    }
}

// Runs before the transaction is aborted for the last time: a rollback is not sent then, because closing the
// session rolls back.
void OnExit(int, Datum) {
    exiting = true;
    while (oldest_pending != nullptr) Forget(oldest_pending);
    shm::Region *region = SharedRegion();
    region->control().Push({.kind = shm::SignalKind::kBackendExit,
                            .slot = {.index = static_cast<uint32_t>(compat::MyProcNumber()),
                                     .generation = static_cast<uint32_t>(MyProcPid)}});
    WakeWorker(*region);
}

// Gives the slot up in whatever state it is.
void GiveUp(shm::Region &region, PendingCall *call) {
    shm::Slot &slot = *call->slot;
    for (;;) {
        const SlotState state = slot.State();
        switch (state) {
            case SlotState::kClaimed:
                if (slot.request_first_page != shm::kNoPage) {
                    region.request_pages().FreeChain(slot.request_first_page);
                }
                slot.Step(call->generation, SlotState::kClaimed, SlotState::kFree);
                return;
            case SlotState::kSent:
            case SlotState::kRunning:
                if (slot.Step(call->generation, state, SlotState::kAbandoned)) {
                    region.control().Push({.kind = shm::SignalKind::kCancel,
                                           .slot = {.index = slot.index, .generation = call->generation}});
                    WakeWorker(region);
                    return;
                }
                break;
            case SlotState::kDone:
                ReleaseSlot(region, call);
                return;
            case SlotState::kFree:
            case SlotState::kAbandoned:
                return;
        }
    }
}

// Whether the owner is `around` or inside it. Every owner is inside null.
bool IsWithin(ResourceOwner owner, ResourceOwner around) {
    while (owner != around && owner != nullptr) owner = ResourceOwnerGetParent(owner);
    return owner == around;
}

// A free slot among this backend's first `count`, claimed.
shm::Slot *ClaimFirstFree(shm::Region &region, uint32_t count, uint32_t epoch, uint32_t *generation) {
    for (uint32_t k = 0; k < count; ++k) {
        shm::Slot &slot = region.slot_of(compat::MyProcNumber(), k);
        *generation = slot.Claim();
        if (*generation == 0) continue;
        slot.owner_pid = MyProcPid;
        slot.epoch = epoch;
        slot.request_first_page = shm::kNoPage;
        return &slot;
    }
    return nullptr;
}

uint32_t UsableSlots(shm::Region &region, SlotUse use) {
    const uint32_t all = region.header().sizes.slots_per_backend;
    return use == SlotUse::kAlsoReserved ? all : all - kReservedSlots;
}

}  // namespace

void WatchOverCalls() {
    static bool registered = false;
    if (registered) return;
    RegisterResourceReleaseCallback(OnResourceRelease, nullptr);
    before_shmem_exit(OnExit, 0);
    registered = true;
}

void BodyBuffer::Reserve(MemoryContext context, uint64_t bytes) {
    if (bytes < capacity) return;
    const uint64_t wanted = bytes + 1;
    data = static_cast<char *>(data == nullptr ? MemoryContextAllocHuge(context, wanted)
                                               : repalloc_huge(data, wanted));
    capacity = wanted;
}

void BodyBuffer::Append(MemoryContext context, const char *bytes, uint64_t count) {
    // Doubling: large blocks are moved by the kernel, not copied.
    if (size + count >= capacity) Reserve(context, Max(size + count, capacity * 2));
    memcpy(data + size, bytes, count);
    size += count;
}

void BodyBuffer::Finish(MemoryContext context) {
    Reserve(context, size);
    data[size] = '\0';
}

shm::Slot *ClaimDetachedSlot(shm::Region &region, uint32_t epoch, uint32_t *generation) noexcept {
    return ClaimFirstFree(region, UsableSlots(region, SlotUse::kAlsoReserved), epoch, generation);
}

PendingCall *ClaimSlot(shm::Region &region, uint32_t epoch, SlotUse use) {
    WatchOverCalls();
    MemoryContext memory =
        AllocSetContextCreate(TopMemoryContext, "pg_kalam call", ALLOCSET_START_SMALL_SIZES);
    auto *call = static_cast<PendingCall *>(MemoryContextAllocZero(memory, sizeof(PendingCall)));
    call->memory = memory;
    call->slot = ClaimFirstFree(region, UsableSlots(region, use), epoch, &call->generation);
    if (call->slot == nullptr) {
        MemoryContextDelete(memory);
        return nullptr;
    }
    call->owner = CurrentResourceOwner;
    *LinkTo(nullptr) = call;
    return call;
}

PendingCall *OldestPendingCall() {
    for (PendingCall *call = oldest_pending; call != nullptr; call = call->next) {
        if (call->slot != nullptr && call->in_lane) return call;
    }
    return nullptr;
}

void ReleaseSlot(shm::Region &region, PendingCall *call) {
    if (call->slot->DropAnswer(region.answer_pages()) > 0 && region.header().answers_need_pages.Take()) {
        WakeWorker(region);
    }
    call->slot->Step(call->generation, SlotState::kDone, SlotState::kFree);
    call->slot = nullptr;
}

void Forget(PendingCall *call) noexcept {
    if (call->slot != nullptr) GiveUp(*SharedRegion(), call);
    *LinkTo(call) = call->next;
    MemoryContextDelete(call->memory);
}

void ForgetCallsOf(ResourceOwner owner) noexcept {
    PendingCall *next = nullptr;
    for (PendingCall *call = oldest_pending; call != nullptr; call = next) {
        next = call->next;
        if (IsWithin(call->owner, owner)) Forget(call);
    }
}

bool IsExiting() {
    return exiting;
}

}  // namespace kalam::backend
