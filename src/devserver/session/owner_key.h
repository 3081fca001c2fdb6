// Who owns a transaction: the normal form of a session id, which several session ids can share.
// Called by rpc handlers for every typed call; a pure function.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace kalam::devserver {

// `pg-<pid>[-<hex>]` or a UUID in any of its spellings, brought to one form ("pg:321:deadbeef", "uuid:...").
// Throws InvalidArgument for anything else.
std::string ParseOwnerKey(std::string_view session_id);

// The process id in `pg-<pid>...`, or -1.
int64_t BackendPidOf(std::string_view session_id);

// Refuses what is not the text of a version 7 UUID, with InvalidArgument and the reason.
void CheckTransactionId(std::string_view id);

}  // namespace kalam::devserver
