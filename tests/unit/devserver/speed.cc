// How fast the embedded server is: prints microseconds a call and rows a second, so that a benchmark of the extension is
// known not to measure its stand-in. Run by hand or as a Meson benchmark; fails when a promise is missed by far.
#include <chrono>
#include <cstdio>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "server_fixture.h"

using namespace kalam::devserver;
using namespace kalam::devserver::test;

namespace {

double Seconds(const std::function<void()> &action) {
    const auto start = std::chrono::steady_clock::now();
    action();
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

std::vector<std::string> Batch(int first, int count) {
    std::vector<std::string> rows;
    for (int i = 0; i < count; ++i) rows.push_back(Client::Row(first + i, "some text of a row"));
    return rows;
}

pg::InsertRpcRequest InsertRequest(int first, int count) {
    pg::InsertRpcRequest request;
    request.set_namespace_("app");
    request.set_table_name("t");
    request.set_table_type("shared");
    request.set_session_id("pg-1");
    for (const std::string &row : Batch(first, count)) request.add_rows_json(row);
    return request;
}

// The work of the server alone, without gRPC.
double ServerMicros(InProcessServer &server, int first, int calls, int rows) {
    std::vector<pg::InsertRpcRequest> requests;
    for (int i = 0; i < calls; ++i) requests.push_back(InsertRequest(first + i * rows, rows));
    pg::InsertRpcResponse response;
    return 1e6 / calls * Seconds([&] {
               for (const auto &request : requests) server.service.Insert({}, request, response);
           });
}

}  // namespace

int main(int argc, char **argv) {
    InProcessServer server(TlsFiles{}, false);
    if (argc > 1) std::printf("extra argument ignored: %s\n", argv[1]);
    Client client(server.address());
    if (!client.Prepare().ok()) return 1;
    int next = 0;
    const auto insert = [&](int calls, int rows) {
        return Seconds([&] {
            for (int i = 0; i < calls; ++i, next += rows) client.Insert(Batch(next, rows));
        });
    };
    insert(200, 1);
    const double handler = ServerMicros(server, 10'000'000, 5000, 1);
    std::printf("Insert of 1 row, handler alone        %8.1f us\n", handler);
    std::printf("Insert of 1 row, over gRPC            %8.1f us a call\n", insert(5000, 1) / 5000 * 1e6);
    const double batched = 400 * 100 / insert(400, 100);
    std::printf("Insert of 100 rows, 1 in flight       %8.0f rows/s\n", batched);
    while (next < 100'000) insert(1, 1000);
    std::printf("Scan by key                           %8.1f us a call\n",
                Seconds([&] {
                    for (int i = 0; i < 3000; ++i) client.Scan(std::to_string(i));
                }) / 3000 *
                    1e6);
    size_t bytes = 0;
    const double scan = Seconds([&] { bytes = client.Scan().ipc_batches(0).size(); });
    std::printf("Scan of 100 000 rows (%zu bytes)   %8.1f ms\n", bytes, scan * 1e3);
    std::printf("SELECT by key                         %8.1f us a call\n",
                Seconds([&] {
                    for (int i = 0; i < 1000; ++i) client.Query("SELECT id, a FROM app.t WHERE id = 5");
                }) / 1000 *
                    1e6);
    pg::ExecuteQueryRpcRequest select;
    select.set_session_id("pg-1");
    select.set_sql("SELECT id, a FROM app.t WHERE id = 5");
    std::printf("SELECT by key, handler alone          %8.1f us a call\n",
                Seconds([&] {
                    pg::ExecuteQueryRpcResponse response;
                    for (int i = 0; i < 1000; ++i) server.service.ExecuteQuery({}, select, response);
                }) / 1000 *
                    1e6);
    std::printf("SELECT count(*)                       %8.1f ms\n",
                Seconds([&] { client.Query("SELECT count(*) FROM app.t"); }) * 1e3);
    return handler < 150 && batched > 20'000 ? 0 : 1;
}
