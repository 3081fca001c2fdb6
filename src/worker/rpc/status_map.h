// Says what the end of a call means: who failed, and whether the server may have acted. Called by call.cc when
// a call has ended, and by whoever fails a request without a call. Values only.
#pragma once

#include <grpcpp/support/status.h>

#include <string>
#include <string_view>

#include "common/status.h"
#include "worker/rpc/rpc.h"

namespace kalam::worker::rpc {

struct Failure {
    common::Status status;
    std::string text;

    bool Ok() const { return status.Ok(); }
};

Failure MakeFailure(common::Code code, common::Cause cause, std::string text);

// Why we cancelled a call ourselves.
enum class CancelReason : uint8_t { kNone, kAbandoned, kConnectTimeout, kStopping };

// What is known of a call that has ended.
struct CallEnd {
    Rpc rpc = Rpc::kPing;
    bool from_peer = false;     // the server itself sent the status
    bool reached_link = false;  // the call may have been given to a connection, and seen by the server
    CancelReason cancel = CancelReason::kNone;
    bool time_is_over = false;  // the call's own limit has passed
    uint32_t timeout_ms = 0;    // that limit
};

// Ok() for an OK status.
Failure MapStatus(const grpc::Status &status, const CallEnd &end);

// The server has forgotten the session, or will not renew it: open it again. It has not acted.
bool IsForgottenSession(const Failure &failure);

// The server has ended the session's transaction: what follows on the session would be autocommitted.
bool EndsTransaction(const Failure &failure);

// A rollback that found nothing to roll back any more.
bool IsUnknownTransaction(const Failure &failure);

// An update whose key is not there.
bool IsMissingRow(const Failure &failure);

}  // namespace kalam::worker::rpc
