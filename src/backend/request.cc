// Writes requests (request.h). Called by everything that makes a remote call. Touches no shared memory:
// client.cc copies what is written here.
#include "backend/request.h"

#include "backend/types/type_map.h"

extern "C" {
#include "miscadmin.h"
}

namespace kalam::backend {

Request Request::Plain(const Endpoint *endpoint, common::Operation operation) {
    Request request;
    request.endpoint = endpoint;
    request.head = {};
    request.head.operation = operation;
    request.head.timeout_ms = endpoint->timeout_ms;
    request.head.endpoint = endpoint->id;
    request.head.server = {.database = MyDatabaseId, .server = endpoint->server_id};
    initStringInfo(&request.body);
    return request;
}

Request Request::Sql(const Endpoint *endpoint, common::Operation operation, std::string_view sql) {
    Request request = Plain(endpoint, operation);
    request.AddField(types::ToUtf8(sql));
    return request;
}

Request Request::OnTable(const Endpoint *endpoint, common::Operation operation, const TableName &table,
                         std::string_view user_id) {
    Request request = Plain(endpoint, operation);
    request.head.table_type = table.type;
    request.AddField(table.namespace_name);
    request.AddField(table.table_name);
    request.AddField(types::ToUtf8(user_id));
    return request;
}

void Request::AddU32(uint32_t value) {
    StringInfoSink sink{&body};
    common::PutU32(sink, value);
}

void Request::AddU64(uint64_t value) {
    StringInfoSink sink{&body};
    common::PutU64(sink, value);
}

void Request::AddField(std::string_view field) {
    StringInfoSink sink{&body};
    common::PutField(sink, field);
}

void Request::AddItem(std::string_view field) {
    AddField(field);
    ++head.item_count;
}

void Request::AddItem(std::string_view key, std::string_view updates) {
    AddField(key);
    AddField(updates);
    ++head.item_count;
}

}  // namespace kalam::backend
