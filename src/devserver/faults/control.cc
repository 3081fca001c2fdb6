// Turns the control service's messages into rules of the FaultPlan and settings of the Core.
#include "devserver/faults/control.h"

#include <string>

#include "kalam_faults.pb.h"

namespace kalam::devserver::faults {

namespace {

Fault ReadFault(const kalam::faults::Fault &request) {
    Fault fault;
    fault.delay_ms = static_cast<int64_t>(request.delay_ms());
    fault.run_first = request.run_first();
    switch (request.what_case()) {
        case kalam::faults::Fault::kRefuse:
            fault.kind = Fault::Kind::kFail;
            fault.code = static_cast<common::Code>(request.refuse().code());
            fault.text = request.refuse().message();
            break;
        case kalam::faults::Fault::kGarbage:
            fault.kind = Fault::Kind::kGarbage;
            fault.text = request.garbage();
            break;
        case kalam::faults::Fault::kCloseConnections:
            fault.kind = Fault::Kind::kCloseConnections;
            break;
        case kalam::faults::Fault::kDrop:
            fault.kind = Fault::Kind::kDrop;
            break;
        case kalam::faults::Fault::WHAT_NOT_SET:
            break;
    }
    return fault;
}

Rule ReadRule(const kalam::faults::Fault &request) {
    Rule rule;
    rule.method = request.method();
    rule.skip = static_cast<int64_t>(request.skip());
    rule.count = request.has_count() ? static_cast<int64_t>(request.count()) : 1;
    rule.fault = ReadFault(request);
    return rule;
}

// Registers one method whose answer is computed by `run`.
template <typename Request, typename Run>
void AddMethod(rpc::Dispatcher &dispatcher, const char *name, Run run) {
    dispatcher.Add(std::string("/kalam.faults.FaultService/") + name,
                   [run](const CallContext &, grpc::ByteBuffer &bytes, grpc::ByteBuffer &answer) {
                       rpc::Serialize(run(rpc::Parse<Request>(bytes)), answer);
                   });
}

}  // namespace

void AddControlService(rpc::Dispatcher &dispatcher, Core &core, FaultPlan &plan) {
    using kalam::faults::Done;
    AddMethod<kalam::faults::Fault>(dispatcher, "Add", [&plan](const auto &request) {
        plan.Add(ReadRule(request));
        return Done();
    });
    AddMethod<kalam::faults::ClearRequest>(dispatcher, "Clear", [&core, &plan](const auto &) {
        plan.Clear();
        core.leadership.Set({});
        return Done();
    });
    AddMethod<kalam::faults::CloseConnectionsRequest>(dispatcher, "CloseConnections", [&plan](const auto &) {
        plan.CloseConnections();
        return Done();
    });
    AddMethod<kalam::faults::AdvanceClockRequest>(dispatcher, "AdvanceClock", [&core](const auto &request) {
        core.clock.Advance(static_cast<int64_t>(request.millis()));
        return Done();
    });
    AddMethod<kalam::faults::SetLeaderRequest>(dispatcher, "SetLeader", [&core](const auto &request) {
        core.leadership.Set(
            {request.api_addr(), request.rpc_addr(), request.shared_group(), request.user_groups()});
        return Done();
    });
    AddMethod<kalam::faults::StatusRequest>(dispatcher, "Status", [&plan](const auto &) {
        kalam::faults::StatusResponse response;
        response.set_hits(static_cast<uint64_t>(plan.hits()));
        response.set_held(plan.held());
        return response;
    });
}

}  // namespace kalam::devserver::faults
