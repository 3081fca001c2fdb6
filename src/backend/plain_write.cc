// When a write may commit by itself, and the context of errors that leave its outcome open (plain_write.h).
#include "backend/plain_write.h"

extern "C" {
#include "access/xact.h"
}

#include "backend/remote_xact.h"

namespace kalam::backend {

namespace {

void TellUnknownOutcome(void *endpoint) {
    errcontext("whether the changes on KalamDB server \"%s\" were committed is not known",
               static_cast<const Endpoint *>(endpoint)->address);
}

}  // namespace

bool MaySendPlain(const Endpoint *endpoint) {
    if (IsTransactionBlock()) return false;
    const RemoteXact *remote = FindRemoteXact(endpoint->id);
    return remote == nullptr || (!remote->open && remote->held == NIL && remote->unusable == nullptr);
}

Answer TryCallPlain(const Request &request) {
    ErrorContextCallback context;
    EnterUnknownOutcome(&context, request.endpoint);
    const Answer answer = TryCall(request);
    LeaveUnknownOutcome(&context);
    return answer;
}

bool SaysRowIsMissing(const Answer &answer) {
    const std::string_view text(answer.body, answer.body_bytes);
    return !answer.head.status.Ok() && text.find("Row with") != std::string_view::npos &&
           (text.find("not found") != std::string_view::npos ||
            text.find("was deleted") != std::string_view::npos);
}

void EnterUnknownOutcome(ErrorContextCallback *context, const Endpoint *endpoint) {
    *context = {.previous = error_context_stack,
                .callback = TellUnknownOutcome,
                .arg = const_cast<Endpoint *>(endpoint)};
    error_context_stack = context;
}

void LeaveUnknownOutcome(const ErrorContextCallback *context) {
    error_context_stack = context->previous;
}

}  // namespace kalam::backend
