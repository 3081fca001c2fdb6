// Namespaces, storages and accounts as JSON for the data file. Called by the Database only. Pure functions.
#pragma once

#include <string>
#include <string_view>

#include "devserver/store/database.h"

namespace kalam::devserver {

std::string EncodeNamespace(const Namespace &ns);
Namespace DecodeNamespace(std::string_view json);
std::string EncodeStorage(const StorageInfo &storage);
StorageInfo DecodeStorage(std::string_view json);
std::string EncodeAccount(const Account &account);
Account DecodeAccount(std::string_view json);

}  // namespace kalam::devserver
