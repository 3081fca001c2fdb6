// A request's body, read: views into the run's own copy of the body. Made by dispatch.cc before the engine's
// lock is taken; read by the encoders and by the runs.
#pragma once

#include <string_view>
#include <utility>
#include <vector>

#include "common/message.h"
#include "worker/rpc/rpc.h"

namespace kalam::worker::rpc {

struct ParsedRequest {
    common::EndpointConfig endpoint;  // meaningful if head.has_endpoint
    std::string_view namespace_name;
    std::string_view table_name;
    std::string_view user_id;
    std::vector<std::string_view> columns;
    std::vector<std::pair<std::string_view, std::string_view>> filters;
    uint64_t limit = common::kNoLimit;
    std::string_view key_column;
    std::vector<std::string_view> items;    // rows or keys
    std::vector<std::string_view> updates;  // as many as items, of kUpdate
    std::string_view sql;

    // Reads `body`. False if it is not what `head` says; the views are then meaningless.
    bool Parse(const common::RequestHead &head, std::string_view body);
};

Rpc RpcFor(common::Operation operation);

}  // namespace kalam::worker::rpc
