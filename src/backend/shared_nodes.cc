// Writes and reads the lines of shm::ClusterInfo (shared_nodes.h): "api_addr host:port" for each node, the configured one first.
// Addresses with blanks are not shared.
#include "backend/shared_nodes.h"

#include "backend/clock.h"
#include "backend/shared_memory.h"

extern "C" {
#include "common/hashfn.h"
}

namespace kalam::backend {

namespace {

constexpr int64_t kLatelyUs = 5 * 60 * int64_t{1000000};

bool IsWord(const char *text) {
    return text != nullptr && text[0] != '\0' && strpbrk(text, " \n") == nullptr;
}

// The text up to `end`, which it cuts off with what follows it; false: there is no such character.
bool CutWord(std::string_view *rest, char end, std::string_view *word) {
    const size_t at = rest->find(end);
    if (at == rest->npos) return false;
    *word = rest->substr(0, at);
    rest->remove_prefix(at + 1);
    return true;
}

uint64_t AddressHash(const Endpoint *node) {
    return hash_bytes_extended(reinterpret_cast<const unsigned char *>(node->address),
                               static_cast<int>(strlen(node->address)), 0);
}

}  // namespace

bool AreNodesShared(const Endpoint *configured) {
    shm::Region *region = SharedRegion();
    const int64_t learned_at_us = region != nullptr ? region->clusters().LearnedAtUs(configured->address) : 0;
    return learned_at_us != 0 && MonotonicUs() - learned_at_us < kLatelyUs;
}

bool IsHearsayFresh(const Endpoint *configured) {
    shm::Region *region = SharedRegion();
    shm::ClusterInfo info;
    if (region == nullptr || !region->clusters().Read(configured->address, info)) return false;
    return info.head.told_at_us != 0 && MonotonicUs() - info.head.told_at_us < kLatelyUs;
}

void NoteQuestion(const Endpoint *configured) {
    shm::Region *region = SharedRegion();
    if (region != nullptr) region->clusters().Touch(configured->address, MonotonicUs());
}

void ShareNodes(const ClusterNodes *cluster) {
    const auto *first = static_cast<const ClusterNode *>(linitial(cluster->nodes));
    shm::Region *region = SharedRegion();
    shm::ClusterInfo info;
    if (region == nullptr || strlen(first->endpoint->address) >= sizeof info.head.address) return;
    strlcpy(info.head.address, first->endpoint->address, sizeof info.head.address);
    info.head.learned_at_us = info.head.told_at_us = MonotonicUs();
    size_t used = 0;
    ListCell *cell;
    foreach (cell, cluster->nodes) {
        const auto *node = static_cast<const ClusterNode *>(lfirst(cell));
        if (!IsWord(node->api_addr) || !IsWord(node->endpoint->address)) continue;
        const char *line = psprintf("%s %s\n", node->api_addr, node->endpoint->address);
        if (used + strlen(line) >= sizeof info.nodes) break;
        used += strlcpy(info.nodes + used, line, sizeof info.nodes - used);
    }
    region->clusters().Write(info);
}

void NoteFailedNode(const Endpoint *node) {
    shm::Region *region = SharedRegion();
    if (region != nullptr) region->failed_nodes().Note(AddressHash(node), MonotonicUs());
}

void NoteAnsweringNode(const Endpoint *node) {
    shm::Region *region = SharedRegion();
    if (region != nullptr) region->failed_nodes().Forget(AddressHash(node));
}

shm::NodeAdvice AdviceOn(const Endpoint *node) {
    shm::Region *region = SharedRegion();
    if (region == nullptr) return shm::NodeAdvice::kUse;
    return region->failed_nodes().Advice(AddressHash(node), MonotonicUs());
}

void HearOfNodes(ClusterNodes *cluster) {
    auto *first = static_cast<ClusterNode *>(linitial(cluster->nodes));
    shm::Region *region = SharedRegion();
    shm::ClusterInfo info;
    if (region == nullptr || !region->clusters().Read(first->endpoint->address, info)) return;
    std::string_view rest(info.nodes), api_addr, address;
    while (CutWord(&rest, ' ', &api_addr) && CutWord(&rest, '\n', &address)) {
        TakeHearsay(cluster, api_addr, address);
    }
}

}  // namespace kalam::backend
