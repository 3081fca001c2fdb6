// Writes read requests in the layout of common/message.h (requests.h).
#include "backend/fdw/requests.h"

#include "backend/guc.h"

namespace kalam::backend::fdw {

using common::Operation;

namespace {

Request OnTable(const Endpoint *endpoint, Operation operation, const catalog::TableIdentity *identity,
                const char *user_id) {
    Request request =
        Request::OnTable(endpoint, operation, identity->name(), user_id == nullptr ? "" : user_id);
    request.head.window = static_cast<uint8_t>(guc::pipeline_window);
    return request;
}

void AddColumns(Request *request, const Projection &projection) {
    request->AddU32(static_cast<uint32_t>(projection.count));
    for (const ProjectedColumn &column : projection.all())
        request->AddField(types::ToUtf8(column.remote_name));
}

}  // namespace

Request ScanRequest(const Endpoint *endpoint, const catalog::TableIdentity *identity, const char *user_id,
                    const Projection &projection, std::span<const Filter> filters) {
    Request request = OnTable(endpoint, Operation::kScan, identity, user_id);
    AddColumns(&request, projection);
    request.AddU32(static_cast<uint32_t>(filters.size()));
    for (const Filter &filter : filters) {
        request.AddField(types::ToUtf8(filter.column));
        request.AddField(filter.value);
    }
    request.AddU64(common::kNoLimit);
    return request;
}

Request LookupRequest(const Endpoint *endpoint, const catalog::TableIdentity *identity, const char *user_id,
                      const Projection &projection) {
    Request request = OnTable(endpoint, Operation::kLookup, identity, user_id);
    AddColumns(&request, projection);
    request.AddField(types::ToUtf8(identity->column(identity->key).remote_name));
    return request;
}

bool MayFindPartialRows(const List *keys) {
    ListCell *cell;
    foreach (cell, keys) {
        const std::string_view key(static_cast<const char *>(lfirst(cell)));
        if (key.empty() || key == "0" || key == "false") return true;
    }
    return false;
}

Request ChangeRequest(const Endpoint *endpoint, Operation operation, const catalog::TableIdentity *identity,
                      const char *user_id) {
    Request request = OnTable(endpoint, operation, identity, user_id);
    request.head.stop_at_missing = operation == Operation::kUpdate;
    return request;
}

}  // namespace kalam::backend::fdw
