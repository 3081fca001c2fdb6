// The control service kalam.faults.FaultService: how tests break calls.
// Registered by main when --allow-faults is given; its handlers run on the server's threads.
#pragma once

#include "devserver/core.h"
#include "devserver/faults/fault_plan.h"
#include "devserver/rpc/dispatch.h"

namespace kalam::devserver::faults {

// core and plan must outlive the dispatcher.
void AddControlService(rpc::Dispatcher &dispatcher, Core &core, FaultPlan &plan);

}  // namespace kalam::devserver::faults
