// A place in a list of tokens, and the small questions recursive-descent parsers ask there.
// Called by the parsers only. One cursor, one thread. Failures are SqlError with sqlparser's words:
// "sql parser error: Expected: ..., found: ... at Line: 1, Column: 5".
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "devserver/sql/token.h"

namespace kalam::devserver::sql {

class Cursor {
 public:
    explicit Cursor(std::vector<Token> tokens) : tokens_(std::move(tokens)) {}

    const Token &Peek(std::size_t ahead = 0) const {
        return tokens_[std::min(at_ + ahead, tokens_.size() - 1)];
    }
    const Token &Next() {
        const Token &token = Peek();
        if (at_ + 1 < tokens_.size()) ++at_;
        return token;
    }
    bool AtEnd() const { return Peek().kind == TokenKind::kEnd; }
    // The end, or a last semicolon.
    bool AtStatementEnd() const {
        return AtEnd() || (Peek().IsSymbol(";") && Peek(1).kind == TokenKind::kEnd);
    }

    // Word sequences: all of them are next, any case.
    bool PeekWords(std::initializer_list<std::string_view> words) const;
    bool AcceptWords(std::initializer_list<std::string_view> words);
    bool AcceptWord(std::string_view word) { return AcceptWords({word}); }
    bool AcceptSymbol(std::string_view symbol);

    void ExpectWord(std::string_view word);
    void ExpectSymbol(std::string_view symbol);
    // An identifier, quoted or not; as written. Throws "Expected: identifier, found: ...".
    const Token &ExpectName();
    std::string ExpectString();
    void ExpectStatementEnd();  // "Expected: end of statement, found: ..."

    // Skips a parenthesised group whose opening parenthesis is next.
    void SkipParentheses();

    [[noreturn]] void FailExpected(std::string_view what) const;

    std::size_t position() const { return at_; }
    void Rewind(std::size_t position) { at_ = position; }

    // Guards recursion: throws sqlparser's "recursion limit exceeded".
    class Depth {
     public:
        explicit Depth(Cursor &cursor);
        ~Depth() { --cursor_.depth_; }
        Depth(const Depth &) = delete;
        Depth &operator=(const Depth &) = delete;

     private:
        Cursor &cursor_;
    };

 private:
    std::vector<Token> tokens_;
    std::size_t at_ = 0;
    int depth_ = 0;
};

// Unquoted names fold to lower case, quoted ones keep theirs.
std::string FoldedName(const Token &token);

}  // namespace kalam::devserver::sql
