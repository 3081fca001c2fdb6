// The protobuf decoder (decode.h): small messages by the generated classes, those that carry Arrow streams by
// hand, so that the streams are not copied into message objects first.
#include "worker/rpc/decode.h"

#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/wire_format_lite.h>
#include <grpcpp/support/proto_buffer_reader.h>

#include <algorithm>

#include "kalam_pg.pb.h"

namespace kalam::worker::rpc {

namespace {

namespace wire = kalamdb::pg;
using google::protobuf::internal::WireFormatLite;
using google::protobuf::io::CodedInputStream;

template <typename Message>
bool Parse(grpc::ByteBuffer &response, Message &message) {
    grpc::ProtoBufferReader reader(&response);
    return reader.status().ok() && message.ParseFromZeroCopyStream(&reader);
}

// Appends the next `length` bytes of the stream as views.
bool TakeViews(CodedInputStream &in, uint32_t length, AnswerBody &out) {
    while (length > 0) {
        const void *data = nullptr;
        int size = 0;
        if (!in.GetDirectBufferPointer(&data, &size) || size <= 0) return false;
        const int n = static_cast<int>(std::min<uint32_t>(length, static_cast<uint32_t>(size)));
        out.AppendView(data, static_cast<size_t>(n));
        if (!in.Skip(n)) return false;
        length -= static_cast<uint32_t>(n);
    }
    return true;
}

bool TakeFrame(CodedInputStream &in, AnswerBody &out) {
    uint32_t length = 0;
    if (!in.ReadVarint32(&length)) return false;
    out.BeginFrame(length);
    if (!TakeViews(in, length, out)) return false;
    out.EndFrame(length);
    return true;
}

// Makes a frame of each length-delimited field `field`, and skips the others.
bool TakeFrames(grpc::ByteBuffer &response, int field, AnswerBody &out) {
    grpc::ProtoBufferReader reader(&response);
    if (!reader.status().ok()) return false;
    CodedInputStream in(&reader);
    in.SetTotalBytesLimit(INT32_MAX);
    const uint32_t wanted = WireFormatLite::MakeTag(field, WireFormatLite::WIRETYPE_LENGTH_DELIMITED);
    for (uint32_t tag = in.ReadTag(); tag != 0; tag = in.ReadTag()) {
        if (!(tag == wanted ? TakeFrame(in, out) : WireFormatLite::SkipField(&in, tag))) return false;
    }
    return in.ConsumedEntireMessage();
}

// Finds a text field, which is small, in a message that is not.
bool FindText(grpc::ByteBuffer &response, int field, std::string *text) {
    grpc::ProtoBufferReader reader(&response);
    if (!reader.status().ok()) return false;
    CodedInputStream in(&reader);
    in.SetTotalBytesLimit(INT32_MAX);
    const uint32_t wanted = WireFormatLite::MakeTag(field, WireFormatLite::WIRETYPE_LENGTH_DELIMITED);
    for (uint32_t tag = in.ReadTag(); tag != 0; tag = in.ReadTag()) {
        if (!(tag == wanted ? WireFormatLite::ReadBytes(&in, text) : WireFormatLite::SkipField(&in, tag)))
            return false;
    }
    return in.ConsumedEntireMessage();
}

}  // namespace

bool DecodeAffectedRows(grpc::ByteBuffer &response, uint64_t *rows) {
    // All three answers have this one field, under this number.
    static_assert(int{wire::InsertRpcResponse::kAffectedRowsFieldNumber} ==
                  int{wire::UpdateRpcResponse::kAffectedRowsFieldNumber});
    static_assert(int{wire::InsertRpcResponse::kAffectedRowsFieldNumber} ==
                  int{wire::DeleteRpcResponse::kAffectedRowsFieldNumber});
    wire::InsertRpcResponse message;
    if (!Parse(response, message)) return false;
    *rows = message.affected_rows();
    return true;
}

bool DecodeTransactionId(grpc::ByteBuffer &response, std::string *id) {
    wire::BeginTransactionResponse message;
    if (!Parse(response, message) || message.transaction_id().empty()) return false;
    *id = message.transaction_id();
    return true;
}

bool DecodeOpenSession(grpc::ByteBuffer &response, int64_t *expires_ms) {
    wire::OpenSessionResponse message;
    if (!Parse(response, message)) return false;
    *expires_ms = message.lease_expires_at_ms();
    return true;
}

bool DecodeMessage(grpc::ByteBuffer &response, std::string *text) {
    wire::ExecuteSqlRpcResponse message;
    if (!Parse(response, message)) return false;
    *text = message.message();
    return true;
}

bool DecodePing(grpc::ByteBuffer &response) {
    wire::PingResponse message;
    return Parse(response, message) && message.ok();
}

bool DecodeScan(grpc::ByteBuffer &&response, AnswerBody &out) {
    return TakeFrames(out.Own(std::move(response)), wire::ScanRpcResponse::kIpcBatchesFieldNumber, out);
}

bool DecodeQuery(grpc::ByteBuffer &&response, AnswerBody &out) {
    grpc::ByteBuffer &owned = out.Own(std::move(response));
    std::string text;
    if (!FindText(owned, wire::ExecuteQueryRpcResponse::kMessageFieldNumber, &text)) return false;
    out.BeginFrame(text.size());
    out.AppendCopy(text);
    out.EndFrame(text.size());
    return TakeFrames(owned, wire::ExecuteQueryRpcResponse::kIpcBatchesFieldNumber, out);
}

}  // namespace kalam::worker::rpc
