// What a request came to: a code, a cause, whether the remote side may have acted, and the words of whoever
// refused. Written by the worker's RPC layer into a slot, read by the backend, which turns it into an ereport
// (backend/report.h). A value; the text travels separately, as the body of the answer.
#pragma once

#include <cstdint>
#include <string_view>

namespace kalam::common {

// The numbers are gRPC's status codes.
enum class Code : uint8_t {
    kOk = 0,
    kCancelled = 1,
    kUnknown = 2,
    kInvalidArgument = 3,
    kDeadlineExceeded = 4,
    kNotFound = 5,
    kAlreadyExists = 6,
    kPermissionDenied = 7,
    kResourceExhausted = 8,
    kFailedPrecondition = 9,
    kAborted = 10,
    kOutOfRange = 11,
    kUnimplemented = 12,
    kInternal = 13,
    kUnavailable = 14,
    kDataLoss = 15,
    kUnauthenticated = 16,
};

// Who or what failed. Together with Code and the text it decides the SQLSTATE (SqlStateFor).
enum class Cause : uint8_t {
    kNone,             // no failure
    kServer,           // the server answered with an error; the text is its own
    kConnect,          // no connection to the server could be made; nothing was sent
    kTransport,        // the link broke while the call was under way
    kTimeout,          // the request's own time limit passed
    kConfig,           // the endpoint's options cannot be used (header value, certificate); nothing was sent
    kUnknownEndpoint,  // the worker was not told this endpoint's options yet: send them along and ask again
    kSessionLost,      // the session with the open remote transaction is gone
    kWorkerGone,       // the worker stopped or restarted under the request
    kBadAnswer,        // the answer could not be read
    kBadRequest,       // the request could not be read by the worker, or is over the server's size limit
};

// Whether the remote side did what was asked, when the answer is an error.
enum class Outcome : uint8_t {
    kNotDone,  // certainly not done
    kUnknown,  // the request may have been carried out (a write whose answer was lost)
};

struct Status {
    Code code = Code::kOk;
    Cause cause = Cause::kNone;
    Outcome outcome = Outcome::kNotDone;

    bool Ok() const { return code == Code::kOk; }
};

// The five characters of the SQLSTATE for a failed request, from the status and the server's text (matched by
// substring, since the texts vary by path). Static storage; never null; "00000" for success. An unknown
// outcome is 08007 whatever the cause, unless the server itself answered. Used by backend/report.
const char *SqlStateFor(Status status, std::string_view text);

}  // namespace kalam::common
