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
constexpr int kGraceMs = 1'000;
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

// The server checks this before it does anything - but for DROP TABLE at a node that does not lead the metadata: that one
// drops, cannot note what is left to clean up, and so refuses. Elsewhere the table is not found then.
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

// How much of the search is left, 0: it is over. A call that has used the time limit up gets a little more, since
// another node may answer at once.
uint32_t LeftMs(Route *route, const Request &request) {
    const uint32_t timeout = request.endpoint->timeout_ms;
    const TimestampTz now = GetCurrentTimestamp();
    if (route->deadline == 0) {
        route->deadline = TimestampTzPlusMilliseconds(now, kSearchMs);
        const TimestampTz limit = TimestampTzPlusMilliseconds(route->began, int64_t{timeout} + kGraceMs);
        if (timeout != 0) route->deadline = Min(route->deadline, limit);
    }
    return static_cast<uint32_t>(TimestampDifferenceMilliseconds(now, route->deadline));
}

bool IsOver(Route *route, const Request &request) {
    return LeftMs(route, request) == 0;
}

// For a question about the cluster; at least a moment, since 0 would be without limit.
uint32_t AskMs(Route *route, const Request &request) {
    return Max(Min(LeftMs(route, request), kAskMs), uint32_t{1});
}

// The node that the refusal names; null if it names none, or none that we know. Who refuses says that it belongs to the
// cluster; where it is may be hearsay, if that is new and it was not looked for there in vain.
ClusterNode *NamedLeader(Route *route, const Request &request, const ClusterNode *asked,
                         std::string_view api_addr) {
    ClusterNodes *cluster = GetCluster(request.endpoint);
    if (NodeByApiAddress(cluster, api_addr) == nullptr) HearOfNodes(cluster);
    ClusterNode *leader = NodeByApiAddress(cluster, api_addr);
    if (leader != nullptr && list_length(cluster->nodes) > 1) {
        if (!leader->is_hearsay || (leader->failed_at == 0 && IsHearsayFresh(request.endpoint)))
            return leader;
    }
    LearnNodes(cluster, asked, AskMs(route, request));
    leader = NodeByApiAddress(cluster, api_addr);
    if (leader == nullptr || !leader->is_hearsay) return leader;
    return IsOfCluster(cluster, leader, AskMs(route, request)) ? leader : nullptr;
}

// Another node of the cluster that may answer, one that was only heard of once it has been asked. Null: there is none,
// or no time left.
ClusterNode *OtherNode(Route *route, const Request &request, ClusterNodes *cluster,
                       const ClusterNode *after) {
    ClusterNode *next = NextAlive(cluster, after);
    if (next != nullptr) return next;
    HearOfNodes(cluster);
    while (!IsOver(route, request) && (next = NextHearsay(cluster)) != nullptr) {
        if (IsOfCluster(cluster, next, AskMs(route, request))) return next;
        next->failed_at = GetCurrentTimestamp();
    }
    return nullptr;
}

bool FollowRefusal(Route *route, const Request &request, const Answer &answer) {
    ClusterNodes *cluster = GetCluster(request.endpoint);
    ClusterNode *asked = NodeOf(cluster, route->node);
    if (asked == nullptr)
        return false;  // a transaction's node, of a cluster that has been forgotten meanwhile
    asked->failed_at = 0;
    if (IsOver(route, request)) return false;
    const bool is_member = !asked->is_hearsay || IsOfCluster(cluster, asked, AskMs(route, request));
    const ClusterNode *leader =
        is_member ? NamedLeader(route, request, asked, LeaderAddress(TextOf(answer))) : nullptr;
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
    if (IsOver(route, request)) return false;
    const ClusterNode *next = OtherNode(route, request, cluster, failed);
    if (list_length(cluster->nodes) > 1) NoteFailedNode(failed->endpoint);
    if (next == nullptr) return false;
    route->node = next->endpoint;
    return true;
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
    const uint32_t timeout = request.endpoint->timeout_ms;
    LearnNodes(cluster, asked, timeout == 0 ? kAskMs : Min(timeout, kAskMs));
}

}  // namespace

Route RouteOf(const Request &request) {
    Route route{.node = request.endpoint,
                .key = {.configured = request.endpoint->id, .group = GroupOf(request)},
                .began = GetCurrentTimestamp()};
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

void AvoidFailed(Route *route, const Request &request) {
    const shm::NodeAdvice advice = AdviceOn(route->node);
    route->is_trial = advice == shm::NodeAdvice::kTry;
    if (advice != shm::NodeAdvice::kAvoid) return;
    ClusterNodes *cluster = GetCluster(request.endpoint);
    const ClusterNode *avoided = NodeOf(cluster, route->node);
    const ClusterNode *next = OtherNode(route, request, cluster, avoided);
    route->deadline = 0;
    if (next == nullptr) return;
    ForgetLeader(route->key);
    route->node = next->endpoint;
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
    // A write that is known not to be done did not get beyond the opening of its session. Of a query that is not known.
    const bool is_certain =
        HasTable(request.head.operation) || request.head.operation == Operation::kExecuteSql;
    const bool is_lost = status.cause == Cause::kTransport && is_certain;
    if (status.cause != Cause::kConnect && !is_lost) return false;
    return IsWhole(request) && LeaveNode(route, request);
}

Answer TryCall(const Request &request) {
    Route route = RouteOf(request);
    AvoidFailed(&route, request);
    for (;;) {
        const Endpoint *node = route.node;
        const Answer answer = TryCallOnce(AtNode(request, node));
        if (answer.head.status.Ok()) {
            if (route.is_trial) NoteAnsweringNode(node);
            MeetCluster(request, node);
        }
        if (answer.head.status.Ok() || !FindAnother(&route, request, answer)) return answer;
        pfree(answer.body);
    }
}

}  // namespace kalam::backend
