// The options of foreign servers, user mappings, foreign tables and columns: one table of names, where each is
// allowed, and how its value is checked (options.cc). Called by endpoint.cc, catalog/ and, as the wrapper's
// validator, by PostgreSQL. Values are judged one by one here; what depends on several of them, or on the
// network, is judged at first use (endpoint.cc).
#pragma once

#include <array>
#include <optional>
#include <string_view>

#include "backend/pg.h"
#include "common/table_type.h"

namespace kalam::backend {

enum class Option : uint8_t {
    // servers
    kHost,
    kPort,
    kTimeout,
    // servers and user mappings; the mapping's win
    kAuthMode,
    kAuthHeader,
    kLoginUser,
    kLoginPassword,
    kCaCert,
    kClientCert,
    kClientKey,
    // user mappings
    kUserId,
    // tables; `type` is another spelling of `table_type`
    kTableType,
    kType,
    kNamespace,
    kTable,
    // columns
    kColumnName,
    kKey,
    kKalamType,
};
inline constexpr int kOptionCount = 18;

enum class AuthMode : uint8_t { kNone, kStaticHeader, kAccountLogin };

// The values that a list of DefElem gives; null where it says nothing. Views into the list.
class OptionValues {
 public:
    // Takes over what `options` gives, over what was there. Names that are not in the table are skipped.
    void Merge(List *options);
    // Takes over what `other` gives.
    void MergeFrom(const OptionValues &other);
    const char *operator[](Option option) const { return values_[static_cast<size_t>(option)]; }

 private:
    std::array<const char *, kOptionCount> values_{};
};

// The name an option has in SQL.
const char *NameOf(Option option);

// Reads `auth_mode`; nothing for a value that is none of the three.
std::optional<AuthMode> ParseAuthMode(std::string_view value);

// Reads `type`/`table_type`; raises 22023 with the list of types.
common::TableType RequireTableType(const char *option_name, const char *value);

// Whether a certificate option holds the PEM text itself rather than a file's path.
bool IsInlinePem(std::string_view value);

}  // namespace kalam::backend
