// Reads the command line of kalam-devserver into Options; the usage text lives here.
#include "devserver/options.h"

#include <charconv>
#include <functional>
#include <map>
#include <stdexcept>

namespace kalam::devserver {

const char kUsage[] =
    R"(kalam-devserver: answers like KalamDB 0.4.2, for development and tests.

  --listen HOST:PORT       where to listen (127.0.0.1:9188); port 0 takes a free one
  --api-address URL        the HTTP address that system.cluster shows (http://127.0.0.1:8080)
  --data FILE|:memory:     where the data is kept (:memory:)
  --token TEXT             the authorization header that may open sessions, literally: 'Bearer test-token'
  --root-password TEXT     lets user root open sessions with Basic credentials
  --hot-row-cap N          rows a scan that is no lookup by key reads from hot storage (100000)
  --tx-timeout SECONDS     idle time after which a transaction is aborted (300)
  --tx-buffer-bytes N      bytes of staged writes after which a transaction is aborted (104857600)
  --tls-cert FILE --tls-key FILE   listen with TLS
  --tls-ca FILE            the authority of client certificates
  --require-client-cert    only clients with a certificate named kalamdb-pg-<name> may open sessions
  --allow-faults           serve kalam.faults.FaultService, which tests use to break calls
  --quiet                  print nothing but errors
  --help
)";

namespace {

int64_t ParseNumber(const std::string &name, const std::string &text) {
    int64_t number = 0;
    const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || stop != text.data() + text.size() || number <= 0) {
        throw std::invalid_argument(name + " needs a positive number, not '" + text + "'");
    }
    return number;
}

void CheckTogether(const Options &options) {
    if (options.tls.cert.empty() != options.tls.key.empty()) {
        throw std::invalid_argument("--tls-cert and --tls-key belong together");
    }
    if (options.tls.require_client_cert && (options.tls.ca.empty() || options.tls.cert.empty())) {
        throw std::invalid_argument("--require-client-cert needs --tls-cert, --tls-key and --tls-ca");
    }
}

}  // namespace

Options ParseOptions(const std::vector<std::string> &arguments) {
    Options options;
    const std::map<std::string, std::function<void(const std::string &)>> with_value = {
        {"--listen", [&](const std::string &v) { options.listen = v; }},
        {"--data", [&](const std::string &v) { options.core.data_path = v; }},
        {"--api-address", [&](const std::string &v) { options.core.api_address = v; }},
        {"--token", [&](const std::string &v) { options.core.auth.token = v; }},
        {"--root-password", [&](const std::string &v) { options.core.auth.root_password = v; }},
        {"--hot-row-cap",
         [&](const std::string &v) {
             options.core.hot_row_cap = static_cast<size_t>(ParseNumber("--hot-row-cap", v));
         }},
        {"--tx-timeout",
         [&](const std::string &v) {
             options.core.transactions.timeout_ms = ParseNumber("--tx-timeout", v) * 1000;
         }},
        {"--tx-buffer-bytes",
         [&](const std::string &v) {
             options.core.transactions.max_buffer_bytes =
                 static_cast<size_t>(ParseNumber("--tx-buffer-bytes", v));
         }},
        {"--tls-cert", [&](const std::string &v) { options.tls.cert = v; }},
        {"--tls-key", [&](const std::string &v) { options.tls.key = v; }},
        {"--tls-ca", [&](const std::string &v) { options.tls.ca = v; }},
    };
    const std::map<std::string, bool *> flags = {
        {"--require-client-cert", &options.tls.require_client_cert},
        {"--allow-faults", &options.allow_faults},
        {"--quiet", &options.quiet},
        {"--help", &options.help},
    };
    for (size_t i = 0; i < arguments.size(); ++i) {
        const std::string &name = arguments[i];
        if (const auto flag = flags.find(name); flag != flags.end()) {
            *flag->second = true;
            continue;
        }
        const auto option = with_value.find(name);
        if (option == with_value.end()) throw std::invalid_argument("unknown option '" + name + "'");
        if (i + 1 == arguments.size()) throw std::invalid_argument(name + " needs a value");
        option->second(arguments[++i]);
    }
    CheckTogether(options);
    options.core.auth.require_client_cert = options.tls.require_client_cert;
    return options;
}

}  // namespace kalam::devserver
