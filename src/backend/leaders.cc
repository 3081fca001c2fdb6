// Follows leaders (leaders.h). Called through TryCall by everything that makes a remote call. Raises on cancel and
// termination while it waits; otherwise a search that finds nothing ends with the last answer.
#include "backend/leaders.h"

#include <algorithm>
#include <array>

#include "backend/cluster_nodes.h"
#include "backend/latch_sleep.h"
#include "backend/shared_nodes.h"

extern "C" {
#include "common/hashfn.h"
#include "utils/timestamp.h"
}

namespace kalam::backend {

using common::Cause;
using common::Operation;
using common::Outcome;

namespace {

constexpr int kSearchMs = 10'000;  // a new leader is there some 2.5 s after the old one died
constexpr long kPauseMs = 100;
constexpr int kHopsWithoutPause = 2;
// A leader that could not be reached is not tried again in every round while others still name it.
constexpr int kProbeLeaderMs = 500;

// What the server runs as a query may still write (EXPLAIN ANALYZE), so only what reads by its nature is one.
bool IsRead(Operation operation) {
    return operation == Operation::kScan || operation == Operation::kLookup;
}

// ---- the group of a request

constexpr uint64_t kStatements = 0;  // SQL, and what has no table: any node will do, unless it refuses
constexpr uint64_t kSharedTables = 1;
constexpr uint64_t kFirstUser = 2;

bool HasTable(Operation operation) {
    return operation == Operation::kScan || operation == Operation::kLookup ||
           operation == Operation::kInsert || operation == Operation::kUpdate ||
           operation == Operation::kDelete;
}

uint64_t GroupOf(const Request &request) {
    if (!HasTable(request.head.operation)) return kStatements;
    if (request.head.table_type == common::TableType::kShared) return kSharedTables;
    common::BodyReader body({request.body.data, static_cast<size_t>(request.body.len)});
    (void)body.Field();  // namespace
    (void)body.Field();  // table
    const std::string_view user = body.Field();
    const uint64_t hash = hash_bytes_extended(reinterpret_cast<const unsigned char *>(user.data()),
                                              static_cast<int>(user.size()), 0);
    return Max(hash, kFirstUser);
}

// ---- what refusals say

bool Contains(std::string_view text, std::string_view part) {
    return text.find(part) != std::string_view::npos;
}

std::string_view TextOf(const Answer &answer) {
    return {answer.body, answer.body_bytes};
}

// The server checks this before it does anything.
constexpr std::array<std::string_view, 3> kRefusals = {
    "Not leader for ",
    "No leader known for group",
    "No leader available for Raft group",
};

bool IsRefusal(const Answer &answer) {
    if (answer.head.status.cause != Cause::kServer || answer.head.status.outcome == Outcome::kUnknown)
        return false;
    const std::string_view text = TextOf(answer);
    for (const std::string_view words : kRefusals) {
        if (Contains(text, words)) return true;
    }
    // It would have passed the write on, had the leader been there.
    return Contains(text, "error forwarding proposal") && Contains(text, "tcp connect error");
}

// The address in `Leader: Some("http://127.0.0.1:8181")` or `Leader: http://127.0.0.1:8181`; empty: it names none.
std::string_view LeaderAddress(std::string_view text) {
    const size_t word = text.find("Leader: ");
    const size_t start = word == text.npos ? text.npos : text.find("http", word);
    if (start == text.npos) return {};
    return text.substr(start, text.find_first_of("\" ),;\n", start) - start);
}

// Of several updates or deletes in autocommit, some may have been done before another was refused.
bool IsWhole(const Request &request) {
    const Operation operation = request.head.operation;
    const bool several =
        (operation == Operation::kUpdate || operation == Operation::kDelete) && request.head.item_count > 1;
    return !several || request.head.session == common::SessionUse::kTransaction;
}

// ---- the search

bool IsOver(Route *route, const Request &request) {
    const uint32_t timeout = request.endpoint->timeout_ms;
    const int limit = timeout == 0 ? kSearchMs : static_cast<int>(Min(timeout, uint32_t{kSearchMs}));
    const TimestampTz now = GetCurrentTimestamp();
    if (route->deadline == 0) route->deadline = TimestampTzPlusMilliseconds(now, limit);
    return now >= route->deadline;
}

// The node that the refusal names; null if it names none, or one that we have never heard of.
ClusterNode *NamedLeader(ClusterNodes *cluster, const ClusterNode *asked, std::string_view api_addr) {
    ClusterNode *leader = NodeByApiAddress(cluster, api_addr);
    if (leader != nullptr && !leader->is_hearsay && list_length(cluster->nodes) > 1) return leader;
    LearnNodes(cluster, asked);
    leader = NodeByApiAddress(cluster, api_addr);
    return leader != nullptr && !leader->is_hearsay ? leader : nullptr;
}

bool FollowRefusal(Route *route, const Request &request, const Answer &answer) {
    ClusterNodes *cluster = GetCluster(request.endpoint);
    ClusterNode *asked = NodeOf(cluster, route->node);
    if (asked == nullptr)
        return false;  // a transaction's node, of a cluster that has been forgotten meanwhile
    asked->failed_at = 0;
    if (IsOver(route, request)) return false;
    const ClusterNode *leader = NamedLeader(cluster, asked, LeaderAddress(TextOf(answer)));
    const bool may_go = leader != nullptr && leader != asked && !HasFailedWithin(leader, kProbeLeaderMs);
    if (!may_go) ForgetLeader(route->key);
    if (!may_go || route->hops >= kHopsWithoutPause) SleepOnLatch(kPauseMs);
    const ClusterNode *next = may_go ? leader : NextAlive(cluster, asked);
    if (next == nullptr) next = asked;
    if (may_go) {
        ++route->hops;
        RememberLeader(route->key, next->endpoint);
    }
    route->node = next->endpoint;
    return true;
}

// The node cannot be reached: another one of the cluster can at least say who leads now.
bool LeaveNode(Route *route, const Request &request) {
    ForgetLeader(route->key);
    ClusterNodes *cluster = GetCluster(request.endpoint);
    ClusterNode *failed = NodeOf(cluster, route->node);
    if (failed == nullptr) return false;
    failed->failed_at = GetCurrentTimestamp();
    while (!IsOver(route, request)) {
        ClusterNode *next = NextAlive(cluster, failed);
        if (next == nullptr) {
            HearOfNodes(cluster);
            next = NextHearsay(cluster);
            if (next == nullptr) return false;
            if (!IsOfCluster(cluster, next)) {
                next->failed_at = GetCurrentTimestamp();
                continue;
            }
        }
        route->node = next->endpoint;
        return true;
    }
    return false;
}

// The servers of which somebody has been asked for its nodes, as far as this backend knows; the last few.
constexpr size_t kMet = 8;
std::array<common::EndpointId, kMet> met;
size_t next_met = 0;

bool HasMet(const common::EndpointId &id) {
    return std::find(met.begin(), met.end(), id) != met.end();
}

// After a good answer: sees to it that somebody knows the other nodes by the time this one fails. Only after reads and queries
// outside of remote transactions: who cancels the question must not lose a write by it.
void MeetCluster(const Request &request, const Endpoint *node) {
    const Operation operation = request.head.operation;
    if (request.head.session == common::SessionUse::kTransaction || HasMet(request.endpoint->id)) return;
    if (!IsRead(operation) && operation != Operation::kExecuteQuery) return;
    met[next_met++ % kMet] = request.endpoint->id;
    if (AreNodesShared(request.endpoint)) return;
    ClusterNodes *cluster = GetCluster(request.endpoint);
    const ClusterNode *asked = NodeOf(cluster, node);
    if (asked == nullptr) return;
    NoteQuestion(request.endpoint);  // before, since the question may be cancelled or refused
    LearnNodes(cluster, asked);
}

}  // namespace

Route RouteOf(const Request &request) {
    Route route{.node = request.endpoint,
                .key = {.configured = request.endpoint->id, .group = GroupOf(request)}};
    const ClusterNodes *cluster = FindCluster(request.endpoint->id);
    if (cluster == nullptr) return route;
    const Endpoint *leader = FindLeader(route.key);
    if (leader != nullptr) {
        route.node = leader;
        return route;
    }
    const ClusterNode *node = NextAlive(cluster, nullptr);
    if (node != nullptr) route.node = node->endpoint;
    return route;
}

Request AtNode(const Request &request, const Endpoint *node) {
    Request moved = request;
    moved.endpoint = node;
    moved.head.endpoint = node->id;
    return moved;
}

bool FindAnother(Route *route, const Request &request, const Answer &answer) {
    if (IsRefusal(answer)) return IsWhole(request) && FollowRefusal(route, request, answer);
    const common::Status status = answer.head.status;
    if (status.outcome == Outcome::kUnknown) return false;
    const bool lost_read = status.cause == Cause::kTransport && IsRead(request.head.operation);
    if (status.cause != Cause::kConnect && !lost_read) return false;
    return IsWhole(request) && LeaveNode(route, request);
}

Answer TryCall(const Request &request) {
    Route route = RouteOf(request);
    for (;;) {
        const Answer answer = TryCallOnce(AtNode(request, route.node));
        if (answer.head.status.Ok()) MeetCluster(request, route.node);
        if (answer.head.status.Ok() || !FindAnother(&route, request, answer)) return answer;
        pfree(answer.body);
    }
}

}  // namespace kalam::backend
