// Whether this server leads the data groups, or only pretends to follow another node, as tests ask.
// Written by the control service, read by the service and the SQL tables. Thread-safe: one mutex.
#pragma once

#include <mutex>
#include <string>

#include "devserver/sql/statement.h"

namespace kalam::devserver::faults {

class Leadership {
 public:
    struct Other {
        std::string api_addr, rpc_addr;  // of the node that leads; empty: this one leads everything
        bool shared_group = false, user_groups = false;
    };

    void Set(Other other);
    Other Get() const;
    // The HTTP address of the leader of the tables of this kind; empty: this server.
    std::string ElsewhereFor(sql::TableKind kind) const;

 private:
    mutable std::mutex mutex_;
    Other other_;  // under mutex_
};

}  // namespace kalam::devserver::faults
