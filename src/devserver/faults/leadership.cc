// Keeps which node leads the data groups; see leadership.h.
#include "devserver/faults/leadership.h"

#include <utility>

namespace kalam::devserver::faults {

void Leadership::Set(Other other) {
    const std::lock_guard lock(mutex_);
    other_ = std::move(other);
}

Leadership::Other Leadership::Get() const {
    const std::lock_guard lock(mutex_);
    return other_;
}

std::string Leadership::ElsewhereFor(sql::TableKind kind) const {
    const std::lock_guard lock(mutex_);
    const bool elsewhere = kind == sql::TableKind::kShared ? other_.shared_group : other_.user_groups;
    return elsewhere ? other_.api_addr : std::string();
}

}  // namespace kalam::devserver::faults
