// The yardstick of the benchmarks: the same work done by bare gRPC calls, with nothing between. One thread,
// one channel, one CompletionQueue, `clients` calls in flight, the least number of calls that can do the
// work, with quick acknowledgement as the worker has it. Called by bench/run, which compares it with pg_kalam in one run on one machine. Prints one JSON
// object.
//
//   bare_grpc TARGET WORKLOAD [name=value]...      values: clients seconds rows namespace table token first
//   batch
//     insert       one row a call (rows=R: R rows a call), until `seconds` have passed
//     scan_key     one keyed Scan a call, keys 1..rows
//     update_key   one Update a call, keys 1..rows
//     transaction  Begin, one Insert of `rows` rows, Commit: each client in a session of its own
//     insert_atomic  the same in one transaction
//     insert_once  one table's worth: `rows` rows in calls of `batch`, then stops
//     scan_full    the whole table, `rows` times
//     fill         prepares: inserts rows first..first+rows-1
#include <grpcpp/grpcpp.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "kalam_pg.grpc.pb.h"
#include "worker/rpc/clock.h"
#include "worker/rpc/quick_ack.h"

namespace {

namespace pb = kalamdb::pg;
using Clock = std::chrono::steady_clock;

struct Settings {
    std::string target, workload;
    std::map<std::string, std::string> values{
        {"clients", "1"},   {"seconds", "5"},  {"rows", "1"},  {"namespace", "bench"},
        {"table", "items"}, {"batch", "1000"}, {"first", "1"}, {"token", "Bearer test-token"},
        {"columns", ""}};
    const std::string &Text(const char *name) const { return values.at(name); }
    long Number(const char *name) const { return std::atol(values.at(name).c_str()); }
};

// One call in flight; its address is the tag.
struct Call {
    int client = 0;
    Clock::time_point started;
    std::unique_ptr<grpc::ClientContext> context;
    grpc::Status status;
    std::function<void()> finished;
};

class Bench {
 public:
    explicit Bench(const Settings &settings) : settings_(settings) {
        grpc::ChannelArguments arguments;
        arguments.SetMaxReceiveMessageSize(-1);
        channel_ = grpc::CreateCustomChannel(settings.target, grpc::InsecureChannelCredentials(), arguments);
        stub_ = pb::PgService::NewStub(channel_);
        for (long i = 0; i < settings.Number("clients"); ++i) OpenSession(Session(static_cast<int>(i)));
        quick_ack_.SetPorts({static_cast<uint16_t>(
            std::atoi(settings.target.substr(settings.target.rfind(':') + 1).c_str()))});
        quick_ack_.Refresh(kalam::worker::rpc::NowUs());
        deadline_ = Clock::now() + std::chrono::milliseconds(settings.Number("seconds") * 1000);
    }

    int Run() {
        started_ = Clock::now();
        const std::string &w = settings_.workload;
        for (int client = 0; client < settings_.Number("clients"); ++client) {
            if (w == "insert")
                InsertLoop(client);
            else if (w == "scan_key")
                ScanLoop(client);
            else if (w == "update_key")
                UpdateLoop(client);
            else if (w == "transaction")
                TransactionLoop(client);
            else if (w == "insert_once" || w == "fill")
                InsertOnce(client);
            else if (w == "insert_atomic")
                AtomicOnce(client);
            else if (w == "scan_full")
                FullScanLoop(client);
            else
                return Usage();
        }
        Drain();
        Report();
        return failures_ == 0 ? 0 : 1;
    }

 private:
    static int Usage() {
        std::fprintf(stderr, "bare_grpc: unknown workload\n");
        return 2;
    }

    std::string Session(int client) const { return "pg-" + std::to_string(900000 + client) + "-be7c"; }

    void OpenSession(const std::string &id) {
        grpc::ClientContext context;
        context.AddMetadata("authorization", settings_.Text("token"));
        pb::OpenSessionRequest request;
        pb::OpenSessionResponse response;
        request.set_session_id(id);
        const grpc::Status status = stub_->OpenSession(&context, request, &response);
        if (status.ok()) return;
        std::fprintf(stderr, "bare_grpc: %s\n", status.error_message().c_str());
        std::exit(1);
    }

    template <typename Request>
    Request OnTable(int client) const {
        Request request;
        request.set_namespace_(settings_.Text("namespace"));
        request.set_table_name(settings_.Text("table"));
        request.set_table_type("shared");
        request.set_session_id(Session(client));
        return request;
    }

    static std::string Row(long id) {
        const std::string number = std::to_string(id);
        return "{\"id\":{\"Int64\":\"" + number + "\"},\"title\":{\"Utf8\":\"title of row " + number +
               "\"},\"value\":{\"Int32\":" + std::to_string(id % 1000) + "}}";
    }

    bool TimeIsUp() const { return Clock::now() >= deadline_; }
    long Key() { return 1 + (key_++ * 7919) % settings_.Number("rows"); }

    // Starts one asynchronous unary call; `then` runs when it has answered OK, and says what comes next.
    template <typename Request, typename Response, typename Start>
    void StartCall(int client, std::shared_ptr<Request> request, Start start,
                   std::function<void(const Response &)> then) {
        auto *call = new Call;
        call->client = client;
        call->context = std::make_unique<grpc::ClientContext>();
        call->started = Clock::now();
        auto response = std::make_shared<Response>();
        auto reader = std::shared_ptr(start(call->context.get(), *request, &queue_));
        call->finished = [response, request, reader, then] { then(*response); };
        ++in_flight_;
        reader->Finish(response.get(), &call->status, call);
        quick_ack_.Arm();
    }

    void Drain() {
        void *tag = nullptr;
        bool ok = false;
        while (in_flight_ > 0) {
            const auto next =
                queue_.AsyncNext(&tag, &ok, std::chrono::system_clock::now() + std::chrono::milliseconds(1));
            if (next == grpc::CompletionQueue::TIMEOUT) {
                quick_ack_.Arm();
                continue;
            }
            std::unique_ptr<Call> call(static_cast<Call *>(tag));
            --in_flight_;
            ++calls_;
            latencies_.push_back(
                std::chrono::duration<double, std::micro>(Clock::now() - call->started).count());
            if (call->status.ok()) {
                call->finished();
            } else if (failures_++ == 0) {
                std::fprintf(stderr, "bare_grpc: %s\n", call->status.error_message().c_str());
            }
        }
    }

    void Insert(int client, long first, long rows, std::function<void()> then) {
        auto request = std::make_shared<pb::InsertRpcRequest>(OnTable<pb::InsertRpcRequest>(client));
        for (long i = 0; i < rows; ++i) request->add_rows_json(Row(first + i));
        StartCall<pb::InsertRpcRequest, pb::InsertRpcResponse>(
            client, request, [this](auto *c, auto &r, auto *q) { return stub_->AsyncInsert(c, r, q); },
            [this, rows, then](const pb::InsertRpcResponse &) {
                operations_ += rows;
                then();
            });
    }

    void InsertLoop(int client) {
        if (TimeIsUp()) return;
        const long rows = settings_.Number("rows");
        const long first = settings_.Number("first") + inserted_;
        inserted_ += rows;
        Insert(client, first, rows, [this, client] { InsertLoop(client); });
    }

    void InsertOnce(int client) {
        const long left = settings_.Number("rows") - inserted_;
        if (left <= 0) return;
        const long rows = std::min(left, settings_.Number("batch"));
        const long first = settings_.Number("first") + inserted_;
        inserted_ += rows;
        Insert(client, first, rows, [this, client] { InsertOnce(client); });
    }

    void Scan(int client, std::shared_ptr<pb::ScanRpcRequest> request, std::function<void()> then) {
        StartCall<pb::ScanRpcRequest, pb::ScanRpcResponse>(
            client, request, [this](auto *c, auto &r, auto *q) { return stub_->AsyncScan(c, r, q); },
            [this, then](const pb::ScanRpcResponse &response) {
                ++operations_;
                for (const auto &batch : response.ipc_batches()) bytes_ += static_cast<long>(batch.size());
                then();
            });
    }

    std::shared_ptr<pb::ScanRpcRequest> ScanRequest(int client) {
        auto request = std::make_shared<pb::ScanRpcRequest>(OnTable<pb::ScanRpcRequest>(client));
        for (const char *column : {"id", "title", "value"}) request->add_columns(column);
        return request;
    }

    void ScanLoop(int client) {
        if (TimeIsUp()) return;
        auto request = ScanRequest(client);
        auto *filter = request->add_filters();
        filter->set_column("id");
        filter->set_op("eq");
        filter->set_value(std::to_string(Key()));
        Scan(client, request, [this, client] { ScanLoop(client); });
    }

    void FullScanLoop(int client) {
        if (scans_++ >= settings_.Number("rows")) return;
        Scan(client, ScanRequest(client), [this, client] { FullScanLoop(client); });
    }

    void UpdateLoop(int client) {
        if (TimeIsUp()) return;
        auto request = std::make_shared<pb::UpdateRpcRequest>(OnTable<pb::UpdateRpcRequest>(client));
        request->set_pk_value(std::to_string(Key()));
        request->set_updates_json("{\"value\":{\"Int32\":" + std::to_string(key_ % 100000) + "}}");
        StartCall<pb::UpdateRpcRequest, pb::UpdateRpcResponse>(
            client, request, [this](auto *c, auto &r, auto *q) { return stub_->AsyncUpdate(c, r, q); },
            [this, client](const pb::UpdateRpcResponse &) {
                ++operations_;
                UpdateLoop(client);
            });
    }

    void TransactionLoop(int client) {
        if (TimeIsUp()) return;
        Begin(client,
              [this, client](const std::string &transaction) { InsertOneByOne(client, transaction, 0); });
    }

    void AtomicOnce(int client) {
        Begin(client, [this, client](const std::string &transaction) { InsertBatches(client, transaction); });
    }

    void Begin(int client, std::function<void(const std::string &)> then) {
        auto request = std::make_shared<pb::BeginTransactionRequest>();
        request->set_session_id(Session(client));
        StartCall<pb::BeginTransactionRequest, pb::BeginTransactionResponse>(
            client, request,
            [this](auto *c, auto &r, auto *q) { return stub_->AsyncBeginTransaction(c, r, q); },
            [then](const pb::BeginTransactionResponse &begun) { then(begun.transaction_id()); });
    }

    void InsertBatches(int client, const std::string &transaction) {
        const long left = settings_.Number("rows") - inserted_;
        if (left <= 0) return Commit(client, transaction, [] {});
        const long rows = std::min(left, settings_.Number("batch"));
        const long first = settings_.Number("first") + inserted_;
        inserted_ += rows;
        Insert(client, first, rows, [this, client, transaction] { InsertBatches(client, transaction); });
    }

    // As a client does it: each INSERT of the transaction is a call of its own.
    void InsertOneByOne(int client, const std::string &transaction, long done) {
        if (done == settings_.Number("rows"))
            return Commit(client, transaction, [this, client] { TransactionLoop(client); });
        const long id = settings_.Number("first") + inserted_++;
        Insert(client, id, 1,
               [this, client, transaction, done] { InsertOneByOne(client, transaction, done + 1); });
    }

    void Commit(int client, const std::string &transaction, std::function<void()> then) {
        auto request = std::make_shared<pb::CommitTransactionRequest>();
        request->set_session_id(Session(client));
        request->set_transaction_id(transaction);
        StartCall<pb::CommitTransactionRequest, pb::CommitTransactionResponse>(
            client, request,
            [this](auto *c, auto &r, auto *q) { return stub_->AsyncCommitTransaction(c, r, q); },
            [then](const pb::CommitTransactionResponse &) { then(); });
    }

    void Report() {
        const double seconds = std::chrono::duration<double>(Clock::now() - started_).count();
        std::sort(latencies_.begin(), latencies_.end());
        const auto at = [this](double p) {
            return latencies_.empty()
                       ? 0.0
                       : latencies_[static_cast<size_t>(p * static_cast<double>(latencies_.size() - 1))];
        };
        std::printf(
            "{\"operations\": %ld, \"calls\": %ld, \"seconds\": %.4f, \"per_second\": %.1f, \"p50_us\": "
            "%.0f, \"p99_us\": %.0f, "
            "\"bytes\": %ld, \"failures\": %ld}\n",
            operations_, calls_, seconds, static_cast<double>(operations_) / seconds, at(0.5), at(0.99),
            bytes_, failures_);
    }

    const Settings &settings_;
    std::shared_ptr<grpc::Channel> channel_;
    std::unique_ptr<pb::PgService::Stub> stub_;
    grpc::CompletionQueue queue_;
    kalam::worker::rpc::QuickAck quick_ack_;
    Clock::time_point started_, deadline_;
    std::vector<double> latencies_;
    long in_flight_ = 0, operations_ = 0, calls_ = 0, failures_ = 0, inserted_ = 0, scans_ = 0, key_ = 1,
         bytes_ = 0;
};

}  // namespace

int main(int argc, char **argv) {
    if (argc < 3) {
        std::fprintf(stderr, "usage: bare_grpc TARGET WORKLOAD [name=value]...\n");
        return 2;
    }
    Settings settings{argv[1], argv[2], {}};
    settings.values = Settings{}.values;
    for (int i = 3; i < argc; ++i) {
        const std::string argument = argv[i];
        const size_t equals = argument.find('=');
        if (equals != std::string::npos)
            settings.values[argument.substr(0, equals)] = argument.substr(equals + 1);
    }
    return Bench(settings).Run();
}
