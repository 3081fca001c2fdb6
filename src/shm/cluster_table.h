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

struct ClusterInfo {
    char address[264] = {};     // host:port of the configured node, zero-terminated; empty: an unused entry
    int64_t learned_at_us = 0;  // monotonic clock
    char nodes[3824] = {};      // zero-terminated; what the lines say is the backends' matter
};

class ClusterTable {
 public:
    // A copy of what is known of the cluster of this node; false: nothing.
    bool Read(std::string_view address, ClusterInfo &info) const;
    // In the place of what was known of info.address; of a new one, in that of the cluster that was learned of first.
    void Write(const ClusterInfo &info);

 private:
    class Locked;
    mutable std::atomic_flag lock_;
    std::array<ClusterInfo, kKnownClusters> entries_;
};

}  // namespace kalam::shm
