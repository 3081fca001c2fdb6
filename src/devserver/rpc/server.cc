// Starts and stops the listener, the completion queues and their threads; see server.h.
#include "devserver/rpc/server.h"

#include <chrono>
#include <stdexcept>

#include "devserver/rpc/call.h"
#include "devserver/rpc/credentials.h"

namespace kalam::devserver::rpc {

namespace {

// Two queues keep one long Scan from holding up the calls behind it; two threads each keep a queue moving meanwhile.
constexpr int kQueues = 2, kThreadsPerQueue = 2, kWaitingCallsPerThread = 8;
// Larger requests are refused with tonic's words by the dispatcher; gRPC itself refuses what is beyond reason.
constexpr int kMaxReceiveBytes = 256 * 1024 * 1024;

}  // namespace

int Server::Start(const std::string &listen, const TlsFiles &tls) {
    grpc::ServerBuilder builder;
    int port = 0;
    builder.AddListeningPort(listen, MakeCredentials(tls), &port);
    builder.RegisterAsyncGenericService(&service_);
    builder.SetMaxReceiveMessageSize(kMaxReceiveBytes);
    builder.SetMaxSendMessageSize(-1);
    builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
    // KalamDB's transport does not count a client's keepalive pings against it.
    builder.AddChannelArgument(GRPC_ARG_HTTP2_MAX_PING_STRIKES, 0);
    builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_PERMIT_WITHOUT_CALLS, 1);
    for (int i = 0; i < kQueues; ++i) queues_.push_back(builder.AddCompletionQueue());
    server_ = builder.BuildAndStart();
    if (!server_ || port == 0) throw std::runtime_error("cannot listen on " + listen);
    for (const auto &queue : queues_) {
        for (int i = 0; i < kThreadsPerQueue; ++i) threads_.emplace_back([this, &queue] { Serve(*queue); });
    }
    return port;
}

void Server::Stop() {
    if (!server_) return;
    if (faults_ != nullptr) faults_->Stop();
    server_->Shutdown(std::chrono::system_clock::now() + std::chrono::seconds(1));
    for (int alive = alive_.load(); alive != 0; alive = alive_.load()) alive_.wait(alive);
    for (const auto &queue : queues_) queue->Shutdown();
    for (std::thread &thread : threads_) thread.join();
    threads_.clear();
    server_.reset();
}

void Server::Serve(grpc::ServerCompletionQueue &queue) {
    for (int i = 0; i < kWaitingCallsPerThread; ++i)
        Call::Await({service_, queue, dispatcher_, faults_, alive_});
    void *tag = nullptr;
    bool ok = false;
    while (queue.Next(&tag, &ok)) static_cast<Call *>(tag)->Proceed(ok);
}

}  // namespace kalam::devserver::rpc
