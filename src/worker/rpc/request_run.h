// One request of a backend from the moment the worker took it until its slot is answered. There is one object a
// slot, reused. Everything is called with the engine's lock held, except Load (before the run is known to
// anybody) and Encode.
//
//   phase  kUnused -> kWaiting (at a session's gate, or in a group's queue) -> kCalling (RPCs in flight)
//          -> kAnswering (the answer waits for pages) -> kUnused; back to kWaiting when the session must be
//          opened again
//
// Which RPCs a request takes is in window.cc (several of a kind) and transaction.cc; the rest takes one.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "shm/region.h"
#include "worker/rpc/answer_body.h"
#include "worker/rpc/encode.h"
#include "worker/rpc/parsed_request.h"
#include "worker/rpc/work.h"

namespace kalam::worker::rpc {

struct Engine;
struct Endpoint;
class InsertTarget;
class Session;

class RequestRun final : public Work {
 public:
    enum class Phase : uint8_t { kUnused, kWaiting, kCalling, kAnswering };

    explicit RequestRun(Engine &engine) : engine_(engine) {}

    // Copies the request out of the slot, which is RUNNING, and gives its request pages back.
    void Load(shm::Slot &slot, uint32_t generation);
    // Starts on its way to `endpoint`.
    void Begin(Endpoint &endpoint, uint32_t timeout_ms);
    // Instead of Begin: answers at once.
    void Refuse(const Failure &failure);
    // Its backend has given it up.
    void Abandon();
    // Fails it if it has waited too long.
    void Expire(int64_t now_us);
    // The worker stops.
    void FailForStop();

    // The end: answers the slot, or frees it when nobody listens; the run is unused afterwards, unless the
    // answer waits for pages. False: nobody will hear it.
    bool Finish(const Failure &failure);
    void FinishWithRows(uint64_t affected_rows);
    // Writes on with an answer that waited for pages. False: it still waits.
    bool ContinueAnswer();

    // For grouping.cc.
    void JoinGroup(InsertTarget *group) { group_ = group; }
    void NoteCall();  // a call that carries its rows was made
    bool IsExpired(int64_t now_us) const { return expires_us_ != 0 && now_us >= expires_us_; }
    Failure TimedOutWaiting() const;
    static Failure BadAnswer(Rpc rpc);

    bool Is(const shm::Signal &signal) const {
        return phase_ != Phase::kUnused && slot_->index == signal.slot.index &&
               generation_ == signal.slot.generation;
    }
    Phase phase() const { return phase_; }
    bool is_readable() const { return is_readable_; }
    uint32_t epoch() const { return slot_->epoch; }
    bool abandoned() const { return abandoned_; }
    const common::RequestHead &head() const { return head_; }
    const ParsedRequest &request() const { return request_; }
    uint64_t item_bytes() const { return item_bytes_; }
    int32_t pid() const { return slot_->owner_pid; }
    TableTarget Target() const;

    bool MayStart() override;
    void Start() override;
    void OnCallEnd(Call &call, const Failure &failure) override;
    void OnSessionFailure(const Failure &failure) override;
    grpc::ByteBuffer Encode(const Call &call) const override;

 private:
    bool IsTransactional() const { return head_.session == common::SessionUse::kTransaction; }
    bool IsWindowed() const;
    bool IsTooLarge() const;
    void EnterSession();
    void WaitForSessionAgain();
    void LeaveSession();
    bool HandleForgotten(Call &call, const Failure &failure);
    void NoteTransactionError(const Failure &failure);
    Call &MakeCall(uint32_t item);
    void CancelCalls();
    bool MayDrop() const;
    void Drop();

    // One call.
    void OnSingleEnd(Call &call, const Failure &failure);
    void FinishSingle(Call &call);

    // window.cc
    void FillWindow();
    void OnWindowCallEnd(Call &call, const Failure &failure);
    bool TakeWindowResult(Call &call);
    Failure WindowFailure(const Call &call, const Failure &failure);
    void NoteWindowFailure(uint32_t item, const Failure &failure);
    void EndWindow();

    // transaction.cc
    bool MayStartInTransaction();
    void OnBeginEnd(Call &call, const Failure &failure);
    void OnCommitEnd(Call &call, const Failure &failure);
    void OnRollbackEnd(Call &call, const Failure &failure);

    // answer_writer.cc
    bool Answer(const Failure &failure);
    void WriteInline();
    bool WritePages();
    bool WritePage();
    bool CompleteSlot();
    void Release();
    void Reset();

    Engine &engine_;
    Phase phase_ = Phase::kUnused;
    shm::Slot *slot_ = nullptr;
    uint32_t generation_ = 0;
    common::RequestHead head_;
    std::string body_;
    ParsedRequest request_;
    bool is_readable_ = false;
    uint64_t item_bytes_ = 0;
    Endpoint *endpoint_ = nullptr;
    Session *session_ = nullptr;     // whose gate it is at, or in
    InsertTarget *group_ = nullptr;  // which answers for it
    bool in_session_ = false;
    bool abandoned_ = false;
    bool retried_ = false;    // has waited for its session to be opened again
    int64_t expires_us_ = 0;  // while waiting; 0: never
    int64_t first_call_us_ = 0;

    // Windowed: items go out in order; those that must be sent again come first.
    uint32_t next_item_ = 0;
    int calls_in_flight_ = 0;
    std::vector<uint32_t> again_;
    bool reopening_ = false;  // waits for its calls to end before the session is opened again
    std::vector<grpc::ByteBuffer> responses_;  // by item, of kLookup
    Failure window_failure_;
    uint32_t failed_item_ = UINT32_MAX;

    common::AnswerHead answer_;
    AnswerBody answer_body_;
};

}  // namespace kalam::worker::rpc
