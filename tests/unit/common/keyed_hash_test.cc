// The keyed hash (common/keyed_hash.h) against the published values of SipHash-2-4-128: key 00 01 .. 0f, input
// 00 01 .. of each length (openssl mac -macopt size:16 ... SIPHASH gives the same).
#include "common/keyed_hash.h"

#include <string>

#include "../check.h"

using kalam::common::KeyedHash;

namespace {

constexpr KeyedHash::Key kKey = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};

std::string Counting(size_t size) {
    std::string bytes;
    for (size_t i = 0; i < size; ++i) bytes += static_cast<char>(i);
    return bytes;
}

std::string Hex(const KeyedHash::Digest &digest) {
    constexpr char kDigits[] = "0123456789abcdef";
    std::string text;
    for (const uint8_t byte : digest) {
        text += kDigits[byte >> 4];
        text += kDigits[byte & 15];
    }
    return text;
}

std::string HashOf(const KeyedHash::Key &key, const std::string &input) {
    KeyedHash hash(key);
    hash.Append(input.data(), input.size());
    return Hex(hash.Finish());
}

}  // namespace

TEST(gives_the_published_values) {
    struct {
        size_t size;
        const char *digest;
    } const cases[] = {
        {0, "a3817f04ba25a8e66df67214c7550293"},  {1, "da87c1d86b99af44347659119b22fc45"},
        {7, "a1f1ebbed8dbc153c0b84aa61ff08239"},  {8, "3b62a9ba6258f5610f83e264f31497b4"},
        {9, "264499060ad9baabc47f8b02bb6d71ed"},  {15, "5493e99933b0a8117e08ec0f97cfc3d9"},
        {16, "6ee2a4ca67b054bbfd3315bf85230577"}, {63, "5150d1772f50834a503e069a973fbd7c"},
    };
    for (const auto &known : cases) CHECK_EQ(HashOf(kKey, Counting(known.size)), std::string(known.digest));
}

TEST(does_not_see_how_the_input_is_cut) {
    const std::string input = Counting(63);
    for (size_t cut = 0; cut <= input.size(); ++cut) {
        KeyedHash hash(kKey);
        hash.Append(input.data(), cut);
        hash.Append(input.data() + cut, input.size() - cut);
        CHECK_EQ(Hex(hash.Finish()), HashOf(kKey, input));
    }
}

TEST(depends_on_every_byte_of_the_key) {
    for (size_t i = 0; i < kKey.size(); ++i) {
        KeyedHash::Key other = kKey;
        other[i] ^= 1;
        CHECK(HashOf(other, Counting(9)) != HashOf(kKey, Counting(9)));
    }
}
