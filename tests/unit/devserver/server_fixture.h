// A server with its network, in the test's process or as a program of its own, and a client of it.
// Included by the tests of the RPC layer. Ports are free ones; nothing is left behind.
#pragma once

#include <grpcpp/grpcpp.h>

#include <chrono>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "devserver/core.h"
#include "devserver/faults/control.h"
#include "devserver/rpc/server.h"
#include "devserver/service.h"
#include "kalam_pg.grpc.pb.h"

namespace kalam::devserver::test {

namespace pg = kalamdb::pg;

// Calls as a client makes them; each has a deadline of its own.
class Client {
 public:
    explicit Client(
        const std::string &address,
        const std::shared_ptr<grpc::ChannelCredentials> &credentials = grpc::InsecureChannelCredentials(),
        const std::string &target_name = "") {
        grpc::ChannelArguments arguments;
        arguments.SetMaxReceiveMessageSize(-1);
        arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
        arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, 100);
        arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, 50);
        if (!target_name.empty()) arguments.SetSslTargetNameOverride(target_name);
        channel_ = grpc::CreateCustomChannel(address, credentials, arguments);
        stub_ = pg::PgService::NewStub(channel_);
    }

    grpc::Status Open(const std::string &session, const std::string &authorization = "Bearer test-token") {
        pg::OpenSessionRequest request;
        pg::OpenSessionResponse response;
        request.set_session_id(session);
        grpc::ClientContext context;
        SetDeadline(context);
        if (!authorization.empty()) context.AddMetadata("authorization", authorization);
        return stub_->OpenSession(&context, request, &response);
    }
    grpc::Status Sql(const std::string &sql, const std::string &session = "pg-1") {
        pg::ExecuteSqlRpcRequest request;
        pg::ExecuteSqlRpcResponse response;
        request.set_sql(sql);
        request.set_session_id(session);
        grpc::ClientContext context;
        SetDeadline(context);
        return stub_->ExecuteSql(&context, request, &response);
    }
    // Opens pg-1 and makes namespace app with shared table app.t (id INT PRIMARY KEY, a TEXT).
    grpc::Status Prepare() {
        if (grpc::Status status = Open("pg-1"); !status.ok()) return status;
        if (grpc::Status status = Sql("CREATE NAMESPACE app"); !status.ok()) return status;
        return Sql("CREATE SHARED TABLE app.t (id INT PRIMARY KEY, a TEXT)");
    }

    static std::string Row(int id, const std::string &a = "text") {
        return R"({"id":{"Int32":)" + std::to_string(id) + R"(},"a":{"Utf8":")" + a + R"("}})";
    }
    grpc::Status Insert(const std::vector<std::string> &rows, int deadline_ms = 10'000) {
        pg::InsertRpcRequest request;
        pg::InsertRpcResponse response;
        request.set_namespace_("app");
        request.set_table_name("t");
        request.set_table_type("shared");
        request.set_session_id("pg-1");
        for (const std::string &row : rows) request.add_rows_json(row);
        grpc::ClientContext context;
        SetDeadline(context, deadline_ms);
        return stub_->Insert(&context, request, &response);
    }
    std::pair<grpc::Status, std::string> Query(const std::string &sql) {
        pg::ExecuteQueryRpcRequest request;
        pg::ExecuteQueryRpcResponse response;
        request.set_sql(sql);
        request.set_session_id("pg-1");
        grpc::ClientContext context;
        SetDeadline(context);
        grpc::Status status = stub_->ExecuteQuery(&context, request, &response);
        return {std::move(status), response.message()};
    }
    pg::ScanRpcResponse Scan(const std::string &key = "") {
        pg::ScanRpcRequest request;
        pg::ScanRpcResponse response;
        request.set_namespace_("app");
        request.set_table_name("t");
        request.set_table_type("shared");
        request.set_session_id("pg-1");
        if (!key.empty()) {
            auto *filter = request.add_filters();
            filter->set_column("id");
            filter->set_op("eq");
            filter->set_value(key);
        }
        grpc::ClientContext context;
        SetDeadline(context);
        stub_->Scan(&context, request, &response);
        return response;
    }

    const std::shared_ptr<grpc::Channel> &channel() const { return channel_; }

    static void SetDeadline(grpc::ClientContext &context, int millis = 10'000) {
        context.set_deadline(std::chrono::system_clock::now() + std::chrono::milliseconds(millis));
    }

 private:
    std::shared_ptr<grpc::Channel> channel_;
    std::unique_ptr<pg::PgService::Stub> stub_;
};

// A server in this process, with the control service.
struct InProcessServer {
    explicit InProcessServer(const TlsFiles &tls = {}, bool allow_faults = true)
        : core(Config(tls), clock), service(core), dispatcher(service) {
        if (allow_faults) faults::AddControlService(dispatcher, core, plan);
        server = std::make_unique<rpc::Server>(dispatcher, allow_faults ? &plan : nullptr);
        port = server->Start("127.0.0.1:0", tls);
        plan.SetPort(port);
    }

    static CoreConfig Config(const TlsFiles &tls) {
        CoreConfig config;
        config.auth.token = "Bearer test-token";
        config.auth.require_client_cert = tls.require_client_cert;
        return config;
    }
    std::string address() const { return "127.0.0.1:" + std::to_string(port); }

    Clock clock;
    Core core;
    Service service;
    rpc::Dispatcher dispatcher;
    faults::FaultPlan plan;
    std::unique_ptr<rpc::Server> server;
    int port = 0;
};

}  // namespace kalam::devserver::test
