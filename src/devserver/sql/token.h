// The words, numbers, strings and symbols of an SQL text, with their places.
// Called by the parsers only. No state.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace kalam::devserver::sql {

enum class TokenKind : std::uint8_t {
    kWord,        // text as written
    kQuotedWord,  // text without its double quotes (or backticks)
    kNumber,
    kString,  // text without its single quotes, doubled ones undone
    kSymbol,
    kEnd,
};

struct Token {
    TokenKind kind = TokenKind::kEnd;
    std::string text;
    std::string_view raw;  // as written; points into the statement
    int line = 1;
    int column = 1;

    bool IsSymbol(std::string_view symbol) const { return kind == TokenKind::kSymbol && text == symbol; }
    // An unquoted word, any case. `upper` is in upper case.
    bool IsWord(std::string_view upper) const;
    bool IsName() const { return kind == TokenKind::kWord || kind == TokenKind::kQuotedWord; }
};

// How the sql/ parsers fail inside: caught at their public boundary (Parse and the Plan functions).
struct SqlError {
    std::string text;
};

// The tokens, a kEnd last. Comments are skipped. Throws SqlError ("Unterminated string literal at Line: 1, Column: 8").
std::vector<Token> Tokenize(std::string_view sql);

std::string ToUpper(std::string_view text);  // ASCII

}  // namespace kalam::devserver::sql
