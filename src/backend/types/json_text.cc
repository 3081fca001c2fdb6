// Escaping in runs: most texts need none and are copied whole.
#include "backend/types/json_text.h"

#include <cstring>

namespace kalam::backend::types {

namespace {

constexpr uint64_t kOnes = 0x0101010101010101;
constexpr uint64_t kHighBits = 0x8080808080808080;

constexpr bool NeedsEscape(unsigned char c) {
    return c < 0x20 || c == '"' || c == '\\';
}

// Marks (in the high bits) bytes of a word that are zero; a byte after a marked one may be marked wrongly, which
// only sends a word to the slow path.
constexpr uint64_t ZeroBytes(uint64_t word) {
    return (word - kOnes) & ~word & kHighBits;
}

bool AnyNeedsEscape(uint64_t word) {
    const uint64_t controls = (word - kOnes * 0x20) & ~word & kHighBits;
    return (controls | ZeroBytes(word ^ (kOnes * '"')) | ZeroBytes(word ^ (kOnes * '\\'))) != 0;
}

// How many bytes from the start need no escape.
size_t PlainRun(std::string_view text) {
    size_t size = 0;
    for (uint64_t word; size + sizeof word <= text.size(); size += sizeof word) {
        std::memcpy(&word, text.data() + size, sizeof word);
        if (AnyNeedsEscape(word)) break;
    }
    while (size < text.size() && !NeedsEscape(static_cast<unsigned char>(text[size]))) ++size;
    return size;
}

void AppendEscape(StringInfo out, unsigned char c) {
    switch (c) {
        case '"':
            appendStringInfoString(out, "\\\"");
            return;
        case '\\':
            appendStringInfoString(out, "\\\\");
            return;
        case '\n':
            appendStringInfoString(out, "\\n");
            return;
        case '\r':
            appendStringInfoString(out, "\\r");
            return;
        case '\t':
            appendStringInfoString(out, "\\t");
            return;
        default:
            appendStringInfo(out, "\\u%04x", c);
    }
}

}  // namespace

void AppendEscaped(StringInfo out, std::string_view text) {
    while (!text.empty()) {
        const size_t run = PlainRun(text);
        AppendBytes(out, text.substr(0, run));
        text.remove_prefix(run);
        if (text.empty()) return;
        AppendEscape(out, static_cast<unsigned char>(text.front()));
        text.remove_prefix(1);
    }
}

}  // namespace kalam::backend::types
