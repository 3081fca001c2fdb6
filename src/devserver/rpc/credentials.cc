// Reads PEM files into the listener's credentials; see credentials.h.
#include "devserver/rpc/credentials.h"

#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>

namespace kalam::devserver::rpc {

namespace {

std::string ReadFile(const std::string &path) {
    std::ifstream file(path, std::ios::binary);
    if (!file) throw std::runtime_error("cannot read " + path);
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

}  // namespace

std::shared_ptr<grpc::ServerCredentials> MakeCredentials(const TlsFiles &files) {
    if (files.cert.empty()) return grpc::InsecureServerCredentials();
    // A client without a certificate may connect and is refused by OpenSession, as at KalamDB.
    grpc::SslServerCredentialsOptions options(files.require_client_cert
                                                  ? GRPC_SSL_REQUEST_CLIENT_CERTIFICATE_AND_VERIFY
                                                  : GRPC_SSL_DONT_REQUEST_CLIENT_CERTIFICATE);
    options.pem_key_cert_pairs.push_back({ReadFile(files.key), ReadFile(files.cert)});
    if (!files.ca.empty()) options.pem_root_certs = ReadFile(files.ca);
    return grpc::SslServerCredentials(options);
}

}  // namespace kalam::devserver::rpc
