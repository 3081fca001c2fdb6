// Keeps nodes and leaders (cluster_nodes.h). Few clusters and nodes, so lists; many users, so a hash table of leaders,
// which starts afresh when it is full.
#include "backend/cluster_nodes.h"

#include "backend/catalog/retire.h"
#include "backend/ddl/remote_rows.h"
#include "backend/shared_nodes.h"

extern "C" {
#include "utils/hsearch.h"
#include "utils/timestamp.h"
}

namespace kalam::backend {

namespace {

constexpr int kMaxClusters = 8;
constexpr int kMaxNodes = 64;
constexpr long kMaxLeaders = 4096;
// A node that could not be reached comes last for so long.
constexpr int kAvoidMs = 10'000;

List *clusters = NIL;  // of ClusterNodes *, in TopMemoryContext; the oldest first

struct LeaderEntry {
    GroupKey key;
    const Endpoint *node;
};
HTAB *leaders = nullptr;

HTAB *Leaders() {
    if (leaders != nullptr && hash_get_num_entries(leaders) >= kMaxLeaders) {
        hash_destroy(leaders);
        leaders = nullptr;
    }
    if (leaders == nullptr) {
        HASHCTL control = {};
        control.keysize = sizeof(GroupKey);
        control.entrysize = sizeof(LeaderEntry);
        control.hcxt = TopMemoryContext;
        leaders = hash_create("pg_kalam leaders", 16, &control, HASH_ELEM | HASH_BLOBS | HASH_CONTEXT);
    }
    return leaders;
}

void ForgetLeadersOf(const common::EndpointId &configured) {
    if (leaders == nullptr) return;
    HASH_SEQ_STATUS scan;
    hash_seq_init(&scan, leaders);
    while (auto *entry = static_cast<LeaderEntry *>(hash_seq_search(&scan))) {
        if (entry->key.configured == configured)
            (void)hash_search(leaders, &entry->key, HASH_REMOVE, nullptr);
    }
}

// Its endpoints may be in use to the end of the transaction.
void ForgetOldestCluster() {
    auto *oldest = static_cast<ClusterNodes *>(linitial(clusters));
    ForgetLeadersOf(oldest->configured);
    clusters = list_delete_first(clusters);
    catalog::RetireContext(oldest->memory);
}

ClusterNode *AddNode(ClusterNodes *cluster, const Endpoint *endpoint) {
    auto *node = static_cast<ClusterNode *>(palloc0(sizeof(ClusterNode)));
    node->endpoint = endpoint;
    cluster->nodes = lappend(cluster->nodes, node);
    return node;
}

bool SameText(const char *a, std::string_view b) {
    return a != nullptr && b == a;
}

// host:port, [v6]:port, either after a scheme. False: it is something else.
bool ParseAddress(const char *text, std::string_view *host, uint16_t *port) {
    std::string_view address(text);
    const size_t scheme = address.find("://");
    if (scheme != address.npos) address.remove_prefix(scheme + 3);
    const size_t colon = address.rfind(':');
    if (colon == address.npos || colon == 0) return false;
    const int number = atoi(address.data() + colon + 1);
    *host = address.substr(0, colon);
    if (host->front() == '[' && host->back() == ']') *host = host->substr(1, host->size() - 2);
    *port = static_cast<uint16_t>(number);
    return number > 0 && number <= UINT16_MAX && !host->empty();
}

ClusterNode *NodeAt(const ClusterNodes *cluster, std::string_view host, uint16_t port) {
    ListCell *cell;
    foreach (cell, cluster->nodes) {
        auto *node = static_cast<ClusterNode *>(lfirst(cell));
        if (node->endpoint->config.host == host && node->endpoint->config.port == port) return node;
    }
    return nullptr;
}

ClusterNode *Configured(const ClusterNodes *cluster) {
    return static_cast<ClusterNode *>(linitial(cluster->nodes));
}

// Names `node`; one that is not known yet (null) is added at the address. Null: there is no room for it.
ClusterNode *PutNode(ClusterNodes *cluster, ClusterNode *node, std::string_view host, uint16_t port,
                     std::string_view api_addr) {
    if (node == nullptr && list_length(cluster->nodes) >= kMaxNodes) return nullptr;
    const MemoryContext caller = MemoryContextSwitchTo(cluster->memory);
    if (node == nullptr) node = AddNode(cluster, CopyEndpointTo(Configured(cluster)->endpoint, host, port));
    node->api_addr = pnstrdup(api_addr.data(), api_addr.size());
    MemoryContextSwitchTo(caller);
    return node;
}

struct NodeRow {
    const char *rpc_addr, *api_addr;
    bool is_asked;
};

// What a node of the cluster, `asked`, says of a node.
void TakeNode(ClusterNodes *cluster, ClusterNode *asked, const NodeRow &row) {
    std::string_view host;
    uint16_t port = 0;
    if (row.api_addr == nullptr || row.rpc_addr == nullptr) return;
    // Where the asked node is, we know; it may see itself elsewhere.
    if (!row.is_asked && !ParseAddress(row.rpc_addr, &host, &port)) return;
    ClusterNode *node = row.is_asked ? asked : NodeAt(cluster, host, port);
    ClusterNode *namesake = NodeByApiAddress(cluster, row.api_addr);
    // The configured one is where the options say, whatever others call its address.
    if (namesake != nullptr && namesake == Configured(cluster)) return;
    if (node == nullptr || node != namesake) {
        node = PutNode(cluster, node, host, port, row.api_addr);
        if (node == nullptr) return;
        if (namesake != nullptr) namesake->api_addr = nullptr;  // it has moved
    }
    node->is_hearsay = false;
}

void TakeNodes(ClusterNodes *cluster, ClusterNode *asked, const ddl::RemoteRows &rows) {
    ListCell *cell;
    foreach (cell, rows.rows) {
        auto **cells = static_cast<const char **>(lfirst(cell));
        const bool is_asked = cells[2] != nullptr && cells[2][0] == 't';
        TakeNode(cluster, asked, {.rpc_addr = cells[0], .api_addr = cells[1], .is_asked = is_asked});
    }
}

// rpc_addr, api_addr and whether it is the node itself; no rows if it does not answer.
ddl::RemoteRows AskForNodes(const ClusterNode *node, uint32_t limit_ms) {
    static constexpr char kSql[] = "SELECT rpc_addr, api_addr, is_self FROM system.cluster LIMIT 100";
    Request request = Request::Sql(node->endpoint, common::Operation::kExecuteQuery, kSql);
    request.head.timeout_ms = limit_ms;
    const Answer answer = TryCallOnce(request);
    if (!answer.head.status.Ok()) return {.column_count = 0, .rows = NIL};
    ddl::RemoteRows rows = ddl::ReadRows(answer);
    if (rows.column_count != 3) rows.rows = NIL;
    return rows;
}

}  // namespace

ClusterNodes *FindCluster(const common::EndpointId &configured) {
    ListCell *cell;
    foreach (cell, clusters) {
        auto *cluster = static_cast<ClusterNodes *>(lfirst(cell));
        if (cluster->configured == configured) return cluster;
    }
    return nullptr;
}

ClusterNodes *GetCluster(const Endpoint *configured) {
    ClusterNodes *known = FindCluster(configured->id);
    if (known != nullptr) return known;
    if (list_length(clusters) >= kMaxClusters) ForgetOldestCluster();
    MemoryContext memory = AllocSetContextCreate(TopMemoryContext, "pg_kalam cluster", ALLOCSET_SMALL_SIZES);
    const MemoryContext caller = MemoryContextSwitchTo(memory);
    auto *cluster = static_cast<ClusterNodes *>(palloc0(sizeof(ClusterNodes)));
    cluster->configured = configured->id;
    cluster->memory = memory;
    (void)AddNode(cluster, CopyEndpoint(configured));
    MemoryContextSwitchTo(TopMemoryContext);
    clusters = lappend(clusters, cluster);
    MemoryContextSwitchTo(caller);
    return cluster;
}

void LearnNodes(ClusterNodes *cluster, const ClusterNode *asked, uint32_t limit_ms) {
    const ddl::RemoteRows rows = AskForNodes(asked, limit_ms);
    if (rows.rows == NIL) return;
    TakeNodes(cluster, const_cast<ClusterNode *>(asked), rows);
    ShareNodes(cluster);
}

void TakeHearsay(ClusterNodes *cluster, std::string_view api_addr, std::string_view address) {
    ClusterNode *first = Configured(cluster);
    const bool is_first = address == first->endpoint->address;
    const char *text = pnstrdup(address.data(), address.size());
    std::string_view host;
    uint16_t port = 0;
    if (NodeByApiAddress(cluster, api_addr) != nullptr || !ParseAddress(text, &host, &port)) return;
    if (is_first ? first->api_addr != nullptr : NodeAt(cluster, host, port) != nullptr) return;
    ClusterNode *node = PutNode(cluster, is_first ? first : nullptr, host, port, api_addr);
    if (node != nullptr) node->is_hearsay = !is_first;
}

bool IsOfCluster(ClusterNodes *cluster, ClusterNode *node, uint32_t limit_ms) {
    const ddl::RemoteRows rows = AskForNodes(node, limit_ms);
    ListCell *cell;
    foreach (cell, rows.rows) {
        const char *api_addr = static_cast<const char **>(lfirst(cell))[1];
        if (api_addr == nullptr || !SameText(Configured(cluster)->api_addr, api_addr)) continue;
        TakeNodes(cluster, node, rows);
        node->is_hearsay = false;
        return true;
    }
    return false;
}

ClusterNode *NodeByApiAddress(const ClusterNodes *cluster, std::string_view api_addr) {
    ListCell *cell;
    foreach (cell, cluster->nodes) {
        auto *node = static_cast<ClusterNode *>(lfirst(cell));
        if (SameText(node->api_addr, api_addr)) return node;
    }
    return nullptr;
}

ClusterNode *NodeOf(const ClusterNodes *cluster, const Endpoint *endpoint) {
    ListCell *cell;
    foreach (cell, cluster->nodes) {
        auto *node = static_cast<ClusterNode *>(lfirst(cell));
        if (node->endpoint->id == endpoint->id) return node;
    }
    return nullptr;
}

ClusterNode *NextAlive(const ClusterNodes *cluster, const ClusterNode *after) {
    const int count = list_length(cluster->nodes);
    int place = 0;
    for (int i = 0; i < count; ++i) {
        if (list_nth(cluster->nodes, i) == after) place = i + 1;
    }
    for (int i = 0; i < count; ++i) {
        auto *node = static_cast<ClusterNode *>(list_nth(cluster->nodes, (place + i) % count));
        if (node != after && !node->is_hearsay && !HasFailedWithin(node, kAvoidMs)) return node;
    }
    return nullptr;
}

ClusterNode *NextHearsay(const ClusterNodes *cluster) {
    ListCell *cell;
    foreach (cell, cluster->nodes) {
        auto *node = static_cast<ClusterNode *>(lfirst(cell));
        if (node->is_hearsay && !HasFailedWithin(node, kAvoidMs)) return node;
    }
    return nullptr;
}

bool HasFailedWithin(const ClusterNode *node, int ms) {
    return node->failed_at != 0 && !TimestampDifferenceExceeds(node->failed_at, GetCurrentTimestamp(), ms);
}

const Endpoint *FindLeader(const GroupKey &key) {
    if (leaders == nullptr) return nullptr;
    const auto *entry = static_cast<LeaderEntry *>(hash_search(leaders, &key, HASH_FIND, nullptr));
    return entry != nullptr ? entry->node : nullptr;
}

void RememberLeader(const GroupKey &key, const Endpoint *node) {
    static_cast<LeaderEntry *>(hash_search(Leaders(), &key, HASH_ENTER, nullptr))->node = node;
}

void ForgetLeader(const GroupKey &key) {
    if (leaders != nullptr) (void)hash_search(leaders, &key, HASH_REMOVE, nullptr);
}

}  // namespace kalam::backend
