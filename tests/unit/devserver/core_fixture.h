// A server without a network for the devserver's tests: a clock that stands still, a Service, and short calls.
// Included by each test of the service; one object a test.
#pragma once

#include <flatbuffers/flatbuffers.h>

#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "arrow_ipc_generated.h"
#include "devserver/core.h"
#include "devserver/error.h"
#include "devserver/service.h"
#include "kalam_pg.pb.h"

namespace kalam::devserver::test {

namespace pg = kalamdb::pg;

inline constexpr int64_t kStartMicros = 1'800'000'000'000'000;

// Rows of the record batch in a stream that the server wrote (schema message first).
inline int64_t RowsIn(const std::string &stream) {
    size_t at = 0;
    for (int message_number = 0;; ++message_number) {
        int32_t length = 0;
        std::memcpy(&length, stream.data() + at + 4, sizeof length);
        if (length == 0) return 0;
        const char *metadata = stream.data() + at + 8;
        const auto *message = flatbuffers::GetRoot<kalam::arrow::Message>(metadata);
        if (message_number == 1) return message->header_as_RecordBatch()->length();
        at += 8 + static_cast<size_t>(length) + static_cast<size_t>(message->body_length());
    }
}

// What a refused call answered.
struct Refusal {
    Code code = Code::kOk;
    std::string message;
    bool Says(const char *words) const { return message.find(words) != std::string::npos; }
};

template <typename Action>
Refusal Refused(Action action) {
    try {
        action();
    } catch (const RpcError &error) {
        return {error.code(), error.message()};
    }
    return {};
}

class Fixture {
 public:
    explicit Fixture(CoreConfig config = WithToken())
        : clock(kStartMicros), core(std::move(config), clock), service(core) {}

    static CoreConfig WithToken() {
        CoreConfig config;
        config.auth.token = "Bearer test-token";
        return config;
    }

    void Open(const std::string &session) {
        pg::OpenSessionRequest request;
        pg::OpenSessionResponse response;
        request.set_session_id(session);
        CallContext context;
        context.credentials.authorization = "Bearer test-token";
        service.OpenSession(context, request, response);
    }
    // Session pg-1 with namespace app and shared table app.t (id INT PRIMARY KEY, a TEXT).
    void Prepare() {
        Open("pg-1");
        Sql("CREATE NAMESPACE app");
        Sql("CREATE SHARED TABLE app.t (id INT PRIMARY KEY, a TEXT)");
    }

    std::string Sql(const std::string &sql, const std::string &session = "pg-1") {
        pg::ExecuteSqlRpcRequest request;
        pg::ExecuteSqlRpcResponse response;
        request.set_sql(sql);
        request.set_session_id(session);
        service.ExecuteSql({}, request, response);
        return response.message();
    }
    pg::ExecuteQueryRpcResponse Query(const std::string &sql, const std::string &session = "pg-1") {
        pg::ExecuteQueryRpcRequest request;
        pg::ExecuteQueryRpcResponse response;
        request.set_sql(sql);
        request.set_session_id(session);
        service.ExecuteQuery({}, request, response);
        return response;
    }

    static std::string Row(int id, const std::string &a) {
        return R"({"id":{"Int32":)" + std::to_string(id) + R"(},"a":{"Utf8":")" + a + R"("}})";
    }
    template <typename Request>
    static void Name(Request &request, const std::string &session, const std::string &table,
                     const std::string &type = "shared", const std::string &user = "") {
        request.set_namespace_("app");
        request.set_table_name(table);
        request.set_table_type(type);
        request.set_session_id(session);
        if (!user.empty()) request.set_user_id(user);
    }
    uint64_t Insert(const std::vector<std::string> &rows, const std::string &session = "pg-1",
                    const std::string &table = "t", const std::string &type = "shared",
                    const std::string &user = "") {
        pg::InsertRpcRequest request;
        pg::InsertRpcResponse response;
        Name(request, session, table, type, user);
        for (const std::string &row : rows) request.add_rows_json(row);
        service.Insert({}, request, response);
        return response.affected_rows();
    }
    uint64_t Update(const std::string &key, const std::string &changes, const std::string &session = "pg-1",
                    const std::string &table = "t") {
        pg::UpdateRpcRequest request;
        pg::UpdateRpcResponse response;
        Name(request, session, table);
        request.set_pk_value(key);
        request.set_updates_json(changes);
        service.Update({}, request, response);
        return response.affected_rows();
    }
    uint64_t Delete(const std::string &key, const std::string &session = "pg-1",
                    const std::string &table = "t", const std::string &type = "shared",
                    const std::string &user = "") {
        pg::DeleteRpcRequest request;
        pg::DeleteRpcResponse response;
        Name(request, session, table, type, user);
        request.set_pk_value(key);
        service.Delete({}, request, response);
        return response.affected_rows();
    }

    using Filters = std::vector<std::pair<std::string, std::string>>;
    pg::ScanRpcRequest ScanRequest(const Filters &filters = {}, const std::string &session = "pg-1",
                                   const std::string &table = "t") {
        pg::ScanRpcRequest request;
        Name(request, session, table);
        for (const auto &[column, value] : filters) {
            auto *filter = request.add_filters();
            filter->set_column(column);
            filter->set_op("eq");
            filter->set_value(value);
        }
        return request;
    }
    // The number of rows a Scan gives.
    int64_t Count(const pg::ScanRpcRequest &request) {
        pg::ScanRpcResponse response;
        service.Scan({}, request, response);
        return RowsIn(response.ipc_batches(0));
    }
    int64_t Count(const Filters &filters = {}, const std::string &session = "pg-1",
                  const std::string &table = "t") {
        return Count(ScanRequest(filters, session, table));
    }

    std::string Begin(const std::string &session = "pg-1") {
        pg::BeginTransactionRequest request;
        pg::BeginTransactionResponse response;
        request.set_session_id(session);
        service.BeginTransaction({}, request, response);
        return response.transaction_id();
    }
    void Commit(const std::string &id, const std::string &session = "pg-1") {
        pg::CommitTransactionRequest request;
        pg::CommitTransactionResponse response;
        request.set_session_id(session);
        request.set_transaction_id(id);
        service.CommitTransaction({}, request, response);
    }
    void Rollback(const std::string &id, const std::string &session = "pg-1") {
        pg::RollbackTransactionRequest request;
        pg::RollbackTransactionResponse response;
        request.set_session_id(session);
        request.set_transaction_id(id);
        service.RollbackTransaction({}, request, response);
    }

    Clock clock;
    Core core;
    Service service;
};

}  // namespace kalam::devserver::test
