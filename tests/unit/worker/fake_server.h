// A KalamDB in miniature for tests of the engine: it remembers what was called, knows sessions and transactions
// only as far as their errors matter, and can hold calls back or fail them. In this process, on a port of its
// own.
#pragma once

#include <grpcpp/security/server_credentials.h>
#include <grpcpp/server.h>

#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "kalam_pg.grpc.pb.h"

namespace kalam::test {

struct SeenCall {
    std::string rpc;
    std::string session;
    std::string transaction;
    std::string table;               // namespace.table/type/user
    std::vector<std::string> items;  // rows, key and updates, columns, or the statement
    std::string authorization;
};

class FakeServer final : public kalamdb::pg::PgService::Service {
 public:
    explicit FakeServer(
        std::shared_ptr<grpc::ServerCredentials> credentials = grpc::InsecureServerCredentials())
        : credentials_(std::move(credentials)) {
        Start(0);
    }
    ~FakeServer() override { Stop(); }

    int port() const { return port_; }
    void Stop();
    void Restart() { Start(port_); }

    // Calls of `rpc` wait from now on, until they are let go or cancelled.
    void Hold(const std::string &rpc);
    void LetGo();
    // Waits until `n` calls of `rpc` have arrived. False after 10 s.
    bool Await(const std::string &rpc, size_t n);

    // Forgets all sessions, as KalamDB does after 5 s.
    void ForgetSessions();
    std::vector<SeenCall> Seen(const std::string &rpc);
    size_t Count(const std::string &rpc) { return Seen(rpc).size(); }
    size_t CountKeepAlives();                           // Inserts without rows
    size_t CountOverlaps() const { return overlaps_; }  // a barrier call together with another of its session
    int CancelledCalls();

    // What to answer instead of success; called without the server's lock. Set before the calls.
    std::function<grpc::Status(const SeenCall &)> on_call;
    // Sent with a Scan or an ExecuteQuery.
    std::vector<std::string> batches;
    int64_t lease_ms = 30 * 60 * 1000;
    bool forgets_sessions_by_itself = false;  // each session's second call is refused

    // ---- the service
#define KALAM_RPC(method, request, response) \
    grpc::Status method(grpc::ServerContext *, const kalamdb::pg::request *, kalamdb::pg::response *) override
    KALAM_RPC(Ping, PingRequest, PingResponse);
    KALAM_RPC(OpenSession, OpenSessionRequest, OpenSessionResponse);
    KALAM_RPC(CloseSession, CloseSessionRequest, CloseSessionResponse);
    KALAM_RPC(Scan, ScanRpcRequest, ScanRpcResponse);
    KALAM_RPC(Insert, InsertRpcRequest, InsertRpcResponse);
    KALAM_RPC(Update, UpdateRpcRequest, UpdateRpcResponse);
    KALAM_RPC(Delete, DeleteRpcRequest, DeleteRpcResponse);
    KALAM_RPC(BeginTransaction, BeginTransactionRequest, BeginTransactionResponse);
    KALAM_RPC(CommitTransaction, CommitTransactionRequest, CommitTransactionResponse);
    KALAM_RPC(RollbackTransaction, RollbackTransactionRequest, RollbackTransactionResponse);
    KALAM_RPC(ExecuteSql, ExecuteSqlRpcRequest, ExecuteSqlRpcResponse);
    KALAM_RPC(ExecuteQuery, ExecuteQueryRpcRequest, ExecuteQueryRpcResponse);
#undef KALAM_RPC

 private:
    void Start(int port);
    grpc::Status Handle(grpc::ServerContext *context, SeenCall call, bool needs_session);
    bool WaitWhileHeld(grpc::ServerContext *context, const SeenCall &call);
    grpc::Status CheckSession(const SeenCall &call);

    const std::shared_ptr<grpc::ServerCredentials> credentials_;
    std::unique_ptr<grpc::Server> server_;
    int port_ = 0;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::vector<SeenCall> seen_;
    std::set<std::string> sessions_;
    std::multiset<std::string> busy_;  // session of each call that is being handled
    std::set<std::string> held_;
    std::set<std::string> transactions_;
    size_t overlaps_ = 0;
    int cancelled_ = 0;
    int next_transaction_ = 1;
};

}  // namespace kalam::test
