// Nodes that could not be reached (shm/failed_nodes.h): who stays away, who tries again, and when it is over.
#include "shm/failed_nodes.h"

#include "../check.h"

using kalam::shm::FailedNodes;
using kalam::shm::NodeAdvice;

namespace {
constexpr uint64_t kNode = 0x1234'5678'0000'0003;
constexpr uint64_t kOther = 0x9abc'def0'0000'0003;  // in the same place
constexpr int64_t kNow = 7'000'000;
constexpr int64_t kLater = kNow + FailedNodes::kAvoidUs;
}  // namespace

TEST(nothing_is_said_against_a_node_at_first) {
    FailedNodes nodes;
    CHECK_EQ(nodes.Advice(kNode, kNow), NodeAdvice::kUse);
}

TEST(a_node_that_failed_is_avoided_until_it_answers) {
    FailedNodes nodes;
    nodes.Note(kNode, kNow);
    CHECK_EQ(nodes.Advice(kNode, kNow), NodeAdvice::kAvoid);
    CHECK_EQ(nodes.Advice(kOther, kNow), NodeAdvice::kUse);
    nodes.Forget(kOther);
    CHECK_EQ(nodes.Advice(kNode, kNow), NodeAdvice::kAvoid);
    nodes.Forget(kNode);
    CHECK_EQ(nodes.Advice(kNode, kNow), NodeAdvice::kUse);
}

TEST(one_tries_when_the_time_is_over_and_the_others_stay_away) {
    FailedNodes nodes;
    nodes.Note(kNode, kNow);
    CHECK_EQ(nodes.Advice(kNode, kLater), NodeAdvice::kTry);
    CHECK_EQ(nodes.Advice(kNode, kLater), NodeAdvice::kAvoid);
    CHECK_EQ(nodes.Advice(kNode, kLater + FailedNodes::kAvoidUs), NodeAdvice::kTry);
}

TEST(of_two_nodes_in_one_place_the_last_is_remembered) {
    FailedNodes nodes;
    nodes.Note(kNode, kNow);
    nodes.Note(kOther, kNow);
    CHECK_EQ(nodes.Advice(kNode, kNow), NodeAdvice::kUse);
    CHECK_EQ(nodes.Advice(kOther, kNow), NodeAdvice::kAvoid);
}
