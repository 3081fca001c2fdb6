// The read requests of fdw/: a scan with filters, a lookup of keys. Called by scans, writes (do the new keys
// exist?), TRUNCATE, ANALYZE and ddl/fill_column. Builds requests; sends nothing.
#pragma once

#include <span>
#include <string_view>

#include "backend/catalog/table_identity.h"
#include "backend/fdw/columns.h"
#include "backend/request.h"

namespace kalam::backend::fdw {

// An equality as the server is asked for it.
struct Filter {
    const char *column;
    std::string_view value;  // UTF-8 (AppendKeyText)
};

// `user_id` null for shared tables.
Request ScanRequest(const Endpoint *endpoint, const catalog::TableIdentity *identity, const char *user_id,
                    const Projection &projection, std::span<const Filter> filters);

// Add the keys with AddItem.
Request LookupRequest(const Endpoint *endpoint, const catalog::TableIdentity *identity, const char *user_id,
                      const Projection &projection);

// Whether a lookup of these keys (List of char *) in a transaction that has changed the table may find rows that are none: the
// server shows each changed row whose base row it did not read with the zero of the key's type. A scan without filters
// reads them all.
bool MayFindPartialRows(const List *keys);

// An update or delete by key; add the items.
Request ChangeRequest(const Endpoint *endpoint, common::Operation operation,
                      const catalog::TableIdentity *identity, const char *user_id);

}  // namespace kalam::backend::fdw
