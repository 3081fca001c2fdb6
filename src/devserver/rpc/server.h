// The gRPC server: listener, threads, and the life of each call.
// Made by main (or a test); Start, then Stop from any thread but its own. Calls are handled on the completion queues'
// threads; what they share is thread-safe (Core) or their own.
#pragma once

#include <grpcpp/generic/async_generic_service.h>
#include <grpcpp/server.h>
#include <grpcpp/server_builder.h>

#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "devserver/faults/fault_plan.h"
#include "devserver/options.h"
#include "devserver/rpc/dispatch.h"

namespace kalam::devserver::rpc {

class Server {
 public:
    // faults: null when calls may not be broken. Both must outlive the server.
    Server(const Dispatcher &dispatcher, faults::FaultPlan *faults)
        : dispatcher_(dispatcher), faults_(faults) {}
    ~Server() { Stop(); }

    // Returns the port. Throws std::runtime_error when the address cannot be bound or a TLS file not be read.
    int Start(const std::string &listen, const TlsFiles &tls);
    // Lets running calls finish for a second, then cancels them; returns when all threads have ended.
    void Stop();

 private:
    void Serve(grpc::ServerCompletionQueue &queue);

    const Dispatcher &dispatcher_;
    faults::FaultPlan *const faults_;
    grpc::AsyncGenericService service_;
    std::unique_ptr<grpc::Server> server_;
    std::vector<std::unique_ptr<grpc::ServerCompletionQueue>> queues_;
    std::vector<std::thread> threads_;
    std::atomic<int> alive_{0};  // calls that exist; a queue may be shut down only when there are none
};

}  // namespace kalam::devserver::rpc
