// Printed names of the small enumerations. See statement.h.
#include "devserver/sql/statement.h"

namespace kalam::devserver::sql {

const char *LowerName(TableKind kind) {
    static constexpr const char *kNames[] = {"user", "shared", "stream", "system"};
    return kNames[static_cast<int>(kind)];
}

const char *DebugName(AccessLevel level) {
    static constexpr const char *kNames[] = {"Public", "Private", "Restricted", "Dba"};
    return kNames[static_cast<int>(level)];
}

}  // namespace kalam::devserver::sql
