// Groups of autocommit Inserts. For each target (namespace, table, type, user) of an endpoint at most one RPC is
// on its way; rows that arrive meanwhile, from whatever backend, wait and leave together in the next one. So
// nothing ever waits for a timer, and one client alone never waits at all. Called with the engine's lock held.
//
// When the server refuses a group, it has stored none of its rows; the members are then sent again one by one,
// so that each gets its own answer. When the outcome is not known, nothing is sent again and every member is
// told so.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "common/table_type.h"
#include "worker/rpc/encode.h"
#include "worker/rpc/work.h"

namespace kalam::worker::rpc {

struct Engine;
struct Endpoint;
class RequestRun;
class Session;

class InsertTarget final : public Work {
 public:
    InsertTarget(Engine &engine, Endpoint &endpoint, const RequestRun &first);

    void Add(RequestRun &run);
    // A run that was given up. True: it was still waiting and is out. False: it is part of an RPC, and hears
    // its end; the RPC is cancelled only if all of its rows were given up.
    bool Withdraw(RequestRun &run);
    // Fails waiting members whose time is over.
    void Expire(int64_t now_us);
    bool IsIdle() const { return waiting_.empty() && members_.empty(); }

    void Start() override;
    void OnCallEnd(Call &call, const Failure &failure) override;
    void OnSessionFailure(const Failure &failure) override;
    grpc::ByteBuffer Encode(const Call &call) const override;

 private:
    void NextGroup();
    void TakeMembers();
    void OnGroupEnd(Call &call, const Failure &failure);
    void OnSingleEnd(Call &call, const Failure &failure);
    void SendSingles();
    void SplitIntoSingles();
    void WaitForSession();
    void EndGroup();
    bool AllAbandoned() const;
    void CancelSingle(uint32_t item);

    Engine &engine_;
    Endpoint &endpoint_;
    const std::string namespace_name_, table_name_, user_id_;
    const common::TableType type_;

    std::deque<RequestRun *> waiting_;
    std::vector<RequestRun *> members_;  // of the group on its way; null once answered one by one
    Session *session_ = nullptr;         // of the group on its way
    bool in_session_ = false;
    bool retried_ = false;                        // the group has waited for the session to be opened again
    bool reopening_ = false;                      // waits for its calls to end before that
    bool one_by_one_ = false;                     // after a refusal
    std::deque<uint32_t> singles_;                // members still to be sent one by one
    int calls_ = 0;                               // in flight
    Call *group_call_ = nullptr;                  // the group's RPC while it is in flight
    std::vector<const ParsedRequest *> sources_;  // of the group's RPC
};

class InsertGroups {
 public:
    // Takes a groupable run over until it is finished.
    void Add(Engine &engine, Endpoint &endpoint, RequestRun &run);
    void Expire(int64_t now_us);  // and forgets idle targets
    bool IsIdle() const;

 private:
    std::unordered_map<std::string, std::unique_ptr<InsertTarget>> targets_;
    std::string key_;  // scratch
};

}  // namespace kalam::worker::rpc
