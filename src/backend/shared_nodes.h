// What backends tell each other about the nodes of KalamDB clusters, through shared memory. Called by cluster_nodes.cc and
// leaders.cc. Holds addresses only, never credentials. Makes no call and does not decide who is asked.
#pragma once

#include <string_view>

#include "backend/cluster_nodes.h"
#include "backend/pg.h"
#include "shm/failed_nodes.h"

namespace kalam::backend {

// Whether some backend has learned lately (within 5 minutes) who belongs to the cluster of this configured node.
bool AreNodesShared(const Endpoint *configured);

// Whether what HearOfNodes adds was true lately.
bool IsHearsayFresh(const Endpoint *configured);

// Keeps others from asking too, for as long.
void NoteQuestion(const Endpoint *configured);

// Tells the others what this backend knows; also that the cluster has no other node.
void ShareNodes(const ClusterNodes *cluster);

// A node could not be reached, or has answered again. What is noted holds for all sessions (shm::FailedNodes).
void NoteFailedNode(const Endpoint *node);
void NoteAnsweringNode(const Endpoint *node);
shm::NodeAdvice AdviceOn(const Endpoint *node);

// Adds nodes that others have told of and this backend has not asked yet (ClusterNode::is_hearsay).
void HearOfNodes(ClusterNodes *cluster);

}  // namespace kalam::backend
