// What backends have learned about the KalamDB clusters they use, for those that come later: a session that starts while the
// node it is configured with is down must know another one. Written and read by backends (backend/shared_nodes), seldom. A
// spinlock guards the table, held for a copy of some kilobytes; no call that could fail or wait is made under it.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <string_view>

namespace kalam::shm {

inline constexpr int kKnownClusters = 16;

inline constexpr int kNodesBytes = 4096;

struct ClusterHead {
    char address[264] = {};     // host:port of the configured node, zero-terminated; empty: an unused entry
    int64_t learned_at_us = 0;  // or asked for in vain; monotonic clock
    int64_t told_at_us = 0;     // when the nodes were learned
};

struct ClusterInfo {
    ClusterHead head;
    char nodes[kNodesBytes] = {};  // zero-terminated; what the lines say is the backends' matter
};

class ClusterTable {
 public:
    // When something was learned last about the cluster of this node; 0: never. Cheap: every backend asks this.
    int64_t LearnedAtUs(std::string_view address) const;
    // Notes that somebody asks, or has asked in vain; what is known stays. An address too long to be kept is ignored.
    void Touch(std::string_view address, int64_t now_us);
    // A copy of what is known of the cluster of this node; false: nothing.
    bool Read(std::string_view address, ClusterInfo &info) const;
    // In the place of what was known of info.head.address; of a new one, in that of the cluster that was learned of first.
    void Write(const ClusterInfo &info);

 private:
    class Locked;
    // The entry of this node, or kKnownClusters. With the lock held.
    size_t Find(std::string_view address) const;
    size_t PlaceFor(std::string_view address);  // its own, or the oldest

    mutable std::atomic_flag lock_;
    std::array<ClusterHead, kKnownClusters> heads_;  // close together, so that a look touches few pages
    std::array<std::array<char, kNodesBytes>, kKnownClusters> nodes_{};
};

}  // namespace kalam::shm
