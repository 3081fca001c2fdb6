// Turns an endpoint's options into gRPC credentials, and refuses what gRPC would abort or hang on. Called by
// endpoint.cc when an endpoint becomes known. Texts hold no secrets.
#pragma once

#include <grpcpp/security/credentials.h>

#include <memory>
#include <string>

#include "common/message.h"

namespace kalam::worker::rpc {

// Why the options cannot be used; empty: they can.
std::string ConfigError(const common::EndpointConfig &config);

std::shared_ptr<grpc::ChannelCredentials> MakeCredentials(const common::EndpointConfig &config);

}  // namespace kalam::worker::rpc
