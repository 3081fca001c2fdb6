// The pieces of the RPC layer that need no server: credentials, statuses, encoding, decoding, answer bodies.
#include <grpcpp/support/proto_buffer_reader.h>

#include "check.h"
#include "kalam_pg.pb.h"
#include "worker/rpc/answer_body.h"
#include "worker/rpc/credentials.h"
#include "worker/rpc/decode.h"
#include "worker/rpc/encode.h"
#include "worker/rpc/status_map.h"

using namespace kalam;
using namespace kalam::worker::rpc;
using common::Cause;
using common::Code;
using common::EndpointConfig;
using common::Outcome;

namespace {

constexpr char kPem[] = "-----BEGIN X-----\nAA==\n-----END X-----\n";

EndpointConfig Plain() {
    EndpointConfig config;
    config.host = "localhost";
    config.port = 9188;
    return config;
}

template <typename Message>
Message Parsed(grpc::ByteBuffer buffer) {
    Message message;
    grpc::ProtoBufferReader reader(&buffer);
    CHECK(message.ParseFromZeroCopyStream(&reader));
    return message;
}

// A buffer of several slices, as large answers have.
grpc::ByteBuffer Sliced(const std::string &bytes, size_t slice_bytes) {
    std::vector<grpc::Slice> slices;
    for (size_t at = 0; at < bytes.size(); at += slice_bytes)
        slices.emplace_back(bytes.substr(at, slice_bytes));
    return grpc::ByteBuffer(slices.data(), slices.size());
}

std::string ReadAll(AnswerBody &body, size_t piece) {
    std::string all, buffer(piece, '\0');
    while (body.left() > 0) all.append(buffer.data(), body.Read(buffer.data(), piece));
    return all;
}

Failure Map(grpc::StatusCode code, const char *text, const CallEnd &end) {
    return MapStatus({code, text}, end);
}

}  // namespace

TEST(HeadersThatGrpcWouldAbortOnAreRefused) {
    EndpointConfig config = Plain();
    for (const char *good : {"", "Bearer abc", "Basic dXNlcjpwYXNz", "~ !"}) {
        config.auth_header = good;
        CHECK_EQ(ConfigError(config), "");
    }
    for (const char *bad : {"a\nb", "a\rb", "\x7f", "\xc3\xa4", "\t"}) {
        config.auth_header = bad;
        CHECK_EQ(ConfigError(config), "invalid auth_header: not a valid metadata value");
    }
    config.auth_header = std::string_view("a\0b", 3);
    CHECK(!ConfigError(config).empty());
}

TEST(HostsPortsAndCertificatesAreChecked) {
    EndpointConfig config = Plain();
    config.host = "a/b";
    CHECK(!ConfigError(config).empty());
    config = Plain();
    config.port = 0;
    CHECK(!ConfigError(config).empty());
    config = Plain();
    config.ca_cert = "rubbish";
    CHECK_EQ(ConfigError(config), "invalid ca_cert: not PEM text");
    config.ca_cert = kPem;
    CHECK_EQ(ConfigError(config), "");
    config.client_cert = kPem;
    CHECK(!ConfigError(config).empty());  // a certificate without its key
    config.client_key = kPem;
    CHECK_EQ(ConfigError(config), "");
}

TEST(StatusesSayWhoFailedAndWhetherItMayHaveActed) {
    const CallEnd server = {.rpc = Rpc::kInsert, .from_peer = true, .reached_link = true};
    const CallEnd link = {.rpc = Rpc::kInsert, .from_peer = false, .reached_link = true};
    const CallEnd nowhere = {.rpc = Rpc::kInsert, .from_peer = false, .reached_link = false};
    CHECK(MapStatus(grpc::Status(), server).Ok());
    CHECK_EQ(Map(grpc::INTERNAL, "x", server).status.cause, Cause::kServer);
    CHECK_EQ(Map(grpc::INTERNAL, "x", server).status.outcome, Outcome::kNotDone);
    CHECK_EQ(Map(grpc::INTERNAL, "x", server).text, "x");
    CHECK_EQ(Map(grpc::UNAVAILABLE, "x", server).status.outcome, Outcome::kUnknown);
    CHECK_EQ(Map(grpc::INTERNAL, "error forwarding proposal: transport error", server).status.outcome,
             Outcome::kUnknown);
    CHECK_EQ(Map(grpc::INTERNAL, "error forwarding proposal: tcp connect error", server).status.outcome,
             Outcome::kNotDone);
    CHECK_EQ(Map(grpc::UNAVAILABLE, "reset", link).status.cause, Cause::kTransport);
    CHECK_EQ(Map(grpc::UNAVAILABLE, "reset", link).status.outcome, Outcome::kUnknown);
    CHECK_EQ(Map(grpc::UNAVAILABLE, "refused", nowhere).status.cause, Cause::kConnect);
    CHECK_EQ(Map(grpc::UNAVAILABLE, "refused", nowhere).status.outcome, Outcome::kNotDone);
    CHECK_EQ(Map(grpc::RESOURCE_EXHAUSTED, "larger than max", link).status.cause, Cause::kBadAnswer);
    CallEnd read = link;
    read.rpc = Rpc::kScan;
    CHECK_EQ(Map(grpc::UNAVAILABLE, "reset", read).status.outcome, Outcome::kNotDone);
}

TEST(TimeLimitsAreOursWhoeverNotesThem) {
    CallEnd end = {
        .rpc = Rpc::kScan, .from_peer = true, .reached_link = true, .time_is_over = true, .timeout_ms = 70};
    CHECK_EQ(Map(grpc::CANCELLED, "Timeout expired", end).status.cause, Cause::kTimeout);
    CHECK_EQ(Map(grpc::CANCELLED, "Timeout expired", end).status.code, Code::kDeadlineExceeded);
    CHECK_EQ(Map(grpc::DEADLINE_EXCEEDED, "", end).text, "no answer within 70 ms");
    end.time_is_over = false;
    CHECK_EQ(Map(grpc::CANCELLED, "x", end).status.cause, Cause::kServer);
    end = {.rpc = Rpc::kInsert, .time_is_over = true, .timeout_ms = 70};
    CHECK_EQ(Map(grpc::DEADLINE_EXCEEDED, "", end).status.cause, Cause::kConnect);
    CHECK_EQ(Map(grpc::DEADLINE_EXCEEDED, "", end).status.outcome, Outcome::kNotDone);
    CHECK_EQ(Map(grpc::DEADLINE_EXCEEDED, "", end).text, "no connection within 70 ms");
    end = {.rpc = Rpc::kScan, .cancel = CancelReason::kConnectTimeout};
    CHECK_EQ(Map(grpc::CANCELLED, "", end).status.cause, Cause::kConnect);
}

TEST(TextsOfTheServerAreRecognised) {
    const auto server = [](Code code, const char *text) { return MakeFailure(code, Cause::kServer, text); };
    CHECK(IsForgottenSession(server(Code::kUnauthenticated, "invalid or expired session")));
    CHECK(IsForgottenSession(server(Code::kUnauthenticated, "session lease expired – re-authenticate")));
    CHECK(!IsForgottenSession(server(Code::kUnauthenticated, "authentication failed: Invalid credentials")));
    CHECK(!IsForgottenSession(server(Code::kInternal, "invalid or expired session")));
    CHECK(EndsTransaction(
        server(Code::kFailedPrecondition, "transaction 'x' was aborted because leader changed")));
    CHECK(EndsTransaction(server(Code::kNotFound, "app.items not found")));
    CHECK(!EndsTransaction(server(Code::kInvalidArgument, "transaction not found")));
    CHECK(!EndsTransaction(server(Code::kFailedPrecondition, "stream tables are not supported")));
    CHECK(IsMissingRow(
        server(Code::kInternal, "Failed to update row: Not found: Row with id=5 not found (x)")));
    CHECK(!IsMissingRow(server(Code::kInternal, "Shared table provider not found: a:b")));
}

TEST(RequestsAreEncodedAsTheGeneratedClassesReadThem) {
    ParsedRequest request;
    request.columns = {"id", "name"};
    request.filters = {{"id", "7"}, {"name", "ä"}};
    request.limit = 5;
    request.key_column = "id";
    const TableTarget target = {
        .namespace_name = "app", .table_name = "t", .type = common::TableType::kUser, .user_id = "alice"};
    const auto scan = Parsed<kalamdb::pg::ScanRpcRequest>(EncodeScan(request, target, "pg-1-2", nullptr));
    CHECK_EQ(scan.namespace_(), "app");
    CHECK_EQ(scan.table_type(), "user");
    CHECK_EQ(scan.user_id(), "alice");
    CHECK_EQ(scan.session_id(), "pg-1-2");
    CHECK_EQ(scan.columns_size(), 2);
    CHECK_EQ(scan.limit(), 5u);
    CHECK_EQ(scan.filters(1).column() + scan.filters(1).op() + scan.filters(1).value(), "nameeqä");
    request.filters.clear();
    request.limit = common::kNoLimit;
    const std::string_view key = "9";
    const auto lookup = Parsed<kalamdb::pg::ScanRpcRequest>(EncodeScan(request, target, "s", &key));
    CHECK(!lookup.has_limit());
    CHECK_EQ(lookup.filters(0).value(), "9");
    const auto update = Parsed<kalamdb::pg::UpdateRpcRequest>(EncodeUpdate(target, "s", "k", "{}"));
    CHECK_EQ(update.pk_value() + update.updates_json(), "k{}");
    const auto commit =
        Parsed<kalamdb::pg::CommitTransactionRequest>(EncodeSessionCall(Rpc::kCommit, "s", "tx"));
    CHECK_EQ(commit.session_id() + commit.transaction_id(), "stx");
    CHECK_EQ(EncodeSessionCall(Rpc::kPing, "s", "tx").Length(), 0u);
}

TEST(RowsOfSeveralSourcesAreOneInsert) {
    ParsedRequest a, b;
    a.items = {"{\"id\":1}", std::string_view()};
    b.items = {"{\"id\":3}"};
    const ParsedRequest *sources[] = {&a, &b};
    const auto insert = Parsed<kalamdb::pg::InsertRpcRequest>(EncodeInsert(
        sources, {.namespace_name = "n", .table_name = "t", .type = common::TableType::kShared}, "s"));
    CHECK_EQ(insert.rows_json_size(), 3);
    CHECK_EQ(insert.rows_json(2), "{\"id\":3}");
    CHECK(!insert.has_user_id());
    CHECK_EQ(EncodedItemBytes(a), 2u + 8u + 2u);
}

TEST(AnswersBecomeFramesAcrossSlices) {
    kalamdb::pg::ExecuteQueryRpcResponse response;
    response.set_success(true);
    response.set_message("two batches");
    response.add_ipc_batches(std::string(1000, 'a'));
    response.add_ipc_batches("bcd");
    for (size_t slice : {1u, 7u, 100u, 5000u}) {
        AnswerBody body;
        CHECK(DecodeQuery(Sliced(response.SerializeAsString(), slice), body));
        CHECK_EQ(body.size(), common::FrameSize(11) + common::FrameSize(1000) + common::FrameSize(3));
        const std::string all = ReadAll(body, 13);
        CHECK_EQ(all.substr(8, 11), "two batches");
        CHECK_EQ(all.substr(common::FrameSize(11) + 8, 1000), std::string(1000, 'a'));
        CHECK_EQ(all.substr(all.size() - 8), std::string("bcd\0\0\0\0\0", 8));
    }
}

TEST(GarbageIsNotAnAnswer) {
    const std::vector<std::string> garbage = {"\x0a\xff\xff\xff\xff\x0f",
                                              "\x0a\x05"
                                              "ab",
                                              "\x08",
                                              "\xff",
                                              "\x0b",
                                              "HTTP/1.1 400"};
    for (const std::string &bytes : garbage) {
        AnswerBody body;
        CHECK(!DecodeScan(Sliced(bytes, 2), body));
        CHECK(!DecodeQuery(Sliced(bytes, 2), body));
        uint64_t rows;
        grpc::ByteBuffer buffer = Sliced(bytes, 2);
        CHECK(!DecodeAffectedRows(buffer, &rows));
        std::string id;
        CHECK(!DecodeTransactionId(buffer, &id));
    }
    grpc::ByteBuffer empty = Sliced("", 1);
    std::string id;
    CHECK(!DecodeTransactionId(empty, &id));
    AnswerBody body;
    CHECK(DecodeScan(std::move(empty), body));
    CHECK_EQ(body.size(), 0u);
}
