// The nodes of the KalamDB clusters that this backend has met, and which of them leads what. Called by leaders.cc, and by
// shared_nodes.cc for what other backends tell. Everything is in memory of the backend; LearnNodes and IsOfCluster make a call.
#pragma once

#include <string_view>

#include "backend/endpoint.h"
#include "backend/leaders.h"
#include "backend/pg.h"

namespace kalam::backend {

// How long a node is given to say who belongs to its cluster. It asks the others first and waits two seconds for one that is
// frozen. The question is ours, not the user's, so not for much longer.
inline constexpr uint32_t kAskMs = 3'000;

struct ClusterNode {
    const Endpoint *endpoint;  // as configured, but for host and port
    const char *api_addr;      // how refusals name it ("http://..."); null: not known
    TimestampTz failed_at;     // when it could not be reached last; 0: it has answered since
    bool is_hearsay;  // only another backend told of it, maybe long ago: not to be used before IsOfCluster
};

struct ClusterNodes {
    common::EndpointId configured;
    MemoryContext memory;
    List *nodes;  // of ClusterNode *; the first is the configured one
};

// Null: nothing was learned about the cluster of this endpoint.
ClusterNodes *FindCluster(const common::EndpointId &configured);
// The same; made, with the configured node alone, if need be.
ClusterNodes *GetCluster(const Endpoint *configured);

// Asks the node who belongs to its cluster, and tells other backends. What it does not say stays as it was, and everything if
// it does not answer within `limit_ms`.
void LearnNodes(ClusterNodes *cluster, const ClusterNode *asked, uint32_t limit_ms);

// A node that another backend has told of: "http://..." and host:port.
void TakeHearsay(ClusterNodes *cluster, std::string_view api_addr, std::string_view address);

// Asks a node of hearsay whether it counts the configured node among its own, since another server may be found at its address
// by now; if so, it and the nodes that it knows are hearsay no more.
bool IsOfCluster(ClusterNodes *cluster, ClusterNode *node, uint32_t limit_ms);

// Null if there is none.
ClusterNode *NodeByApiAddress(const ClusterNodes *cluster, std::string_view api_addr);
ClusterNode *NodeOf(const ClusterNodes *cluster, const Endpoint *endpoint);

// The first node after `after` (round the list; null: from the configured one on) that has not failed lately; null if
// there is none but `after`. Never one of hearsay; NextHearsay has those.
ClusterNode *NextAlive(const ClusterNodes *cluster, const ClusterNode *after);
ClusterNode *NextHearsay(const ClusterNodes *cluster);

bool HasFailedWithin(const ClusterNode *node, int ms);

// ---- leaders
const Endpoint *FindLeader(const GroupKey &key);  // null: not known
void RememberLeader(const GroupKey &key, const Endpoint *node);
void ForgetLeader(const GroupKey &key);

}  // namespace kalam::backend
