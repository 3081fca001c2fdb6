// Reads session ids and transaction ids; see owner_key.h.
#include "devserver/session/owner_key.h"

#include <charconv>
#include <cstdint>
#include <optional>

#include "devserver/error.h"

namespace kalam::devserver {

namespace {

[[noreturn]] void Refuse(std::string_view id, const char *reason) {
    Throw(Code::kInvalidArgument,
          "Invalid operation: invalid pg session id '" + std::string(id) + "': " + reason);
}

template <typename Int>
std::optional<Int> ParseWhole(std::string_view text, int base) {
    Int value{};
    const char *end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, value, base);
    if (text.empty() || error != std::errc() || stop != end) return std::nullopt;
    return value;
}

bool IsHex(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

char Lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

// The 32 digits of a UUID: plain, hyphenated, in braces or as urn:uuid:.
std::optional<std::string> ParseUuidDigits(std::string_view text) {
    if (text.starts_with("urn:uuid:")) text.remove_prefix(9);
    if (text.size() == 38 && text.front() == '{' && text.back() == '}') text = text.substr(1, 36);
    const bool hyphenated = text.size() == 36;
    if (!hyphenated && text.size() != 32) return std::nullopt;
    std::string digits;
    for (size_t i = 0; i < text.size(); ++i) {
        if (hyphenated && (i == 8 || i == 13 || i == 18 || i == 23)) {
            if (text[i] != '-') return std::nullopt;
            continue;
        }
        if (!IsHex(text[i])) return std::nullopt;
        digits += Lower(text[i]);
    }
    return digits;
}

}  // namespace

std::string ParseOwnerKey(std::string_view session_id) {
    if (const auto digits = ParseUuidDigits(session_id)) return "uuid:" + *digits;
    if (!session_id.starts_with("pg-")) {
        Refuse(session_id, "expected pg-<pid>-<config_hash> or a server-issued UUID handle");
    }
    const std::string_view rest = session_id.substr(3);
    const size_t dash = rest.find('-');
    const std::string_view pid_text = rest.substr(0, dash);
    if (pid_text.empty()) Refuse(session_id, "missing backend pid");
    const auto pid = ParseWhole<uint32_t>(pid_text, 10);
    if (!pid) Refuse(session_id, "backend pid must be numeric");
    uint64_t hash = 0;
    if (dash != std::string_view::npos && dash + 1 < rest.size()) {
        const auto parsed = ParseWhole<uint64_t>(rest.substr(dash + 1), 16);
        if (!parsed) Refuse(session_id, "config hash must be hexadecimal");
        hash = *parsed;
    }
    return "pg:" + std::to_string(*pid) + ":" + std::to_string(hash);
}

int64_t BackendPidOf(std::string_view session_id) {
    if (!session_id.starts_with("pg-")) return -1;
    const std::string_view rest = session_id.substr(3);
    const auto pid = ParseWhole<uint32_t>(rest.substr(0, rest.find('-')), 10);
    return pid ? static_cast<int64_t>(*pid) : -1;
}

void CheckTransactionId(std::string_view id) {
    const auto refuse = [](const char *why) { Throw(Code::kInvalidArgument, why); };
    if (id.size() != 36) refuse("transaction id must be a 36-character UUID string");
    for (size_t i = 0; i < id.size(); ++i) {
        const bool hyphen_place = i == 8 || i == 13 || i == 18 || i == 23;
        if (hyphen_place != (id[i] == '-')) {
            refuse("transaction id must use canonical UUID hyphen positions");
        }
    }
    for (const char c : id) {
        if (c != '-' && !IsHex(c)) refuse("transaction id must contain only hexadecimal digits");
    }
    if (id[14] != '7') refuse("transaction id must be a UUID v7");
    const char variant = Lower(id[19]);
    if (variant != '8' && variant != '9' && variant != 'a' && variant != 'b') {
        refuse("transaction id must use an RFC 4122 variant");
    }
}

}  // namespace kalam::devserver
