// Checks client certificates, tokens and Basic credentials, with KalamDB's refusals; see auth.h.
#include "devserver/session/auth.h"

#include <algorithm>

#include "devserver/error.h"

namespace kalam::devserver {

namespace {

constexpr int kMaxFailures = 5;
constexpr int64_t kLockMs = 15 * 60 * 1000;
constexpr std::string_view kBase64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

std::string_view Trim(std::string_view text) {
    const size_t first = text.find_first_not_of(" \t\r\n");
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

[[noreturn]] void Refuse(const std::string &why) {
    Throw(Code::kUnauthenticated, "authentication failed: " + why);
}

[[noreturn]] void RefuseHeader(const std::string &why) {
    Refuse("Malformed authorization header: " + why);
}

std::string DecodeBase64(std::string_view text) {
    std::string out;
    uint32_t bits = 0;
    int count = 0;
    while (text.ends_with('=')) text.remove_suffix(1);
    for (size_t i = 0; i < text.size(); ++i) {
        const size_t digit = kBase64.find(text[i]);
        if (digit == std::string_view::npos) {
            RefuseHeader("Invalid base64 encoding: Invalid symbol " + std::to_string(int(text[i])) +
                         ", offset " + std::to_string(i) + ".");
        }
        bits = (bits << 6) | static_cast<uint32_t>(digit);
        count += 6;
        if (count >= 8) {
            count -= 8;
            out += static_cast<char>((bits >> count) & 0xff);
        }
    }
    return out;
}

bool StartsWithNoCase(std::string_view text, std::string_view lower_prefix) {
    if (text.size() < lower_prefix.size()) return false;
    for (size_t i = 0; i < lower_prefix.size(); ++i) {
        const char c = text[i];
        if ((c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c) != lower_prefix[i]) return false;
    }
    return true;
}

void RefuseBearer(std::string_view token) {
    if (token.empty()) RefuseHeader("Bearer token missing");
    const bool has_three_parts = std::count(token.begin(), token.end(), '.') == 2;
    if (has_three_parts) Refuse("Invalid token signature");
    RefuseHeader("JWT validation failed: Invalid JWT header: InvalidToken");
}

}  // namespace

void Authenticator::Check(const Credentials &credentials, std::string_view where) {
    if (config_.require_client_cert) return CheckCertificate(credentials.common_name);
    const std::string_view header = Trim(credentials.authorization);
    if (config_.token && header == *config_.token) return;
    if (header.empty()) {
        Throw(Code::kUnauthenticated, "missing authorization header" + std::string(where));
    }
    if (StartsWithNoCase(header, "basic ")) return CheckBasic(header);
    if (header.starts_with("Bearer ") || header == "Bearer") {
        RefuseBearer(Trim(header.substr(6)));
        return;
    }
    RefuseHeader("Authorization header must start with 'Basic ' or 'Bearer '");
}

void Authenticator::CheckCertificate(const std::optional<std::string> &common_name) const {
    constexpr std::string_view kPg = "kalamdb-pg-", kNode = "kalamdb-node-";
    if (!common_name) Throw(Code::kUnauthenticated, "Missing peer TLS certificate");
    const std::string &name = *common_name;
    if (name.starts_with(kPg)) {
        if (name.size() > kPg.size()) return;
        Throw(Code::kPermissionDenied, "PG extension CN has empty name suffix");
    }
    if (name.starts_with(kNode)) {
        if (name.size() == kNode.size())
            Throw(Code::kPermissionDenied, "Cluster node CN has empty id suffix");
        Throw(Code::kPermissionDenied, "Cluster node '" + name + "' is not a valid PG extension identity");
    }
    Throw(Code::kPermissionDenied,
          "Unrecognised peer CN '" + name + "': expected 'kalamdb-pg-{name}' or 'kalamdb-node-{id}'");
}

void Authenticator::CheckBasic(std::string_view header) {
    if (!header.starts_with("Basic ")) {
        RefuseHeader("Authorization header must start with 'Basic ' or 'Bearer '");
    }
    const std::string pair = DecodeBase64(Trim(header.substr(6)));
    const size_t colon = pair.find(':');
    if (colon == std::string::npos) RefuseHeader("Credentials must be in format 'user:password'");
    CheckPassword(pair.substr(0, colon), std::string_view(pair).substr(colon + 1));
}

void Authenticator::CheckPassword(const std::string &user, std::string_view password) {
    const std::lock_guard lock(mutex_);
    Failures &failures = failures_[user];
    const int64_t now = clock_.UnixMillis();
    if (failures.locked_until_ms > now) {
        const int64_t minutes = (failures.locked_until_ms - now + 59999) / 60000;
        Refuse("Account locked until " + std::to_string(minutes) +
               " minute(s). Too many failed login attempts.");
    }
    if (user == "root" && config_.root_password && password == *config_.root_password) {
        failures_.erase(user);
        return;
    }
    if (user == "root" && !config_.root_password && password.empty()) {
        Refuse(
            "Server requires initial setup: Server requires initial setup. Root password is not "
            "configured.");
    }
    if (++failures.count >= kMaxFailures) failures = {0, now + kLockMs};
    Refuse("Invalid credentials: Invalid credentials");
}

}  // namespace kalam::devserver
