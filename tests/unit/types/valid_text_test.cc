// Which columns of text may be taken as they are (valid_text.h).
#include "backend/types/valid_text.h"

#include <cstring>
#include <initializer_list>
#include <string>
#include <vector>

#include "../check.h"

namespace {

using kalam::backend::types::ArrowColumn;
using kalam::backend::types::ArrowKind;

// A column of these cells, whose data has some bytes before the first of them, as a slice has.
bool IsValid(std::initializer_list<std::string> cells, const std::string &before = "") {
    std::string data = before;
    std::vector<int32_t> offsets{static_cast<int32_t>(data.size())};
    for (const std::string &cell : cells) {
        data += cell;
        offsets.push_back(static_cast<int32_t>(data.size()));
    }
    ArrowColumn column{};
    column.kind = ArrowKind::kText;
    column.rows = static_cast<int64_t>(cells.size());
    column.values = reinterpret_cast<const uint8_t *>(offsets.data());
    column.data = reinterpret_cast<const uint8_t *>(data.data());
    column.data_bytes = static_cast<int64_t>(data.size());
    return kalam::backend::types::HoldsValidUtf8(column);
}

const std::string kTree = "\xf0\x9f\x8c\xb3";

}  // namespace

TEST(takes_valid_text) {
    CHECK(IsValid({}));
    CHECK(IsValid({""}));
    CHECK(IsValid({"plain", "", "gr\xc3\xbcn", kTree, "\xe6\x97\xa5\xe6\x9c\xac", ""}));
    CHECK(IsValid({std::string(100'000, 'x'), kTree + std::string(100'000, 'y')}));
}

TEST(looks_only_at_its_cells) {
    CHECK(IsValid({"plain"}, "\xff\xfe"));
}

TEST(refuses_what_is_no_utf8) {
    CHECK(!IsValid({"\xff"}));
    CHECK(!IsValid({"good", "\xc3"}));
    CHECK(!IsValid({"good", std::string(50, 'x') + "\xed\xa0\x80"}));  // half of a surrogate pair
    CHECK(!IsValid({"\xc0\x80"}));                                     // longer than it need be
    CHECK(!IsValid({std::string("a\0b", 3)}));
}

TEST(refuses_characters_that_go_over_the_end_of_a_cell) {
    CHECK(!IsValid({kTree.substr(0, 2), kTree.substr(2)}));
    CHECK(!IsValid({"\xc3", "\xbc"}));
    CHECK(!IsValid({"x\xc3", "", "\xbcx"}));
}
