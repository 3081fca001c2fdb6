// The protobuf encoder (encode.h). Each message is described once, by a function that runs over a sink twice:
// over one that counts bytes, then over one that writes them.
#include "worker/rpc/encode.h"

#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/wire_format_lite.h>

#include <cstring>

#include "kalam_pg.pb.h"

namespace kalam::worker::rpc {

namespace {

namespace wire = kalamdb::pg;
using google::protobuf::internal::WireFormatLite;
using google::protobuf::io::CodedOutputStream;

class Sizer {
 public:
    void Bytes(int field, std::string_view value) {
        Tag(field);
        size_ += CodedOutputStream::VarintSize32(static_cast<uint32_t>(value.size())) + value.size();
    }
    void Unsigned(int field, uint64_t value) {
        Tag(field);
        size_ += CodedOutputStream::VarintSize64(value);
    }
    size_t size() const { return size_; }

 private:
    void Tag(int field) {
        size_ +=
            CodedOutputStream::VarintSize32(WireFormatLite::MakeTag(field, WireFormatLite::WIRETYPE_VARINT));
    }
    size_t size_ = 0;
};

class Writer {
 public:
    explicit Writer(uint8_t *at) : at_(at) {}
    void Bytes(int field, std::string_view value) {
        Tag(field, WireFormatLite::WIRETYPE_LENGTH_DELIMITED);
        at_ = CodedOutputStream::WriteVarint32ToArray(static_cast<uint32_t>(value.size()), at_);
        if (!value.empty()) std::memcpy(at_, value.data(), value.size());
        at_ += value.size();
    }
    void Unsigned(int field, uint64_t value) {
        Tag(field, WireFormatLite::WIRETYPE_VARINT);
        at_ = CodedOutputStream::WriteVarint64ToArray(value, at_);
    }

 private:
    void Tag(int field, WireFormatLite::WireType type) {
        at_ = CodedOutputStream::WriteTagToArray(WireFormatLite::MakeTag(field, type), at_);
    }
    uint8_t *at_;
};

// Runs `describe` over both sinks.
template <typename Describe>
grpc::ByteBuffer Build(Describe describe) {
    Sizer sizer;
    describe(sizer);
    grpc::Slice slice(sizer.size());
    Writer writer(const_cast<uint8_t *>(slice.begin()));  // ours alone until it is in a buffer
    describe(writer);
    return grpc::ByteBuffer(&slice, 1);
}

// The first five fields, which all messages about a table share.
template <typename Message, typename Sink>
void PutTarget(Sink &out, const TableTarget &target, std::string_view session_id) {
    out.Bytes(Message::kNamespaceFieldNumber, target.namespace_name);
    out.Bytes(Message::kTableNameFieldNumber, target.table_name);
    out.Bytes(Message::kTableTypeFieldNumber, common::NameOf(target.type));
    out.Bytes(Message::kSessionIdFieldNumber, session_id);
    if (!target.user_id.empty()) out.Bytes(Message::kUserIdFieldNumber, target.user_id);
}

template <typename Sink>
void PutFilter(Sink &out, std::string_view column, std::string_view value) {
    const auto describe = [&](auto &inner) {
        inner.Bytes(wire::ScanFilterExpression::kColumnFieldNumber, column);
        inner.Bytes(wire::ScanFilterExpression::kOpFieldNumber, "eq");
        inner.Bytes(wire::ScanFilterExpression::kValueFieldNumber, value);
    };
    Sizer sizer;
    describe(sizer);
    std::string bytes(sizer.size(), '\0');
    Writer writer(reinterpret_cast<uint8_t *>(bytes.data()));
    describe(writer);
    out.Bytes(wire::ScanRpcRequest::kFiltersFieldNumber, bytes);
}

}  // namespace

grpc::ByteBuffer EncodeSessionCall(Rpc rpc, std::string_view session_id, std::string_view transaction_id) {
    // The session's id has the same number in all of them, and so has the transaction's.
    constexpr int kSessionId = wire::CommitTransactionRequest::kSessionIdFieldNumber;
    constexpr int kTransactionId = wire::CommitTransactionRequest::kTransactionIdFieldNumber;
    static_assert(kSessionId == int{wire::OpenSessionRequest::kSessionIdFieldNumber});
    static_assert(kSessionId == int{wire::CloseSessionRequest::kSessionIdFieldNumber});
    static_assert(kSessionId == int{wire::BeginTransactionRequest::kSessionIdFieldNumber});
    static_assert(kSessionId == int{wire::RollbackTransactionRequest::kSessionIdFieldNumber});
    static_assert(kTransactionId == int{wire::RollbackTransactionRequest::kTransactionIdFieldNumber});
    return Build([&](auto &out) {
        if (rpc == Rpc::kPing) return;
        out.Bytes(kSessionId, session_id);
        if (rpc != Rpc::kCommit && rpc != Rpc::kRollback) return;
        out.Bytes(kTransactionId, transaction_id);
    });
}

grpc::ByteBuffer EncodeScan(const ParsedRequest &request, const TableTarget &target,
                            std::string_view session_id, const std::string_view *key) {
    return Build([&](auto &out) {
        PutTarget<wire::ScanRpcRequest>(out, target, session_id);
        for (std::string_view column : request.columns) {
            out.Bytes(wire::ScanRpcRequest::kColumnsFieldNumber, column);
        }
        if (request.limit != common::kNoLimit)
            out.Unsigned(wire::ScanRpcRequest::kLimitFieldNumber, request.limit);
        if (key != nullptr) PutFilter(out, request.key_column, *key);
        for (const auto &[column, value] : request.filters) PutFilter(out, column, value);
    });
}

grpc::ByteBuffer EncodeInsert(std::span<const ParsedRequest *const> sources, const TableTarget &target,
                              std::string_view session_id) {
    return Build([&](auto &out) {
        PutTarget<wire::InsertRpcRequest>(out, target, session_id);
        for (const ParsedRequest *source : sources) {
            for (std::string_view row : source->items)
                out.Bytes(wire::InsertRpcRequest::kRowsJsonFieldNumber, row);
        }
    });
}

grpc::ByteBuffer EncodeUpdate(const TableTarget &target, std::string_view session_id, std::string_view key,
                              std::string_view updates) {
    return Build([&](auto &out) {
        PutTarget<wire::UpdateRpcRequest>(out, target, session_id);
        out.Bytes(wire::UpdateRpcRequest::kPkValueFieldNumber, key);
        out.Bytes(wire::UpdateRpcRequest::kUpdatesJsonFieldNumber, updates);
    });
}

grpc::ByteBuffer EncodeDelete(const TableTarget &target, std::string_view session_id, std::string_view key) {
    return Build([&](auto &out) {
        PutTarget<wire::DeleteRpcRequest>(out, target, session_id);
        out.Bytes(wire::DeleteRpcRequest::kPkValueFieldNumber, key);
    });
}

grpc::ByteBuffer EncodeStatement(std::string_view sql, std::string_view session_id) {
    static_assert(int{wire::ExecuteSqlRpcRequest::kSqlFieldNumber} ==
                  int{wire::ExecuteQueryRpcRequest::kSqlFieldNumber});
    return Build([&](auto &out) {
        out.Bytes(wire::ExecuteSqlRpcRequest::kSqlFieldNumber, sql);
        out.Bytes(wire::ExecuteSqlRpcRequest::kSessionIdFieldNumber, session_id);
    });
}

uint64_t EncodedItemBytes(const ParsedRequest &request) {
    constexpr uint64_t kTagBytes = 1;  // field numbers under 16
    uint64_t bytes = 0;
    for (std::string_view item : request.items) {
        bytes +=
            kTagBytes + CodedOutputStream::VarintSize32(static_cast<uint32_t>(item.size())) + item.size();
    }
    return bytes;
}

}  // namespace kalam::worker::rpc
