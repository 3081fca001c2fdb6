// The command line of kalam-devserver. Called by main and by tests. No state.
#pragma once

#include <string>
#include <vector>

#include "devserver/core.h"

namespace kalam::devserver {

struct TlsFiles {
    std::string cert, key, ca;  // paths of PEM files; empty cert: no TLS
    bool require_client_cert = false;
};

struct Options {
    std::string listen = "127.0.0.1:9188";
    CoreConfig core;
    TlsFiles tls;
    bool allow_faults = false;
    bool quiet = false;
    bool help = false;
};

// Throws std::invalid_argument with a text for the user.
Options ParseOptions(const std::vector<std::string> &arguments);

extern const char kUsage[];

}  // namespace kalam::devserver
