// What backends tell each other about the nodes of KalamDB clusters, through shared memory. Called by cluster_nodes.cc and
// leaders.cc. Holds addresses only, never credentials. Makes no call and does not decide who is asked.
#pragma once

#include <string_view>

#include "backend/cluster_nodes.h"
#include "backend/pg.h"

namespace kalam::backend {

// Whether some backend has learned lately (within 5 minutes) who belongs to the cluster of this configured node.
bool AreNodesShared(const Endpoint *configured);

// Keeps others from asking too, for as long.
void NoteQuestion(const Endpoint *configured);

// Tells the others what this backend knows; also that the cluster has no other node.
void ShareNodes(const ClusterNodes *cluster);

// Adds nodes that others have told of and this backend has not asked yet (ClusterNode::is_hearsay).
void HearOfNodes(ClusterNodes *cluster);

}  // namespace kalam::backend
