// The table of known clusters (cluster_table.h).
#include "shm/cluster_table.h"

#include <algorithm>

namespace kalam::shm {

// Holds the spinlock while it lives. Acquire and release: the entries are seen as the last holder left them.
class ClusterTable::Locked {
 public:
    explicit Locked(std::atomic_flag &lock) : lock_(lock) {
        while (lock_.test_and_set(std::memory_order_acquire)) {
            while (lock_.test(std::memory_order_relaxed)) {
            }
        }
    }
    ~Locked() { lock_.clear(std::memory_order_release); }
    Locked(const Locked &) = delete;
    Locked &operator=(const Locked &) = delete;

 private:
    std::atomic_flag &lock_;
};

bool ClusterTable::Read(std::string_view address, ClusterInfo &info) const {
    const Locked locked(lock_);
    const auto found = std::find_if(entries_.begin(), entries_.end(),
                                    [&](const ClusterInfo &e) { return address == e.address; });
    if (address.empty() || found == entries_.end()) return false;
    info = *found;
    return true;
}

void ClusterTable::Write(const ClusterInfo &info) {
    const std::string_view address(info.address);
    const Locked locked(lock_);
    auto place = std::find_if(entries_.begin(), entries_.end(),
                              [&](const ClusterInfo &e) { return address == e.address; });
    if (place == entries_.end()) {
        place = std::min_element(
            entries_.begin(), entries_.end(),
            [](const ClusterInfo &a, const ClusterInfo &b) { return a.learned_at_us < b.learned_at_us; });
    }
    *place = info;
}

}  // namespace kalam::shm
