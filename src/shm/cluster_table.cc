// The table of known clusters (cluster_table.h).
#include "shm/cluster_table.h"

#include <algorithm>
#include <iterator>

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

size_t ClusterTable::Find(std::string_view address) const {
    const auto has_address = [&](const ClusterHead &head) { return address == head.address; };
    const auto found = std::find_if(heads_.begin(), heads_.end(), has_address);
    return address.empty() ? heads_.size() : static_cast<size_t>(found - heads_.begin());
}

int64_t ClusterTable::LearnedAtUs(std::string_view address) const {
    const Locked locked(lock_);
    const size_t i = Find(address);
    return i < heads_.size() ? heads_[i].learned_at_us : 0;
}

bool ClusterTable::Read(std::string_view address, ClusterInfo &info) const {
    const Locked locked(lock_);
    const size_t i = Find(address);
    if (i == heads_.size()) return false;
    info.head = heads_[i];
    std::copy(nodes_[i].begin(), nodes_[i].end(), info.nodes);
    return true;
}

size_t ClusterTable::PlaceFor(std::string_view address) {
    size_t i = Find(address);
    if (i == heads_.size()) {
        const auto is_older = [](const ClusterHead &a, const ClusterHead &b) {
            return a.learned_at_us < b.learned_at_us;
        };
        i = static_cast<size_t>(std::min_element(heads_.begin(), heads_.end(), is_older) - heads_.begin());
    }
    return i;
}

void ClusterTable::Touch(std::string_view address, int64_t now_us) {
    if (address.empty() || address.size() >= sizeof(ClusterHead::address)) return;
    const Locked locked(lock_);
    const size_t i = PlaceFor(address);
    if (address != heads_[i].address) {
        heads_[i] = {};
        address.copy(heads_[i].address, address.size());
        nodes_[i] = {};
    }
    heads_[i].learned_at_us = now_us;
}

void ClusterTable::Write(const ClusterInfo &info) {
    const Locked locked(lock_);
    const size_t i = PlaceFor(info.head.address);
    heads_[i] = info.head;
    std::copy(std::begin(info.nodes), std::end(info.nodes), nodes_[i].begin());
}

}  // namespace kalam::shm
