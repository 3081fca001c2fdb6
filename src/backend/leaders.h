// Which node of a KalamDB cluster a call goes to. Every group of data (all shared tables; the tables of one user) has
// a leader, and only that node reads the data and takes writes of transactions; the others refuse and name it.
// So the first call goes to the node that the foreign server's options name, a refusal tells where to go, and from
// then on this backend remembers it. Called by client.cc's callers through TryCall, by remote_xact.cc and writes.cc.
//
//   Route route = RouteOf(request);
//   AvoidFailed(&route, request);
//   for (;;) {
//       answer = TryCallOnce(AtNode(request, route.node));
//       if (answer.head.status.Ok() || !FindAnother(&route, request, answer)) return answer;
//   }
//
// What may be asked again elsewhere: whatever was certainly not done (refused by a node that does not lead, or no
// connection was made), which includes writes whose session could not be opened, and reads whose link broke. A write
// whose outcome is unknown never is.
//
// What is remembered lives in this backend, by the id of the configured endpoint: ALTER SERVER makes another id and so
// starts afresh.
#pragma once

#include "backend/client.h"
#include "backend/pg.h"
#include "backend/request.h"

extern "C" {
#include "datatype/timestamp.h"
}

namespace kalam::backend {

// The data of one leader, as one backend sees it: part of a server's id and of the request's table and user.
struct GroupKey {
    common::EndpointId configured;
    uint64_t group;
};

// One request's way through the cluster. A value; good to the end of the transaction.
struct Route {
    const Endpoint *node;  // to ask now
    GroupKey key;
    TimestampTz began;         // when the first attempt was made
    int hops = 0;              // to leaders that were named
    TimestampTz deadline = 0;  // of the search; 0: it has not begun
    bool is_trial = false;     // the first node has failed lately; this call sees whether it answers again
};

// Where the request goes first. Never raises over the network; asks nobody.
Route RouteOf(const Request &request);

// Before the first attempt: where sessions could not reach the node lately, another node of the cluster that answers. May
// ask one whether it is of the cluster.
void AvoidFailed(Route *route, const Request &request);

// The request, addressed to another node; shares the body.
Request AtNode(const Request &request, const Endpoint *node);

// After a failed answer of `route->node`: whether another attempt is worth it, at the new `route->node`. Asks for the
// cluster's addresses, and waits a little (interruptibly) while no leader is known, for 10 s in all; with the server's
// option timeout, to a second after that time from the first attempt on. False: the answer stands.
bool FindAnother(Route *route, const Request &request, const Answer &answer);

}  // namespace kalam::backend
