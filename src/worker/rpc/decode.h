// Reads responses. Nothing here trusts the bytes: what does not parse is answered with false, and the caller
// makes it Cause::kBadAnswer. Called by the completion thread.
#pragma once

#include <grpcpp/support/byte_buffer.h>

#include <cstdint>
#include <string>

#include "worker/rpc/answer_body.h"

namespace kalam::worker::rpc {

bool DecodeAffectedRows(grpc::ByteBuffer &response, uint64_t *rows);      // Insert, Update, Delete
bool DecodeTransactionId(grpc::ByteBuffer &response, std::string *id);    // Begin; an empty id is false
bool DecodeOpenSession(grpc::ByteBuffer &response, int64_t *expires_ms);  // OpenSession
bool DecodeMessage(grpc::ByteBuffer &response, std::string *message);     // ExecuteSql
bool DecodePing(grpc::ByteBuffer &response);                              // its `ok`

// Append frames to `out`, which takes the response over: the Arrow streams of a Scan; the message and the Arrow
// streams of an ExecuteQuery. On false `out` holds rubbish.
bool DecodeScan(grpc::ByteBuffer &&response, AnswerBody &out);
bool DecodeQuery(grpc::ByteBuffer &&response, AnswerBody &out);

}  // namespace kalam::worker::rpc
