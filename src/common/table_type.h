// The kinds of KalamDB tables and their names, as options and requests spell them.
// Called by the option validator, the DDL code and both ends of the RPC layer. Values only.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace kalam::common {

enum class TableType : uint8_t { kShared, kUser, kStream };

inline constexpr std::array<std::string_view, 3> kTableTypeNames = {"shared", "user", "stream"};

constexpr std::string_view NameOf(TableType type) {
    return kTableTypeNames[static_cast<size_t>(type)];
}

// Reads a name in any case; nothing for a name that is none of the three.
constexpr std::optional<TableType> ParseTableType(std::string_view name) {
    for (size_t i = 0; i < kTableTypeNames.size(); ++i) {
        const std::string_view known = kTableTypeNames[i];
        bool equal = known.size() == name.size();
        for (size_t j = 0; equal && j < name.size(); ++j) {
            const char c =
                name[j] >= 'A' && name[j] <= 'Z' ? static_cast<char>(name[j] - 'A' + 'a') : name[j];
            equal = c == known[j];
        }
        if (equal) return static_cast<TableType>(i);
    }
    return std::nullopt;
}

// Rows of user and stream tables belong to one user, who must be named in requests.
constexpr bool NeedsUser(TableType type) {
    return type != TableType::kShared;
}

}  // namespace kalam::common
