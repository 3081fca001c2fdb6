// See cursor.h.
#include "devserver/sql/cursor.h"

#include "devserver/sql/names.h"

namespace kalam::devserver::sql {
namespace {
constexpr int kMaxDepth = 50;
}

Cursor::Depth::Depth(Cursor &cursor) : cursor_(cursor) {
    if (++cursor_.depth_ <= kMaxDepth) return;
    --cursor_.depth_;  // the destructor of an object that threw does not run
    throw SqlError{"sql parser error: recursion limit exceeded"};
}

bool Cursor::PeekWords(std::initializer_list<std::string_view> words) const {
    std::size_t ahead = 0;
    for (const std::string_view word : words)
        if (!Peek(ahead++).IsWord(word)) return false;
    return true;
}

bool Cursor::AcceptWords(std::initializer_list<std::string_view> words) {
    if (!PeekWords(words)) return false;
    at_ += words.size();
    return true;
}

bool Cursor::AcceptSymbol(std::string_view symbol) {
    if (!Peek().IsSymbol(symbol)) return false;
    Next();
    return true;
}

void Cursor::ExpectWord(std::string_view word) {
    if (!AcceptWord(word)) FailExpected(word);
}

void Cursor::ExpectSymbol(std::string_view symbol) {
    if (!AcceptSymbol(symbol)) FailExpected(symbol);
}

const Token &Cursor::ExpectName() {
    if (!Peek().IsName()) FailExpected("identifier");
    return Next();
}

std::string Cursor::ExpectString() {
    if (Peek().kind != TokenKind::kString) FailExpected("literal string");
    return Next().text;
}

void Cursor::ExpectStatementEnd() {
    if (!AtStatementEnd()) FailExpected("end of statement");
}

void Cursor::SkipParentheses() {
    ExpectSymbol("(");
    for (int depth = 1; depth > 0;) {
        if (AtEnd()) FailExpected(")");
        const Token &token = Next();
        depth += token.IsSymbol("(") ? 1 : (token.IsSymbol(")") ? -1 : 0);
    }
}

void Cursor::FailExpected(std::string_view what) const {
    const Token &token = Peek();
    std::string text = "sql parser error: Expected: " + std::string(what) + ", found: ";
    if (token.kind == TokenKind::kEnd) throw SqlError{text + "EOF"};
    throw SqlError{text + std::string(token.raw) + " at Line: " + std::to_string(token.line) +
                   ", Column: " + std::to_string(token.column)};
}

std::string FoldedName(const Token &token) {
    return token.kind == TokenKind::kQuotedWord ? token.text : FoldCase(token.text);
}

}  // namespace kalam::devserver::sql
