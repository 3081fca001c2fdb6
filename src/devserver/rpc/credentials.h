// The listener's credentials out of PEM files. Called by rpc/server.cc.
#pragma once

#include <grpcpp/security/server_credentials.h>

#include <memory>

#include "devserver/options.h"

namespace kalam::devserver::rpc {

// Plain text without a certificate. Throws std::runtime_error when a file cannot be read.
std::shared_ptr<grpc::ServerCredentials> MakeCredentials(const TlsFiles &files);

}  // namespace kalam::devserver::rpc
