// uuid_v7() and ulid(): the other two id functions that KalamDB's SQL has, so that they can be written as column
// defaults here too. Called from SQL. Both begin with the time in milliseconds, so ids sort by age; the rest is
// random. No state.
#include <array>

#include "backend/clock.h"
#include "backend/pg.h"

extern "C" {
#include "utils/builtins.h"

PG_FUNCTION_INFO_V1(kalam_uuid_v7);
Datum kalam_uuid_v7(PG_FUNCTION_ARGS);
PG_FUNCTION_INFO_V1(kalam_ulid);
Datum kalam_ulid(PG_FUNCTION_ARGS);
}

namespace kalam::backend {

namespace {

constexpr int kIdBytes = 16;
constexpr int kTimeBytes = 6;

using IdBytes = std::array<uint8_t, kIdBytes>;

// Random bytes behind the Unix milliseconds, most significant byte first.
IdBytes TimedRandomBytes() {
    IdBytes bytes;
    if (!pg_strong_random(bytes.data(), bytes.size())) {
        ereport(ERROR, (errcode(ERRCODE_INTERNAL_ERROR), errmsg("could not get random bytes")));
    }
    const auto now_ms = static_cast<uint64_t>(UnixMs());
    for (int i = 0; i < kTimeBytes; ++i) {
        bytes[i] = static_cast<uint8_t>(now_ms >> (8 * (kTimeBytes - 1 - i)));
    }
    return bytes;
}

// RFC 9562, version 7: 8-4-4-4-12 hex digits.
char *UuidText(IdBytes bytes) {
    constexpr char kHex[] = "0123456789abcdef";
    bytes[6] = static_cast<uint8_t>((bytes[6] & 0x0F) | 0x70);  // version
    bytes[8] = static_cast<uint8_t>((bytes[8] & 0x3F) | 0x80);  // variant
    char *text = static_cast<char *>(palloc(37));
    char *out = text;
    for (int i = 0; i < kIdBytes; ++i) {
        if (i == 4 || i == 6 || i == 8 || i == 10) *out++ = '-';
        *out++ = kHex[bytes[i] >> 4];
        *out++ = kHex[bytes[i] & 0x0F];
    }
    *out = '\0';
    return text;
}

// 26 characters of Crockford's base 32; the first holds the upper three of 128 bits.
char *UlidText(const IdBytes &bytes) {
    constexpr char kDigits[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    constexpr int kLength = 26;
    char *text = static_cast<char *>(palloc(kLength + 1));
    for (int i = 0; i < kLength; ++i) {
        unsigned digit = 0;
        for (int bit = i * 5 - 2; bit < i * 5 + 3; ++bit) {  // 130 digits' bits end where the 128 end
            const unsigned value = bit < 0 ? 0U : (bytes[bit / 8] >> (7 - bit % 8)) & 1U;
            digit = digit << 1 | value;
        }
        text[i] = kDigits[digit];
    }
    text[kLength] = '\0';
    return text;
}

}  // namespace

}  // namespace kalam::backend

Datum kalam_uuid_v7(PG_FUNCTION_ARGS) {
    (void)fcinfo;
    using namespace kalam::backend;
    PG_RETURN_TEXT_P(cstring_to_text(UuidText(TimedRandomBytes())));
}

Datum kalam_ulid(PG_FUNCTION_ARGS) {
    (void)fcinfo;
    using namespace kalam::backend;
    PG_RETURN_TEXT_P(cstring_to_text(UlidText(TimedRandomBytes())));
}
