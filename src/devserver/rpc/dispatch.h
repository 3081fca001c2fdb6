// From the name and bytes of a call to the bytes of its answer.
// Called by rpc/call.cc on the server's threads; the only place where RpcErrors are caught.
#pragma once

#include <grpcpp/impl/codegen/proto_utils.h>
#include <grpcpp/support/byte_buffer.h>
#include <grpcpp/support/status.h>

#include <functional>
#include <string>
#include <unordered_map>

#include "devserver/error.h"
#include "devserver/service.h"

namespace kalam::devserver::rpc {

// tonic's limit for a decoded request.
inline constexpr size_t kMaxRequestBytes = 4 * 1024 * 1024;

class Dispatcher {
 public:
    explicit Dispatcher(Service &service);

    using Handler =
        std::function<void(const CallContext &, grpc::ByteBuffer &request, grpc::ByteBuffer &answer)>;
    // Adds a method by its full name ("/kalamdb.pg.PgService/Ping").
    void Add(const std::string &path, Handler handler) { handlers_[path] = std::move(handler); }

    // Never throws. An unknown path is UNIMPLEMENTED without a message, as tonic answers.
    grpc::Status Run(const std::string &path, const CallContext &context, grpc::ByteBuffer &request,
                     grpc::ByteBuffer &answer) const;

 private:
    std::unordered_map<std::string, Handler> handlers_;
};

// Parses the request as a message, or throws.
template <typename Request>
Request Parse(grpc::ByteBuffer &bytes) {
    Request request;
    if (!grpc::SerializationTraits<Request>::Deserialize(&bytes, &request).ok()) {
        Throw(Code::kInternal, "failed to decode Protobuf message");
    }
    return request;
}

template <typename Answer>
void Serialize(const Answer &answer, grpc::ByteBuffer &bytes) {
    bool own = false;
    const grpc::Status done = grpc::SerializationTraits<Answer>::Serialize(answer, &bytes, &own);
    if (!done.ok()) Throw(Code::kInternal, done.error_message());
}

}  // namespace kalam::devserver::rpc
