// Who may open a session: client certificate, static token, or Basic/Bearer credentials.
// Called by the handlers of OpenSession and Ping. Thread-safe: the configuration is constant, the list of failed
// logins has its own mutex.
#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "devserver/clock.h"

namespace kalam::devserver {

struct AuthConfig {
    std::optional<std::string> token;          // compared literally with the trimmed authorization header
    std::optional<std::string> root_password;  // of user root, for Basic
    bool require_client_cert = false;          // the certificate decides alone; headers are ignored
};

// What a call brought along.
struct Credentials {
    std::string authorization;               // empty: no header
    std::optional<std::string> common_name;  // of the verified client certificate
};

class Authenticator {
 public:
    Authenticator(AuthConfig config, const Clock &clock) : config_(std::move(config)), clock_(clock) {}

    // Returns when the caller is known; throws Unauthenticated or PermissionDenied otherwise. `where` is appended
    // to the text about a missing header (" on open_session", or nothing for Ping).
    void Check(const Credentials &credentials, std::string_view where);

 private:
    struct Failures {
        int count = 0;
        int64_t locked_until_ms = 0;
    };

    void CheckCertificate(const std::optional<std::string> &common_name) const;
    void CheckBasic(std::string_view header);
    void CheckPassword(const std::string &user, std::string_view password);

    const AuthConfig config_;
    const Clock &clock_;
    std::mutex mutex_;
    std::map<std::string, Failures> failures_;  // under mutex_
};

}  // namespace kalam::devserver
