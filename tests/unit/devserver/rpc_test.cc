// The server over its network: limits of the transport, faults on request, TLS.
// Needs the environment variable MAKE_TEST_CERTS: the script that makes certificates.
#include <grpcpp/impl/client_unary_call.h>
#include <stdlib.h>

#include <atomic>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <thread>

#include "check.h"
#include "kalam_faults.pb.h"
#include "server_fixture.h"

using namespace kalam::devserver;
using namespace kalam::devserver::test;

namespace {

// A unary call by name, without generated code: the control service has none, nor has an unknown path.
template <typename Request, typename Response>
grpc::Status Call(const Client &client, const std::string &path, const Request &request, Response &response) {
    const grpc::internal::RpcMethod method(path.c_str(), grpc::internal::RpcMethod::NORMAL_RPC,
                                           client.channel());
    grpc::ClientContext context;
    Client::SetDeadline(context);
    return grpc::internal::BlockingUnaryCall(client.channel().get(), method, &context, request, &response);
}

void AddFault(const Client &client, const kalam::faults::Fault &fault) {
    kalam::faults::Done done;
    CHECK(Call(client, "/kalam.faults.FaultService/Add", fault, done).ok());
}

kalam::faults::Fault FaultOf(const std::string &method) {
    kalam::faults::Fault fault;
    fault.set_method(method);
    return fault;
}

// Calls that are on their way again after a broken connection.
grpc::Status Eventually(Client &client, const std::string &sql) {
    grpc::Status status;
    for (int i = 0; i < 100; ++i) {
        status = client.Query(sql).first;
        if (status.error_code() != grpc::StatusCode::UNAVAILABLE) break;
    }
    return status;
}

std::string ReadFile(const std::string &path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

// A folder of certificates, gone with the object.
class Certificates {
 public:
    Certificates() {
        CHECK(mkdtemp(folder_) != nullptr);
        const char *script = std::getenv("MAKE_TEST_CERTS");
        CHECK(script != nullptr);
        CHECK_EQ(std::system((std::string(script) + " " + folder_ + " >/dev/null 2>&1").c_str()), 0);
    }
    ~Certificates() {
        if (std::system(("rm -r " + std::string(folder_)).c_str()) != 0) std::printf("# %s stays\n", folder_);
    }
    std::string File(const std::string &name) const { return std::string(folder_) + "/" + name; }
    TlsFiles Server(bool require_client_cert) const {
        return {File("server.pem"), File("server.key"), File("ca.pem"), require_client_cert};
    }
    // The client's credentials, with a certificate unless `name` is empty.
    std::shared_ptr<grpc::ChannelCredentials> ClientOf(const std::string &name) const {
        grpc::SslCredentialsOptions options;
        options.pem_root_certs = ReadFile(File("ca.pem"));
        if (!name.empty()) {
            options.pem_cert_chain = ReadFile(File(name + ".pem"));
            options.pem_private_key = ReadFile(File(name + ".key"));
        }
        return grpc::SslCredentials(options);
    }

 private:
    char folder_[32] = "/tmp/kalam-certs-XXXXXX";
};

}  // namespace

TEST(a_request_over_four_mebibytes_is_refused) {
    InProcessServer server;
    Client client(server.address());
    CHECK(client.Prepare().ok());
    const grpc::Status large = client.Insert({Client::Row(1, std::string(4 * 1024 * 1024, 'x'))});
    CHECK(large.error_code() == grpc::StatusCode::OUT_OF_RANGE);
    CHECK(large.error_message().find("decoded message length too large") != std::string::npos);
    CHECK(client.Insert({Client::Row(1, std::string(4 * 1024 * 1024 - 1000, 'x'))}).ok());
}

TEST(a_large_answer_arrives_in_one_batch) {
    InProcessServer server;
    Client client(server.address());
    CHECK(client.Prepare().ok());
    for (int first = 0; first < 50'000; first += 5000) {
        std::vector<std::string> rows;
        for (int i = 0; i < 5000; ++i) rows.push_back(Client::Row(first + i, std::string(200, 'y')));
        CHECK(client.Insert(rows).ok());
    }
    const pg::ScanRpcResponse all = client.Scan();
    CHECK_EQ(all.ipc_batches_size(), 1);
    CHECK(all.ipc_batches(0).size() > 50'000u * 200u);
}

TEST(sixteen_clients_on_sixteen_connections) {
    InProcessServer server;
    CHECK(Client(server.address()).Prepare().ok());
    std::atomic<int> failures{0};
    std::vector<std::thread> threads;
    for (int number = 0; number < 16; ++number) {
        threads.emplace_back([&server, &failures, number] {
            Client client(server.address());
            for (int i = 0; i < 50; ++i) {
                const int id = number * 1000 + i;
                if (!client.Insert({Client::Row(id)}).ok()) ++failures;
                if (client.Scan(std::to_string(id)).ipc_batches_size() != 1) ++failures;
            }
        });
    }
    for (std::thread &thread : threads) thread.join();
    CHECK_EQ(failures.load(), 0);
    CHECK_EQ(Client(server.address()).Query("SELECT id FROM app.t LIMIT 1000").second, "800 row(s)");
}

TEST(an_unknown_path_is_unimplemented_without_a_message) {
    InProcessServer server;
    const Client client(server.address());
    pg::PingRequest request;
    pg::PingResponse response;
    const grpc::Status status = Call(client, "/kalamdb.pg.PgService/Nonsense", request, response);
    CHECK(status.error_code() == grpc::StatusCode::UNIMPLEMENTED);
    CHECK_EQ(status.error_message(), "");
}

TEST(faults_are_unknown_unless_allowed) {
    InProcessServer server(TlsFiles{}, false);
    const Client client(server.address());
    kalam::faults::Done done;
    const grpc::Status status = Call(client, "/kalam.faults.FaultService/Add", FaultOf("Insert"), done);
    CHECK(status.error_code() == grpc::StatusCode::UNIMPLEMENTED);
}

TEST(the_third_insert_fails_as_asked) {
    InProcessServer server;
    Client client(server.address());
    CHECK(client.Prepare().ok());
    kalam::faults::Fault fault = FaultOf("Insert");
    fault.set_skip(2);
    fault.mutable_refuse()->set_code(14);
    fault.mutable_refuse()->set_message("as asked");
    AddFault(client, fault);
    CHECK(client.Insert({Client::Row(1)}).ok());
    CHECK(client.Insert({Client::Row(2)}).ok());
    CHECK_EQ(client.Insert({Client::Row(3)}).error_message(), "as asked");
    CHECK(client.Insert({Client::Row(4)}).ok());
    CHECK_EQ(client.Query("SELECT id FROM app.t").second, "3 row(s)");
}

TEST(a_spoilt_answer_of_a_call_that_ran) {
    InProcessServer server;
    Client client(server.address());
    CHECK(client.Prepare().ok());
    kalam::faults::Fault fault = FaultOf("Insert");
    fault.set_run_first(true);
    fault.set_garbage("\xff\xff\xff\xff");
    AddFault(client, fault);
    CHECK(!client.Insert({Client::Row(1)}).ok());
    CHECK_EQ(client.Query("SELECT id FROM app.t").second, "1 row(s)");
}

TEST(a_dropped_call_is_answered_to_nobody_and_let_go_by_clear) {
    InProcessServer server;
    Client client(server.address());
    CHECK(client.Prepare().ok());
    kalam::faults::Fault fault = FaultOf("Insert");
    fault.set_drop(true);
    AddFault(client, fault);
    CHECK(client.Insert({Client::Row(1)}, 200).error_code() == grpc::StatusCode::DEADLINE_EXCEEDED);
    CHECK_EQ(server.plan.held(), size_t{1});
    CHECK_EQ(server.plan.hits(), 1);
    kalam::faults::Done done;
    CHECK(Call(client, "/kalam.faults.FaultService/Clear", kalam::faults::ClearRequest(), done).ok());
    while (server.plan.held() != 0) std::this_thread::yield();
    CHECK_EQ(client.Query("SELECT id FROM app.t").second, "0 row(s)");
}

TEST(a_server_with_held_calls_stops) {
    InProcessServer server;
    Client client(server.address());
    CHECK(client.Prepare().ok());
    kalam::faults::Fault fault = FaultOf("Insert");
    fault.set_delay_ms(3'600'000);
    AddFault(client, fault);
    CHECK(client.Insert({Client::Row(1)}, 200).error_code() == grpc::StatusCode::DEADLINE_EXCEEDED);
    server.server->Stop();
}

TEST(closed_connections_come_back) {
    InProcessServer server;
    Client client(server.address());
    CHECK(client.Prepare().ok());
    kalam::faults::Fault fault = FaultOf("Insert");
    fault.set_close_connections(true);
    AddFault(client, fault);
    CHECK(client.Insert({Client::Row(1)}).error_code() == grpc::StatusCode::UNAVAILABLE);
    CHECK(Eventually(client, "SELECT 1 AS one").ok());
}

TEST(the_clock_can_be_advanced) {
    InProcessServer server;
    Client client(server.address());
    CHECK(client.Prepare().ok());
    kalam::faults::AdvanceClockRequest request;
    request.set_millis(30 * 60 * 1000);
    kalam::faults::Done done;
    CHECK(Call(client, "/kalam.faults.FaultService/AdvanceClock", request, done).ok());
    CHECK(client.Insert({}).error_message().find("session lease expired") != std::string::npos);
}

TEST(tls_without_client_certificates) {
    const Certificates certificates;
    InProcessServer server(certificates.Server(false));
    Client client(server.address(), certificates.ClientOf(""));
    CHECK(client.Open("pg-1").ok());
    CHECK(!client.Open("pg-2", "Bearer wrong").ok());
    Client plain(server.address());
    CHECK(!plain.Open("pg-3").ok());
}

TEST(mutual_tls_lets_in_by_the_certificate_s_name) {
    const Certificates certificates;
    InProcessServer server(certificates.Server(true));
    Client good(server.address(), certificates.ClientOf("client"));
    CHECK(good.Open("pg-1", "").ok());
    Client none(server.address(), certificates.ClientOf(""));
    CHECK_EQ(none.Open("pg-2").error_message(), "Missing peer TLS certificate");
    Client node(server.address(), certificates.ClientOf("node"));
    CHECK(node.Open("pg-3").error_code() == grpc::StatusCode::PERMISSION_DENIED);
    Client stranger(server.address(), certificates.ClientOf("stranger"));
    CHECK(!stranger.Open("pg-4").ok());
}
