// One HTTP/2 link per (host, port, TLS material), shared by all endpoints, users and backends that name it.
// Called with the engine's lock held; a Link is used without it by the call that holds it.
#pragma once

#include <grpcpp/channel.h>
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/security/credentials.h>

#include <cstdint>
#include <memory>
#include <string>

#include "common/message.h"
#include "worker/rpc/bridge.h"
#include "worker/rpc/resets.h"

namespace kalam::worker::rpc {

// A gRPC channel and its stub. Calls keep theirs alive when the Channel has moved on to another.
struct Link {
    std::shared_ptr<grpc::Channel> channel;
    grpc::GenericStub stub;
    Resets resets;  // under the engine's lock

    explicit Link(std::shared_ptr<grpc::Channel> c) : channel(c), stub(std::move(c)) {}
};

class Channel {
 public:
    // Equal keys may share a channel.
    static std::string KeyFor(const common::EndpointConfig &config);

    Channel(const common::EndpointConfig &config, const Config &settings);

    // The link for the next call; begins to connect where it is not connected. Where the last attempt to
    // connect failed, a new one is made at once (gRPC itself would wait), so that a call either gets through
    // or fails with the present reason. *ready: connected as of now.
    std::shared_ptr<Link> ForCall(bool *ready);

    // Settings for links made from now on; the next call makes one.
    void Reconfigure(const Config &settings);

    // A call has been answered over a link. True if it was the first answer after connecting again.
    bool NoteAnswer();

    uint16_t port() const { return port_; }

 private:
    std::shared_ptr<Link> Connect() const;

    std::string target_;
    uint16_t port_;
    std::shared_ptr<grpc::ChannelCredentials> credentials_;
    Config settings_;
    std::shared_ptr<Link> link_;
    bool connected_before_ = false;  // an answer has come at some time
    bool connecting_ = true;         // not ready when last looked at, and no answer since
};

}  // namespace kalam::worker::rpc
