// The formats of requests and answers between a backend and the worker: a fixed head that lies in the slot,
// and a body of length-prefixed fields that lies in the slot's inline buffer or in pages. Written by
// backend/request, read by worker/rpc (requests); written by worker/rpc, read by backend/client (answers).
// Both ends are of one build, so there is no version; all integers are in host byte order. No pointer ever
// travels.
//
//   request body   [endpoint config if head.has_endpoint] namespace table user_id, then by operation:
//     kScan          u32 ncolumns, column...; u32 nfilters, (column, value)...; u64 limit (kNoLimit: none)
//     kLookup        u32 ncolumns, column...; key column; head.item_count keys    (one Scan per key)
//     kInsert        head.item_count row JSON objects
//     kUpdate        head.item_count pairs (key, updates JSON object)             (one Update per item)
//     kDelete        head.item_count keys                                         (one Delete per item)
//     kExecuteSql, kExecuteQuery           the statement   (no namespace, table, user_id before it)
//     kPing, kBegin, kCommit, kRollback    nothing         (no namespace, table, user_id)
//   answer body
//     success of kScan, kLookup     Arrow IPC streams, each as a frame: u64 length, the bytes, zeros up to a
//                                   multiple of 8
//     success of kExecuteSql        the message
//     success of kExecuteQuery      a frame with the message, then frames with Arrow IPC streams
//     success of the rest           nothing (AnswerHead.affected_rows counts)
//     failure                       the text of the error, UTF-8
// Of kLookup, kUpdate and kDelete several calls are in flight at once (head.window).
#pragma once

#include <array>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "common/status.h"
#include "common/table_type.h"

namespace kalam::common {

enum class Operation : uint8_t {
    kPing,
    kScan,
    kLookup,
    kInsert,
    kUpdate,
    kDelete,
    kBegin,
    kCommit,
    kRollback,
    kExecuteSql,
    kExecuteQuery,
};
inline constexpr int kOperationCount = 11;

// On which session a request travels.
enum class SessionUse : uint8_t {
    kAny,  // autocommit: the carrier session or the backend's own, as the worker likes; may be re-sent on a
           // fresh session when the server has forgotten the old one before it acted
    kTransaction,  // the backend's own session with its open remote transaction: never re-opened silently
                   // (kSessionLost)
    kOrdered,  // the backend's own session, alone and in the order of sending, outside of its transaction: DDL, which
               // what undoes it must not overtake
};

// Identifies the options of a foreign server as one user sees them (host, port, TLS material, credentials):
// a keyed hash of all of them (common/keyed_hash.h), made by the backend. Equal ids mean equal options.
struct EndpointId {
    std::array<uint8_t, 16> bytes{};
    friend bool operator==(const EndpointId &, const EndpointId &) = default;
};

// A foreign server as all databases of the cluster know it: the oids of its database and its own.
struct ServerRef {
    uint32_t database = 0;
    uint32_t server = 0;
    friend bool operator==(const ServerRef &, const ServerRef &) = default;
};

inline constexpr uint64_t kNoLimit = UINT64_MAX;

// A write of a transaction, or an ordered one, whose backend has given up gets so much time to end by itself. Were it
// cancelled at once, it could still reach the server's tables after the rollback or the undo that follows it.
inline constexpr uint32_t kCancelGraceMs = 500;

// The server refuses gRPC messages over 4 MiB; what we send stays a little below, so that the envelope fits.
inline constexpr uint32_t kMaxRequestBytes = 4 * 1024 * 1024;

struct RequestHead {
    Operation operation = Operation::kPing;
    SessionUse session = SessionUse::kAny;
    TableType table_type = TableType::kShared;
    bool has_endpoint = false;  // the body begins with an EndpointConfig
    bool groupable = false;     // kInsert, kAny: may share one RPC with rows of other backends
    // Nobody waits: the worker frees the slot itself when the call has ended (rollback on abort).
    bool detached = false;
    // kUpdate: a key that is not there ends the request (otherwise it counts as 0 rows).
    bool stop_at_missing = false;
    uint8_t window = 1;       // kLookup, kUpdate, kDelete: calls in flight at once, 1..64
    uint32_t timeout_ms = 0;  // of each call; 0: none
    uint32_t item_count = 0;  // rows, updates or keys in the body
    EndpointId endpoint;
    ServerRef server;  // for whom: when the last server of an endpoint is dropped, its sessions are closed
};

struct AnswerHead {
    Status status;
    uint64_t affected_rows = 0;  // kInsert, kUpdate, kDelete: the sum of what the server reported
    uint32_t items_done = 0;  // kLookup, kUpdate, kDelete: items that had answered OK when the request ended
    uint32_t calls = 0;       // RPCs that the request took
    uint64_t remote_us = 0;   // from the first call's start to the last one's end
    uint64_t queued_us = 0;   // from submission to the first call's start
};

// The options of an endpoint in the order they have in a body. Views into the body or into palloc'd strings.
struct EndpointConfig {
    std::string_view host;
    uint16_t port = 0;
    std::string_view auth_header;  // sent as `authorization` with Ping and OpenSession; empty: none. Basic
                                   // for account_login
    std::string_view ca_cert;      // PEM text; all three empty: clear text
    std::string_view client_cert;
    std::string_view client_key;
    bool use_tls = false;
};

// ---- reading and writing bodies -----------------------------------------------------------------------

// Writes fields to anything with Append(const void *, size_t).
template <typename Sink>
void PutU32(Sink &sink, uint32_t value) {
    sink.Append(&value, sizeof value);
}

template <typename Sink>
void PutU64(Sink &sink, uint64_t value) {
    sink.Append(&value, sizeof value);
}

template <typename Sink>
void PutField(Sink &sink, std::string_view field) {
    PutU32(sink, static_cast<uint32_t>(field.size()));
    sink.Append(field.data(), field.size());
}

template <typename Sink>
void PutEndpoint(Sink &sink, const EndpointConfig &config) {
    PutField(sink, config.host);
    PutU32(sink, config.port);
    PutU32(sink, config.use_tls ? 1 : 0);
    PutField(sink, config.auth_header);
    PutField(sink, config.ca_cert);
    PutField(sink, config.client_cert);
    PutField(sink, config.client_key);
}

// Reads fields off a contiguous body. A body that ends early makes every further read empty and Ok() false,
// so a reader checks once, at the end. Views point into the body.
class BodyReader {
 public:
    explicit BodyReader(std::string_view body) : rest_(body) {}

    uint32_t U32() { return Scalar<uint32_t>(); }
    uint64_t U64() { return Scalar<uint64_t>(); }

    std::string_view Field() {
        const uint32_t size = U32();
        if (!ok_ || size > rest_.size()) return Fail();
        const std::string_view field = rest_.substr(0, size);
        rest_.remove_prefix(size);
        return field;
    }

    EndpointConfig Endpoint() {
        EndpointConfig config;
        config.host = Field();
        config.port = static_cast<uint16_t>(U32());
        config.use_tls = U32() != 0;
        config.auth_header = Field();
        config.ca_cert = Field();
        config.client_cert = Field();
        config.client_key = Field();
        return config;
    }

    std::string_view Rest() const { return rest_; }
    bool Ok() const { return ok_; }

 private:
    template <typename T>
    T Scalar() {
        T value{};
        if (rest_.size() < sizeof value) {
            Fail();
            return value;
        }
        std::memcpy(&value, rest_.data(), sizeof value);
        rest_.remove_prefix(sizeof value);
        return value;
    }

    std::string_view Fail() {
        ok_ = false;
        rest_ = {};
        return {};
    }

    std::string_view rest_;
    bool ok_ = true;
};

// Bytes that a frame of an answer takes: its length, its content, padding.
constexpr uint64_t FrameSize(uint64_t length) {
    return 8 + ((length + 7) & ~uint64_t{7});
}

}  // namespace kalam::common
