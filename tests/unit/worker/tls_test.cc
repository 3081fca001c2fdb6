// Links over TLS: the server's certificate is checked, a client's is sent, and what does not fit is an error that
// says so at once.
#include <grpcpp/security/server_credentials.h>

#include "certificates.h"
#include "check.h"
#include "fake_server.h"
#include "harness.h"
#include "worker/rpc/engine.h"

using namespace kalam;
using namespace kalam::test;
using common::Cause;

namespace {

std::shared_ptr<grpc::ServerCredentials> ServerTls(bool wants_client) {
    grpc::SslServerCredentialsOptions options(wants_client
                                                  ? GRPC_SSL_REQUEST_AND_REQUIRE_CLIENT_CERTIFICATE_AND_VERIFY
                                                  : GRPC_SSL_DONT_REQUEST_CLIENT_CERTIFICATE);
    options.pem_root_certs = kAuthority;
    options.pem_key_cert_pairs = {{.private_key = kServerKey, .cert_chain = kServerCert}};
    return grpc::SslServerCredentials(options);
}

TestEndpoint Over(const FakeServer &server) {
    return {.port = server.port(), .ca_cert = kAuthority, .use_tls = true};
}

}  // namespace

TEST(TheServersCertificateIsChecked) {
    FakeServer server(ServerTls(false));
    Worker worker;
    Backend good(worker, Over(server), 0);
    CHECK(good.Insert("{}").head.status.Ok());
    CHECK(Eventually(
        [&] { return good.Scan().head.status.Ok() && worker.engine()->quick_ack.socket_count() == 1; }));
    TestEndpoint stranger = Over(server);
    stranger.number = 2;
    stranger.ca_cert = kClientCert;  // does not vouch for the server
    Backend bad(worker, stranger, 1);
    const TestAnswer answer = bad.Insert("{}");
    CHECK_EQ(answer.head.status.cause, Cause::kConnect);
    CHECK(!answer.body.empty());
}

TEST(AClientCertificateIsSent) {
    FakeServer server(ServerTls(true));
    Worker worker;
    TestEndpoint known = Over(server);
    known.client_cert = kClientCert;
    known.client_key = kClientKey;
    Backend good(worker, known, 0);
    CHECK(good.Insert("{}").head.status.Ok());
    TestEndpoint unknown = Over(server);
    unknown.number = 2;
    Backend bad(worker, unknown, 1);
    CHECK(!bad.Insert("{}").head.status.Ok());
    CHECK_EQ(server.Count("Insert"), 1u);
}

TEST(AServerWithoutTlsIsAnError) {
    FakeServer server;
    Worker worker;
    Backend backend(worker, Over(server), 0);
    CHECK_EQ(backend.Insert("{}").head.status.cause, Cause::kConnect);
}

TEST(PemTextThatIsNoCertificateIsAnError) {
    FakeServer server(ServerTls(false));
    Worker worker;
    TestEndpoint endpoint = Over(server);
    endpoint.ca_cert = "-----BEGIN CERTIFICATE-----\nrubbish\n-----END CERTIFICATE-----\n";
    Backend backend(worker, endpoint, 0);
    const TestAnswer answer = backend.Insert("{}");
    CHECK(!answer.head.status.Ok());
    CHECK(answer.head.status.outcome == common::Outcome::kNotDone);
}
