// The meaning of gRPC statuses (status_map.h). Texts are the server's; they differ by path, so substrings count.
#include "worker/rpc/status_map.h"

#include <array>

namespace kalam::worker::rpc {

using common::Cause;
using common::Code;
using common::Outcome;

namespace {

bool Contains(std::string_view text, std::string_view part) {
    return text.find(part) != std::string_view::npos;
}

// What in the text of FailedPrecondition and NotFound makes the server drop the session's transaction.
constexpr std::array<std::string_view, 12> kTerminalTexts = {
    "not found",
    "no active transaction",
    "already committed",
    "already rolled back",
    "timed out and was aborted",
    "timed_out",
    " was aborted",
    " is aborted",
    "while it is committed",
    "while it is committing",
    "while it is rolling_back",
    "while it is rolled_back",
};

// A server, or a proxy before it, that sends one of these does not say whether it has acted.
bool IsVague(Code code) {
    return code == Code::kCancelled || code == Code::kUnknown || code == Code::kDeadlineExceeded ||
           code == Code::kUnavailable;
}

// A node of a cluster that passed a write on to the leader and lost it there, or was the leader when it took it.
bool LeaderWasLost(std::string_view text) {
    if (Contains(text, "Proposal rejected") && Contains(text, "ForwardToLeader")) return true;
    return Contains(text, "error forwarding proposal") && !Contains(text, "tcp connect error");
}

Code CodeOf(const grpc::Status &status) {
    const int code = status.error_code();
    const bool known = code > 0 && code <= static_cast<int>(Code::kUnauthenticated);
    return known ? static_cast<Code>(code) : Code::kUnknown;
}

Cause CauseOf(const grpc::Status &status, Code code, const CallEnd &end) {
    // Servers know the limit too, and may be faster with saying that it has passed.
    const bool ran_out = end.time_is_over && (code == Code::kDeadlineExceeded || code == Code::kCancelled);
    // All of the time may have gone by in connecting.
    const bool had_link = end.reached_link || end.from_peer;
    if (ran_out && end.cancel == CancelReason::kNone) return had_link ? Cause::kTimeout : Cause::kConnect;
    if (end.from_peer) return Cause::kServer;
    if (end.cancel == CancelReason::kStopping) return Cause::kWorkerGone;
    if (end.cancel == CancelReason::kConnectTimeout) return Cause::kConnect;
    if (code == Code::kDeadlineExceeded) return Cause::kTimeout;
    if (!end.reached_link && code != Code::kCancelled) return Cause::kConnect;
    const bool unreadable = code == Code::kResourceExhausted || Contains(status.error_message(), "compress");
    return unreadable ? Cause::kBadAnswer : Cause::kTransport;
}

std::string TextOf(const grpc::Status &status, Cause cause, const CallEnd &end) {
    switch (cause) {
        case Cause::kTimeout:
            return "no answer within " + std::to_string(end.timeout_ms) + " ms";
        case Cause::kWorkerGone:
            return {};
        case Cause::kConnect:
            if (end.cancel == CancelReason::kConnectTimeout)
                return "no connection within kalam.connect_timeout";
            if (status.error_code() == grpc::DEADLINE_EXCEEDED)
                return "no connection within " + std::to_string(end.timeout_ms) + " ms";
            break;
        default:
            break;
    }
    return status.error_message();
}

}  // namespace

Failure MakeFailure(Code code, Cause cause, std::string text) {
    return {{.code = code, .cause = cause, .outcome = Outcome::kNotDone}, std::move(text)};
}

Failure MapStatus(const grpc::Status &status, const CallEnd &end) {
    if (status.ok()) return {};
    const Code code = CodeOf(status);
    const Cause cause = CauseOf(status, code, end);
    const bool certain = cause == Cause::kServer ? !IsVague(code) : !end.reached_link;
    Failure failure = MakeFailure(cause == Cause::kTimeout ? Code::kDeadlineExceeded : code, cause,
                                  TextOf(status, cause, end));
    if (Writes(end.rpc) && (!certain || LeaderWasLost(failure.text)))
        failure.status.outcome = Outcome::kUnknown;
    return failure;
}

bool IsForgottenSession(const Failure &failure) {
    return failure.status.code == Code::kUnauthenticated && failure.status.cause == Cause::kServer &&
           (Contains(failure.text, "invalid or expired session") ||
            Contains(failure.text, "session not authenticated") || Contains(failure.text, "lease expired"));
}

bool EndsTransaction(const Failure &failure) {
    if (failure.status.cause != Cause::kServer) return false;
    if (failure.status.code != Code::kFailedPrecondition && failure.status.code != Code::kNotFound)
        return false;
    for (std::string_view text : kTerminalTexts) {
        if (Contains(failure.text, text)) return true;
    }
    return false;
}

bool IsUnknownTransaction(const Failure &failure) {
    return failure.status.cause == Cause::kServer && Contains(failure.text, "transaction '") &&
           Contains(failure.text, "not found");
}

bool IsMissingRow(const Failure &failure) {
    return failure.status.cause == Cause::kServer && Contains(failure.text, "Row with ") &&
           (Contains(failure.text, " not found") || Contains(failure.text, " was deleted"));
}

}  // namespace kalam::worker::rpc
