// The fake server (fake_server.h).
#include "fake_server.h"

#include <grpcpp/server_builder.h>
#include <grpcpp/server_context.h>

#include <algorithm>
#include <chrono>

#include "worker/rpc/clock.h"

namespace kalam::test {

using namespace kalamdb::pg;
using std::chrono::milliseconds;

namespace {

bool IsBarrier(const std::string &rpc) {
    return rpc == "OpenSession" || rpc == "Begin" || rpc == "Commit" || rpc == "Rollback" ||
           rpc == "CloseSession";
}

template <typename Request>
SeenCall TableCall(const char *rpc, const Request &request) {
    return {.rpc = rpc,
            .session = request.session_id(),
            .transaction = {},
            .table = request.namespace_() + "." + request.table_name() + "/" + request.table_type() + "/" +
                     request.user_id(),
            .items = {},
            .authorization = {}};
}

SeenCall SessionCall(const char *rpc, const std::string &session) {
    return {.rpc = rpc, .session = session, .transaction = {}, .table = {}, .items = {}, .authorization = {}};
}

}  // namespace

void FakeServer::Start(int port) {
    grpc::ServerBuilder builder;
    builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
    builder.SetMaxReceiveMessageSize(-1);
    builder.AddListeningPort("127.0.0.1:" + std::to_string(port), credentials_, &port_);
    builder.RegisterService(this);
    server_ = builder.BuildAndStart();
}

void FakeServer::Stop() {
    if (server_ == nullptr) return;
    // What is held is not let go, but cancelled.
    server_->Shutdown(std::chrono::system_clock::now());
    server_->Wait();
    LetGo();
    server_ = nullptr;
    ForgetSessions();
}

void FakeServer::Hold(const std::string &rpc) {
    const std::lock_guard lock(mutex_);
    held_.insert(rpc);
}

void FakeServer::LetGo() {
    const std::lock_guard lock(mutex_);
    held_.clear();
    changed_.notify_all();
}

bool FakeServer::Await(const std::string &rpc, size_t n) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, std::chrono::seconds(10), [&] {
        return static_cast<size_t>(std::count_if(seen_.begin(), seen_.end(),
                                                 [&](const SeenCall &call) { return call.rpc == rpc; })) >= n;
    });
}

void FakeServer::ForgetSessions() {
    const std::lock_guard lock(mutex_);
    sessions_.clear();
}

std::vector<SeenCall> FakeServer::Seen(const std::string &rpc) {
    const std::lock_guard lock(mutex_);
    std::vector<SeenCall> found;
    for (const SeenCall &call : seen_) {
        // Keep-alive calls carry no rows; tests that count Inserts do not mean them.
        if (call.rpc == rpc && !(rpc == "Insert" && call.items.empty())) found.push_back(call);
    }
    return found;
}

size_t FakeServer::CountKeepAlives() {
    const std::lock_guard lock(mutex_);
    return static_cast<size_t>(std::count_if(seen_.begin(), seen_.end(), [](const SeenCall &call) {
        return call.rpc == "Insert" && call.items.empty();
    }));
}

int FakeServer::CancelledCalls() {
    const std::lock_guard lock(mutex_);
    return cancelled_;
}

bool FakeServer::WaitWhileHeld(grpc::ServerContext *context, const SeenCall &call) {
    std::unique_lock lock(mutex_);
    while (held_.contains(call.rpc)) {
        // gRPC says only to who asks that a call was cancelled.
        if (context->IsCancelled()) {
            ++cancelled_;
            return false;
        }
        changed_.wait_for(lock, milliseconds(2));
    }
    return true;
}

grpc::Status FakeServer::CheckSession(const SeenCall &call) {
    const std::lock_guard lock(mutex_);
    if (!sessions_.contains(call.session)) return {grpc::UNAUTHENTICATED, "invalid or expired session"};
    if (forgets_sessions_by_itself) sessions_.erase(call.session);
    return {};
}

grpc::Status FakeServer::Handle(grpc::ServerContext *context, SeenCall call, bool needs_session) {
    const auto &metadata = context->client_metadata();
    const auto header = metadata.find("authorization");
    if (header != metadata.end()) call.authorization.assign(header->second.data(), header->second.size());
    {
        const std::lock_guard lock(mutex_);
        const bool others = busy_.contains(call.session);
        const bool barrier_there = busy_.contains(call.session + "!");
        if (barrier_there || (IsBarrier(call.rpc) && others)) ++overlaps_;
        busy_.insert(call.session);
        if (IsBarrier(call.rpc)) busy_.insert(call.session + "!");
        seen_.push_back(call);
        changed_.notify_all();
    }
    const bool go_on = WaitWhileHeld(context, call);
    grpc::Status status = go_on && needs_session ? CheckSession(call) : grpc::Status();
    if (go_on && status.ok() && on_call) status = on_call(call);
    const std::lock_guard lock(mutex_);
    busy_.erase(busy_.find(call.session));
    if (IsBarrier(call.rpc)) busy_.erase(busy_.find(call.session + "!"));
    return status;
}

grpc::Status FakeServer::Ping(grpc::ServerContext *context, const PingRequest *, PingResponse *response) {
    response->set_ok(true);
    return Handle(context, SessionCall("Ping", ""), false);
}

grpc::Status FakeServer::OpenSession(grpc::ServerContext *context, const OpenSessionRequest *request,
                                     OpenSessionResponse *response) {
    const grpc::Status status = Handle(context, SessionCall("OpenSession", request->session_id()), false);
    if (!status.ok()) return status;
    const std::lock_guard lock(mutex_);
    sessions_.insert(request->session_id());
    response->set_session_id(request->session_id());
    response->set_lease_expires_at_ms(worker::rpc::UnixMs() + lease_ms);
    return {};
}

grpc::Status FakeServer::CloseSession(grpc::ServerContext *context, const CloseSessionRequest *request,
                                      CloseSessionResponse *) {
    const grpc::Status status = Handle(context, SessionCall("CloseSession", request->session_id()), false);
    const std::lock_guard lock(mutex_);
    if (status.ok()) sessions_.erase(request->session_id());
    return status;
}

grpc::Status FakeServer::Scan(grpc::ServerContext *context, const ScanRpcRequest *request,
                              ScanRpcResponse *response) {
    SeenCall call = TableCall("Scan", *request);
    call.items.assign(request->columns().begin(), request->columns().end());
    for (const auto &filter : request->filters()) {
        call.items.push_back(filter.column() + " " + filter.op() + " " + filter.value());
        response->add_ipc_batches("batch of " + filter.value());
    }
    for (const std::string &batch : batches) response->add_ipc_batches(batch);
    return Handle(context, std::move(call), true);
}

grpc::Status FakeServer::Insert(grpc::ServerContext *context, const InsertRpcRequest *request,
                                InsertRpcResponse *response) {
    SeenCall call = TableCall("Insert", *request);
    call.items.assign(request->rows_json().begin(), request->rows_json().end());
    response->set_affected_rows(call.items.size());
    return Handle(context, std::move(call), true);
}

grpc::Status FakeServer::Update(grpc::ServerContext *context, const UpdateRpcRequest *request,
                                UpdateRpcResponse *response) {
    SeenCall call = TableCall("Update", *request);
    call.items = {request->pk_value(), request->updates_json()};
    response->set_affected_rows(1);
    return Handle(context, std::move(call), true);
}

grpc::Status FakeServer::Delete(grpc::ServerContext *context, const DeleteRpcRequest *request,
                                DeleteRpcResponse *response) {
    SeenCall call = TableCall("Delete", *request);
    call.items = {request->pk_value()};
    response->set_affected_rows(1);
    return Handle(context, std::move(call), true);
}

grpc::Status FakeServer::BeginTransaction(grpc::ServerContext *context,
                                          const BeginTransactionRequest *request,
                                          BeginTransactionResponse *response) {
    const grpc::Status status = Handle(context, SessionCall("Begin", request->session_id()), true);
    if (!status.ok()) return status;
    const std::lock_guard lock(mutex_);
    response->set_transaction_id("tx-" + std::to_string(next_transaction_++));
    transactions_.insert(response->transaction_id());
    return {};
}

grpc::Status FakeServer::CommitTransaction(grpc::ServerContext *context,
                                           const CommitTransactionRequest *request,
                                           CommitTransactionResponse *) {
    SeenCall call = SessionCall("Commit", request->session_id());
    call.transaction = request->transaction_id();
    return Handle(context, std::move(call), true);
}

grpc::Status FakeServer::RollbackTransaction(grpc::ServerContext *context,
                                             const RollbackTransactionRequest *request,
                                             RollbackTransactionResponse *) {
    SeenCall call = SessionCall("Rollback", request->session_id());
    call.transaction = request->transaction_id();
    return Handle(context, std::move(call), true);
}

grpc::Status FakeServer::ExecuteSql(grpc::ServerContext *context, const ExecuteSqlRpcRequest *request,
                                    ExecuteSqlRpcResponse *response) {
    SeenCall call = SessionCall("ExecuteSql", request->session_id());
    call.items = {request->sql()};
    response->set_success(true);
    response->set_message("did " + request->sql());
    return Handle(context, std::move(call), true);
}

grpc::Status FakeServer::ExecuteQuery(grpc::ServerContext *context, const ExecuteQueryRpcRequest *request,
                                      ExecuteQueryRpcResponse *response) {
    SeenCall call = SessionCall("ExecuteQuery", request->session_id());
    call.items = {request->sql()};
    response->set_success(true);
    response->set_message("1 row");
    for (const std::string &batch : batches) response->add_ipc_batches(batch);
    return Handle(context, std::move(call), true);
}

}  // namespace kalam::test
