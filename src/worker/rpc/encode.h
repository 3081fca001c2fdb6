// Requests as protobuf bytes, written straight from the views of a request's body into one gRPC slice: rows are
// copied once, and no message object is built. Field numbers are those of the generated classes. Called without
// the engine's lock, just before a call starts; what the views point into does not change meanwhile.
#pragma once

#include <grpcpp/support/byte_buffer.h>

#include <cstdint>
#include <span>
#include <string_view>

#include "common/table_type.h"
#include "worker/rpc/parsed_request.h"

namespace kalam::worker::rpc {

struct TableTarget {
    std::string_view namespace_name;
    std::string_view table_name;
    common::TableType type = common::TableType::kShared;
    std::string_view user_id = {};  // empty: none
};

// kPing, kOpenSession, kCloseSession, kBegin (no transaction), kCommit, kRollback.
grpc::ByteBuffer EncodeSessionCall(Rpc rpc, std::string_view session_id, std::string_view transaction_id);

// A Scan: with `key`, of the rows whose request.key_column equals it; otherwise by request.filters and limit.
grpc::ByteBuffer EncodeScan(const ParsedRequest &request, const TableTarget &target,
                            std::string_view session_id, const std::string_view *key);

// One Insert of the rows of all `sources`, in order.
grpc::ByteBuffer EncodeInsert(std::span<const ParsedRequest *const> sources, const TableTarget &target,
                              std::string_view session_id);

grpc::ByteBuffer EncodeUpdate(const TableTarget &target, std::string_view session_id, std::string_view key,
                              std::string_view updates);
grpc::ByteBuffer EncodeDelete(const TableTarget &target, std::string_view session_id, std::string_view key);

// ExecuteSql and ExecuteQuery, whose requests have the same fields.
grpc::ByteBuffer EncodeStatement(std::string_view sql, std::string_view session_id);

// Bytes that the items of a request take at most in a message; the rest of the message stays under
// kMessageHeadBytes plus the names. What is over common::kMaxRequestBytes the server refuses.
uint64_t EncodedItemBytes(const ParsedRequest &request);
inline constexpr uint64_t kMessageHeadBytes = 256;

}  // namespace kalam::worker::rpc
