// A request while the backend writes it: the head and the body (common/message.h) in the backend's own
// memory. client.h copies it into shared memory when it is sent, so nothing of a request that waits
// (held-back rows) occupies the pool.
//
//   Request request(endpoint, Operation::kInsert, identity-of-the-table, user_id);   // in the current memory
//   context request.Add(row_json);  ... Answer answer = Call(request); // client.h
#pragma once

#include <string_view>

#include "backend/endpoint.h"
#include "backend/pg.h"
#include "common/message.h"

namespace kalam::backend {

// Lets common::Put* write into a StringInfo. Strings over 1 GB raise.
struct StringInfoSink {
    StringInfo out;
    void Append(const void *data, size_t size) {
        appendBinaryStringInfo(out, static_cast<const char *>(data), static_cast<int>(size));
    }
};

struct TableName {
    std::string_view namespace_name;
    std::string_view table_name;
    common::TableType type;
};

// Trivially destructible: the buffer belongs to the memory context it was made in.
struct Request {
    const Endpoint *endpoint;
    common::RequestHead head;
    StringInfoData body;

    // An operation without a table: kPing, kBegin, kCommit, kRollback.
    static Request Plain(const Endpoint *endpoint, common::Operation operation);
    // kExecuteSql, kExecuteQuery.
    static Request Sql(const Endpoint *endpoint, common::Operation operation, std::string_view sql);
    // An operation on a table; `user_id` may be empty for shared tables. The caller adds the rest of the
    // body.
    static Request OnTable(const Endpoint *endpoint, common::Operation operation, const TableName &table,
                           std::string_view user_id);

    void AddU32(uint32_t value);
    void AddU64(uint64_t value);
    void AddField(std::string_view field);
    // One row, key or (key, updates) item more: counts it.
    void AddItem(std::string_view field);
    void AddItem(std::string_view key, std::string_view updates);
};

}  // namespace kalam::backend
