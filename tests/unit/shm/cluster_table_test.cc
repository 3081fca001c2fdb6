// The table of known clusters (shm/cluster_table.h): what is kept, what gives way, and readers beside writers.
#include "shm/cluster_table.h"

#include <cstdio>
#include <cstring>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "../check.h"

using namespace kalam::shm;

namespace {

// An entry whose text follows from its time, so that a torn copy shows.
ClusterInfo Known(const std::string &address, int64_t at) {
    ClusterInfo info;
    std::snprintf(info.head.address, sizeof info.head.address, "%s", address.c_str());
    info.head.learned_at_us = at;
    std::memset(info.nodes, 'a' + static_cast<int>(at % 26), sizeof info.nodes - 1);
    return info;
}

}  // namespace

TEST(nothing_is_known_at_first) {
    auto table = std::make_unique<ClusterTable>();
    ClusterInfo info;
    CHECK(!table->Read("a:1", info));
    CHECK(!table->Read("", info));
    CHECK_EQ(table->LearnedAtUs("a:1"), 0);
}

TEST(the_newest_knowledge_of_a_cluster_stays) {
    auto table = std::make_unique<ClusterTable>();
    table->Write(Known("a:1", 1));
    table->Write(Known("b:1", 2));
    table->Write(Known("a:1", 3));
    ClusterInfo info;
    CHECK(table->Read("a:1", info));
    CHECK_EQ(info.head.learned_at_us, 3);
    CHECK_EQ(info.nodes[0], 'd');
    CHECK(table->Read("b:1", info));
    CHECK_EQ(info.head.learned_at_us, 2);
    CHECK(!table->Read("a:11", info));
    CHECK_EQ(table->LearnedAtUs("a:1"), 3);
}

TEST(a_question_in_vain_keeps_what_is_known) {
    auto table = std::make_unique<ClusterTable>();
    table->Write(Known("a:1", 1));
    table->Touch("a:1", 9);
    table->Touch("b:1", 10);
    table->Touch(std::string(300, 'x'), 11);
    ClusterInfo info;
    CHECK(table->Read("a:1", info));
    CHECK_EQ(info.nodes[0], 'b');
    CHECK_EQ(table->LearnedAtUs("a:1"), 9);
    CHECK(table->Read("b:1", info));
    CHECK_EQ(info.nodes[0], '\0');
    CHECK_EQ(table->LearnedAtUs("b:1"), 10);
    CHECK(!table->Read(std::string(300, 'x'), info));
}

TEST(a_full_table_forgets_the_oldest) {
    auto table = std::make_unique<ClusterTable>();
    for (int i = 0; i < kKnownClusters; ++i) table->Write(Known(std::to_string(i), 100 + i));
    table->Write(Known("0", 500));
    table->Write(Known("new", 501));
    ClusterInfo info;
    CHECK(table->Read("0", info) && table->Read("new", info));
    CHECK(!table->Read("1", info));
    CHECK(table->Read("2", info));
}

TEST(copies_are_whole_beside_writers) {
    auto table = std::make_unique<ClusterTable>();
    std::vector<std::thread> writers;
    for (int w = 0; w < 2; ++w) {
        writers.emplace_back([&, w] {
            for (int i = 0; i < 2000; ++i) table->Write(Known("a:1", 1 + i * 2 + w));
        });
    }
    for (int i = 0; i < 2000; ++i) {
        ClusterInfo info;
        if (!table->Read("a:1", info)) continue;
        const ClusterInfo whole = Known("a:1", info.head.learned_at_us);
        CHECK(std::memcmp(info.nodes, whole.nodes, sizeof info.nodes) == 0);
    }
    for (std::thread &writer : writers) writer.join();
}
