// The events of one call, in the order of call.h's states; faults are applied here.
#include "devserver/rpc/call.h"

#include <chrono>

namespace kalam::devserver::rpc {

using faults::Fault;

namespace {

constexpr int64_t kDroppedMs = 24 * 3600 * 1000;  // longer than any client waits

}  // namespace

Call::Call(const Server &server) : server_(server), stream_(&context_) {
    server_.alive.fetch_add(1, std::memory_order_relaxed);
}

Call::~Call() {
    server_.alive.fetch_sub(1, std::memory_order_release);
    server_.alive.notify_all();
}

void Call::Await(const Server &server) {
    Call *call = new Call(server);
    server.service.RequestCall(&call->context_, &call->stream_, &server.queue, &server.queue, call);
}

void Call::Proceed(bool ok) {
    switch (state_) {
        case State::kAwaited:
            if (!ok) {
                delete this;
                return;
            }
            Await(server_);
            state_ = State::kReading;
            stream_.Read(&request_, this);
            return;
        case State::kReading:
            if (!ok) return Finish({grpc::StatusCode::INTERNAL, "Missing request message."});
            return Begin();
        case State::kDelayed:
            server_.faults->Forget(this);
            return Answer();
        case State::kDropped:
            server_.faults->Forget(this);
            return Finish({grpc::StatusCode::UNAVAILABLE, "the call was dropped"});
        case State::kAnswering:
            delete this;
            return;
    }
}

// Asks the fault plan what is to become of the call.
void Call::Begin() {
    if (server_.faults == nullptr) return Answer();
    fault_ = server_.faults->Next(context_.method());
    if (fault_.delay_ms > 0) return Hold(State::kDelayed, fault_.delay_ms);
    Answer();
}

void Call::Hold(State state, int64_t millis) {
    state_ = state;
    server_.faults->Hold(this, millis);
}

void Call::StartTimer(int64_t millis) {
    alarm_.Set(&server_.queue, std::chrono::system_clock::now() + std::chrono::milliseconds(millis), this);
}

void Call::Answer() {
    if (fault_.kind != Fault::Kind::kNone && !fault_.run_first) return AnswerBroken();
    grpc::ByteBuffer answer;
    const grpc::Status status = server_.dispatcher.Run(context_.method(), ReadContext(), request_, answer);
    if (fault_.kind != Fault::Kind::kNone) return AnswerBroken();
    if (!status.ok()) return Finish(status);
    FinishWith(answer);
}

void Call::AnswerBroken() {
    switch (fault_.kind) {
        case Fault::Kind::kGarbage: {
            const grpc::Slice bytes(fault_.text);
            return FinishWith(grpc::ByteBuffer(&bytes, 1));
        }
        case Fault::Kind::kDrop:
            return Hold(State::kDropped, kDroppedMs);
        case Fault::Kind::kCloseConnections:
            server_.faults->CloseConnections();
            break;
        case Fault::Kind::kFail:
        case Fault::Kind::kNone:
            break;
    }
    Finish({static_cast<grpc::StatusCode>(fault_.code), fault_.text});
}

void Call::Finish(const grpc::Status &status) {
    state_ = State::kAnswering;
    stream_.Finish(status, this);
}

void Call::FinishWith(const grpc::ByteBuffer &answer) {
    state_ = State::kAnswering;
    stream_.WriteAndFinish(answer, grpc::WriteOptions(), grpc::Status::OK, this);
}

CallContext Call::ReadContext() const {
    CallContext call;
    const auto &metadata = context_.client_metadata();
    if (const auto header = metadata.find("authorization"); header != metadata.end()) {
        call.credentials.authorization.assign(header->second.data(), header->second.size());
    }
    const auto auth = context_.auth_context();
    if (auth && auth->IsPeerAuthenticated()) {
        const auto names = auth->FindPropertyValues(GRPC_X509_CN_PROPERTY_NAME);
        if (!names.empty()) call.credentials.common_name = std::string(names[0].data(), names[0].size());
    }
    call.peer = context_.peer();
    if (const size_t colon = call.peer.find(':'); colon != std::string::npos) call.peer.erase(0, colon + 1);
    return call;
}

}  // namespace kalam::devserver::rpc
