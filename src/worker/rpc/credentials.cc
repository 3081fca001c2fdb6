// Checks and makes credentials (credentials.h).
#include "worker/rpc/credentials.h"

#include <algorithm>
#include <string_view>

namespace kalam::worker::rpc {

namespace {

// gRPC aborts the process on a metadata value with other bytes.
bool IsMetadataValue(std::string_view value) {
    return std::all_of(value.begin(), value.end(), [](char c) { return c >= 0x20 && c <= 0x7e; });
}

bool IsHost(std::string_view host) {
    return !host.empty() && std::all_of(host.begin(), host.end(), [](char c) {
        return c > 0x20 && c < 0x7f && std::string_view("/?#%@\"\\").find(c) == std::string_view::npos;
    });
}

bool LooksLikePem(std::string_view text) {
    const size_t begin = text.find("-----BEGIN ");
    return begin != std::string_view::npos && text.find("-----END ", begin) != std::string_view::npos;
}

std::string PemError(const char *option, std::string_view text) {
    if (text.empty() || LooksLikePem(text)) return {};
    return std::string("invalid ") + option + ": not PEM text";
}

}  // namespace

std::string ConfigError(const common::EndpointConfig &config) {
    if (!IsHost(config.host)) return "invalid host: not a host name or address";
    if (config.port == 0) return "invalid port";
    if (!IsMetadataValue(config.auth_header)) return "invalid auth_header: not a valid metadata value";
    for (const auto &[option, text] :
         {std::pair{"ca_cert", config.ca_cert}, std::pair{"client_cert", config.client_cert},
          std::pair{"client_key", config.client_key}}) {
        std::string error = PemError(option, text);
        if (!error.empty()) return error;
    }
    if (config.client_cert.empty() != config.client_key.empty()) {
        return "client_cert and client_key are of use only together";
    }
    return {};
}

std::shared_ptr<grpc::ChannelCredentials> MakeCredentials(const common::EndpointConfig &config) {
    if (!config.use_tls) return grpc::InsecureChannelCredentials();
    grpc::SslCredentialsOptions options;
    options.pem_root_certs = config.ca_cert;
    options.pem_cert_chain = config.client_cert;
    options.pem_private_key = config.client_key;
    return grpc::SslCredentials(options);
}

}  // namespace kalam::worker::rpc
