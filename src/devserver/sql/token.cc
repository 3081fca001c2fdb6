// The tokenizer. See token.h.
#include "devserver/sql/token.h"

#include <algorithm>
#include <array>

namespace kalam::devserver::sql {
namespace {

bool IsSpace(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == '\v';
}

bool IsDigit(char c) {
    return c >= '0' && c <= '9';
}

bool StartsWord(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
           static_cast<unsigned char>(c) >= 0x80;
}

bool ContinuesWord(char c) {
    return StartsWord(c) || IsDigit(c) || c == '$';
}

class Tokenizer {
 public:
    explicit Tokenizer(std::string_view sql) : sql_(sql) {}

    std::vector<Token> Run() {
        std::vector<Token> tokens;
        while (SkipBlanks()) tokens.push_back(Next());
        Token end;
        end.line = line_;
        end.column = column_;
        end.raw = sql_.substr(sql_.size());
        tokens.push_back(end);
        return tokens;
    }

 private:
    char At(std::size_t ahead = 0) const { return at_ + ahead < sql_.size() ? sql_[at_ + ahead] : '\0'; }

    void Step() {
        if (sql_[at_] == '\n') {
            ++line_;
            column_ = 1;
        } else if ((sql_[at_] & 0xC0) != 0x80) {  // columns count characters, not bytes
            ++column_;
        }
        ++at_;
    }

    // Moves to the next token; false at the end of the text.
    bool SkipBlanks() {
        while (at_ < sql_.size()) {
            if (IsSpace(At())) {
                Step();
            } else if (At() == '-' && At(1) == '-') {
                while (at_ < sql_.size() && At() != '\n') Step();
            } else if (At() == '/' && At(1) == '*') {
                SkipBlockComment();
            } else {
                return true;
            }
        }
        return false;
    }

    void SkipBlockComment() {
        int depth = 0;
        do {
            if (at_ >= sql_.size())
                throw SqlError{"Unexpected EOF while in a multi-line comment" + Place(line_, column_)};
            const bool opens = At() == '/' && At(1) == '*', closes = At() == '*' && At(1) == '/';
            depth += opens ? 1 : (closes ? -1 : 0);
            if (opens || closes) Step();
            if (at_ < sql_.size()) Step();
        } while (depth > 0);
    }

    static std::string Place(int line, int column) {
        return " at Line: " + std::to_string(line) + ", Column: " + std::to_string(column);
    }

    Token Next() {
        Token token;
        token.line = line_;
        token.column = column_;
        const std::size_t start = at_;
        const char c = At();
        if (c == '\'') {
            token.kind = TokenKind::kString;
            token.text = Quoted('\'', "Unterminated string literal");
        } else if (c == '"' || c == '`') {
            token.kind = TokenKind::kQuotedWord;
            token.text = Quoted(c, "Unterminated encapsulated identifier");
        } else if (IsDigit(c) || (c == '.' && IsDigit(At(1)))) {
            token.kind = TokenKind::kNumber;
            SkipNumber();
        } else if (StartsWord(c)) {
            token.kind = TokenKind::kWord;
            while (at_ < sql_.size() && ContinuesWord(At())) Step();
        } else {
            token.kind = TokenKind::kSymbol;
            SkipSymbol();
        }
        token.raw = sql_.substr(start, at_ - start);
        if (token.kind != TokenKind::kString && token.kind != TokenKind::kQuotedWord) token.text = token.raw;
        return token;
    }

    std::string Quoted(char quote, const char *complaint) {
        const int line = line_, column = column_;
        std::string text;
        for (Step(); at_ < sql_.size(); Step()) {
            if (At() != quote) {
                text += At();
            } else if (At(1) == quote) {
                text += quote;
                Step();
            } else {
                Step();
                return text;
            }
        }
        throw SqlError{complaint + Place(line, column)};
    }

    void SkipNumber() {
        const auto digits = [this] {
            while (IsDigit(At())) Step();
        };
        digits();
        if (At() == '.') {
            Step();
            digits();
        }
        const bool has_sign = At(1) == '+' || At(1) == '-';
        if ((At() != 'e' && At() != 'E') || !IsDigit(At(has_sign ? 2 : 1))) return;
        Step();
        if (has_sign) Step();
        digits();
    }

    void SkipSymbol() {
        static constexpr std::array<std::string_view, 18> kLong = {"->>", "#>>", "!~*", "<=>", "->", "#>",
                                                                   "::",  "<=",  ">=",  "<>",  "!=", "||",
                                                                   "@>",  "<@",  "!~",  "~*",  "=>", ":="};
        const auto known = std::find_if(kLong.begin(), kLong.end(), [&](std::string_view symbol) {
            return sql_.substr(at_).starts_with(symbol);
        });
        const std::size_t length = known == kLong.end() ? 1 : known->size();
        for (std::size_t i = 0; i < length; ++i) Step();
    }

    std::string_view sql_;
    std::size_t at_ = 0;
    int line_ = 1;
    int column_ = 1;
};

}  // namespace

bool Token::IsWord(std::string_view upper) const {
    if (kind != TokenKind::kWord || text.size() != upper.size()) return false;
    for (std::size_t i = 0; i < upper.size(); ++i) {
        const char c = text[i] >= 'a' && text[i] <= 'z' ? static_cast<char>(text[i] - 'a' + 'A') : text[i];
        if (c != upper[i]) return false;
    }
    return true;
}

std::vector<Token> Tokenize(std::string_view sql) {
    return Tokenizer(sql).Run();
}

std::string ToUpper(std::string_view text) {
    std::string upper(text);
    for (char &c : upper)
        if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    return upper;
}

}  // namespace kalam::devserver::sql
