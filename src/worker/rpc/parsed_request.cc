// Reads request bodies (parsed_request.h; the format stands in common/message.h).
#include "worker/rpc/parsed_request.h"

namespace kalam::worker::rpc {

using common::BodyReader;
using common::Operation;

namespace {

bool HasTable(Operation operation) {
    switch (operation) {
        case Operation::kScan:
        case Operation::kLookup:
        case Operation::kInsert:
        case Operation::kUpdate:
        case Operation::kDelete:
            return true;
        default:
            return false;
    }
}

void ReadColumns(BodyReader &in, ParsedRequest &request) {
    for (uint32_t n = in.U32(); n > 0 && in.Ok(); --n) request.columns.push_back(in.Field());
}

void ReadFilters(BodyReader &in, ParsedRequest &request) {
    for (uint32_t n = in.U32(); n > 0 && in.Ok(); --n) {
        const std::string_view column = in.Field();
        request.filters.emplace_back(column, in.Field());
    }
}

void ReadItems(BodyReader &in, uint32_t count, bool with_updates, ParsedRequest &request) {
    for (; count > 0 && in.Ok(); --count) {
        request.items.push_back(in.Field());
        if (with_updates) request.updates.push_back(in.Field());
    }
}

void ReadOperation(BodyReader &in, const common::RequestHead &head, ParsedRequest &request) {
    switch (head.operation) {
        case Operation::kScan:
            ReadColumns(in, request);
            ReadFilters(in, request);
            request.limit = in.U64();
            break;
        case Operation::kLookup:
            ReadColumns(in, request);
            request.key_column = in.Field();
            ReadItems(in, head.item_count, false, request);
            break;
        case Operation::kInsert:
        case Operation::kDelete:
            ReadItems(in, head.item_count, false, request);
            break;
        case Operation::kUpdate:
            ReadItems(in, head.item_count, true, request);
            break;
        case Operation::kExecuteSql:
        case Operation::kExecuteQuery:
            request.sql = in.Field();
            break;
        default:
            break;
    }
}

}  // namespace

bool ParsedRequest::Parse(const common::RequestHead &head, std::string_view body) {
    columns.clear();
    filters.clear();
    items.clear();
    updates.clear();
    limit = common::kNoLimit;
    BodyReader in(body);
    if (head.has_endpoint) endpoint = in.Endpoint();
    if (HasTable(head.operation)) {
        namespace_name = in.Field();
        table_name = in.Field();
        user_id = in.Field();
    }
    ReadOperation(in, head, *this);
    return in.Ok() && in.Rest().empty();
}

Rpc RpcFor(Operation operation) {
    switch (operation) {
        case Operation::kPing:
            return Rpc::kPing;
        case Operation::kScan:
        case Operation::kLookup:
            return Rpc::kScan;
        case Operation::kInsert:
            return Rpc::kInsert;
        case Operation::kUpdate:
            return Rpc::kUpdate;
        case Operation::kDelete:
            return Rpc::kDelete;
        case Operation::kBegin:
            return Rpc::kBegin;
        case Operation::kCommit:
            return Rpc::kCommit;
        case Operation::kRollback:
            return Rpc::kRollback;
        case Operation::kExecuteSql:
            return Rpc::kExecuteSql;
        case Operation::kExecuteQuery:
            return Rpc::kExecuteQuery;
    }
    return Rpc::kPing;
}

}  // namespace kalam::worker::rpc
