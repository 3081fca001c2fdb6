// The server without its network: what every handler works on, in the order of their construction.
// Made once by main (or a test); all members are thread-safe.
#pragma once

#include <cstddef>
#include <string>

#include "devserver/clock.h"
#include "devserver/faults/leadership.h"
#include "devserver/session/auth.h"
#include "devserver/session/registry.h"
#include "devserver/store/database.h"
#include "devserver/tx/coordinator.h"

namespace kalam::devserver {

struct CoreConfig {
    std::string data_path = ":memory:";
    AuthConfig auth;
    TxLimits transactions;
    size_t hot_row_cap = 100'000;
    // As system.cluster shows them.
    std::string rpc_address = "127.0.0.1:0";
    std::string api_address = "http://127.0.0.1:8080";
};

struct Core {
    // Opens the data file. Throws std::runtime_error.
    Core(CoreConfig c, Clock &time)
        : config(std::move(c)),
          clock(time),
          db(config.data_path, time),
          sessions(time),
          authenticator(config.auth, time),
          transactions(db, config.transactions) {}

    const CoreConfig config;
    Clock &clock;
    Database db;
    SessionRegistry sessions;
    Authenticator authenticator;
    TransactionCoordinator transactions;
    faults::Leadership leadership;
};

}  // namespace kalam::devserver
