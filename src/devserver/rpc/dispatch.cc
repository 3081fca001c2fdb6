// Binds the PgService's methods to their paths, and turns refusals into gRPC statuses.
#include "devserver/rpc/dispatch.h"

#include <exception>

namespace kalam::devserver::rpc {

namespace {

constexpr char kPgService[] = "/kalamdb.pg.PgService/";

template <typename Request, typename Answer>
Dispatcher::Handler Method(Service &service,
                           void (Service::*method)(const CallContext &, const Request &, Answer &)) {
    return [&service, method](const CallContext &context, grpc::ByteBuffer &bytes, grpc::ByteBuffer &out) {
        const Request request = Parse<Request>(bytes);
        Answer answer;
        (service.*method)(context, request, answer);
        Serialize(answer, out);
    };
}

grpc::Status ToStatus(Code code, const std::string &message) {
    return {static_cast<grpc::StatusCode>(code), message};
}

}  // namespace

Dispatcher::Dispatcher(Service &service) {
    const auto add = [&](const char *name, auto method) {
        Add(std::string(kPgService) + name, Method(service, method));
    };
    add("Ping", &Service::Ping);
    add("OpenSession", &Service::OpenSession);
    add("CloseSession", &Service::CloseSession);
    add("Scan", &Service::Scan);
    add("Insert", &Service::Insert);
    add("Update", &Service::Update);
    add("Delete", &Service::Delete);
    add("BeginTransaction", &Service::BeginTransaction);
    add("CommitTransaction", &Service::CommitTransaction);
    add("RollbackTransaction", &Service::RollbackTransaction);
    add("ExecuteSql", &Service::ExecuteSql);
    add("ExecuteQuery", &Service::ExecuteQuery);
}

grpc::Status Dispatcher::Run(const std::string &path, const CallContext &context, grpc::ByteBuffer &request,
                             grpc::ByteBuffer &answer) const {
    const auto handler = handlers_.find(path);
    if (handler == handlers_.end()) return {grpc::StatusCode::UNIMPLEMENTED, ""};
    if (request.Length() > kMaxRequestBytes) {
        return ToStatus(Code::kOutOfRange,
                        "Error, decoded message length too large: found " + std::to_string(request.Length()) +
                            " bytes, the limit is: " + std::to_string(kMaxRequestBytes) + " bytes");
    }
    try {
        handler->second(context, request, answer);
        return grpc::Status::OK;
    } catch (const RpcError &error) {
        return ToStatus(error.code(), error.message());
    } catch (const std::exception &error) {
        return ToStatus(Code::kInternal, std::string("kalam-devserver: ") + error.what());
    }
}

}  // namespace kalam::devserver::rpc
