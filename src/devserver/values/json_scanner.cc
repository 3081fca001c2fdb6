// Tokens and errors of JSON texts. See json_scanner.h.
#include "devserver/values/json_scanner.h"

#include <charconv>
#include <cmath>

#include "devserver/values/value_text.h"

namespace kalam::devserver {
namespace {

constexpr int kMaxDepth = 127;

bool IsDigit(int c) {
    return c >= '0' && c <= '9';
}

void AppendUtf8(std::string &out, unsigned code) {
    if (code < 0x80) {
        out += static_cast<char>(code);
    } else if (code < 0x800) {
        out += static_cast<char>(0xC0 | (code >> 6));
        out += static_cast<char>(0x80 | (code & 0x3F));
    } else if (code < 0x10000) {
        out += static_cast<char>(0xE0 | (code >> 12));
        out += static_cast<char>(0x80 | ((code >> 6) & 0x3F));
        out += static_cast<char>(0x80 | (code & 0x3F));
    } else {
        out += static_cast<char>(0xF0 | (code >> 18));
        out += static_cast<char>(0x80 | ((code >> 12) & 0x3F));
        out += static_cast<char>(0x80 | ((code >> 6) & 0x3F));
        out += static_cast<char>(0x80 | (code & 0x3F));
    }
}

}  // namespace

bool JsonScanner::ErrorAt(std::size_t position, const std::string &what) {
    if (failed()) return false;
    std::size_t line = 1, line_start = 0;
    for (std::size_t i = 0; i < position && i < text_.size(); ++i) {
        if (text_[i] != '\n') continue;
        ++line;
        line_start = i + 1;
    }
    error_ = what + " at line " + std::to_string(line) + " column " + std::to_string(position - line_start);
    return false;
}

int JsonScanner::Peek() {
    while (position_ < text_.size()) {
        const char c = text_[position_];
        if (c != ' ' && c != '\n' && c != '\t' && c != '\r') return static_cast<unsigned char>(c);
        ++position_;
    }
    return -1;
}

bool JsonScanner::String(std::string_view &out) {
    const std::size_t start = ++position_;
    while (position_ < text_.size()) {
        const unsigned char c = static_cast<unsigned char>(text_[position_]);
        if (c == '"') {
            out = text_.substr(start, position_++ - start);
            return true;
        }
        if (c == '\\' || c < 0x20) {
            if (!SlowString(start)) return false;
            out = buffer_;
            return true;
        }
        ++position_;
    }
    return Error("EOF while parsing a string");
}

// Continues a string at its first escape or control character, into the buffer.
bool JsonScanner::SlowString(std::size_t start) {
    buffer_.assign(text_.substr(start, position_ - start));
    while (position_ < text_.size()) {
        const unsigned char c = static_cast<unsigned char>(text_[position_++]);
        if (c == '"') return true;
        if (c == '\\') {
            if (!Escape()) return false;
        } else if (c < 0x20) {
            return Error("control character (\\u0000-\\u001F) found while parsing a string");
        } else {
            buffer_ += static_cast<char>(c);
        }
    }
    return Error("EOF while parsing a string");
}

bool JsonScanner::Escape() {
    static constexpr std::string_view kFrom = "\"\\/bfnrt", kTo = "\"\\/\b\f\n\r\t";
    if (position_ >= text_.size()) return Error("EOF while parsing a string");
    const char c = text_[position_++];
    if (c == 'u') return UnicodeEscape();
    const std::size_t at = kFrom.find(c);
    if (at == std::string_view::npos) return Error("invalid escape");
    buffer_ += kTo[at];
    return true;
}

bool JsonScanner::Hex4(unsigned &out) {
    if (text_.size() - position_ < 4) {
        position_ = text_.size();
        return Error("EOF while parsing a string");
    }
    const char *begin = text_.data() + position_;
    position_ += 4;
    auto [end, error] = std::from_chars(begin, begin + 4, out, 16);
    return (error == std::errc() && end == begin + 4) || Error("invalid escape");
}

bool JsonScanner::UnicodeEscape() {
    unsigned code = 0, low = 0;
    if (!Hex4(code)) return false;
    if (code >= 0xDC00 && code <= 0xDFFF) return Error("lone leading surrogate in hex escape");
    if (code < 0xD800 || code > 0xDBFF) {
        AppendUtf8(buffer_, code);
        return true;
    }
    if (text_.substr(position_, 2) != "\\u") {
        position_ += position_ < text_.size() ? 1 : 0;
        return Error("unexpected end of hex escape");
    }
    position_ += 2;
    if (!Hex4(low)) return false;
    if (low < 0xDC00 || low > 0xDFFF) return Error("lone leading surrogate in hex escape");
    AppendUtf8(buffer_, 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00));
    return true;
}

std::size_t JsonScanner::SkipDigits() {
    const std::size_t from = position_;
    while (position_ < text_.size() && IsDigit(text_[position_])) ++position_;
    return position_ - from;
}

bool JsonScanner::NextIs(std::string_view set) const {
    return position_ < text_.size() && set.find(text_[position_]) != std::string_view::npos;
}

// A digit is missing at the position: serde_json blames the byte there, or the end.
bool JsonScanner::MissingDigit() {
    if (position_ >= text_.size()) return Error("EOF while parsing a value");
    ++position_;
    return Error("invalid number");
}

// Moves behind a number. `real`: it has a point or an exponent.
bool JsonScanner::SkipNumber(bool &real) {
    if (NextIs("-")) ++position_;
    const bool zero = NextIs("0");
    const std::size_t whole = SkipDigits();
    if (whole == 0) return MissingDigit();
    if (zero && whole > 1) {
        position_ -= whole - 1;
        return PeekError("invalid number");
    }
    if (NextIs(".")) {
        real = true;
        ++position_;
        if (SkipDigits() == 0)
            return PeekError(position_ >= text_.size() ? "EOF while parsing a value" : "invalid number");
    }
    if (!NextIs("eE")) return true;
    real = true;
    ++position_;
    if (NextIs("+-")) ++position_;
    return SkipDigits() != 0 || MissingDigit();
}

bool JsonScanner::ReadNumber(Number &out) {
    const std::size_t start = position_;
    bool real = false;
    if (!SkipNumber(real)) return false;
    const std::string_view text = text_.substr(start, position_ - start);
    const char *begin = text.data(), *end = begin + text.size();
    const bool negative = text.front() == '-';
    if (!real && negative && std::from_chars(begin, end, out.negative).ec == std::errc() &&
        out.negative != 0) {
        out.kind = Number::Kind::kSigned;
        return true;
    }
    if (!real && !negative && std::from_chars(begin, end, out.positive).ec == std::errc()) {
        out.kind = Number::Kind::kUnsigned;
        return true;
    }
    out.kind = Number::Kind::kFloat;
    if (std::from_chars(begin, end, out.real).ec != std::errc::result_out_of_range) return true;
    // Too small reads as zero; too large is refused. A text without a negative exponent cannot be too small.
    out.real = 0;
    const bool small = text.find("e-") != text.npos || text.find("E-") != text.npos;
    return small || Error("number out of range");
}

bool JsonScanner::Word(std::string_view word) {
    for (const char c : word) {
        if (position_ >= text_.size()) return Error("EOF while parsing a value");
        if (text_[position_++] != c) return Error("expected ident");
    }
    return true;
}

bool JsonScanner::Colon() {
    const int next = Peek();
    if (next == ':') {
        Eat();
        return true;
    }
    return PeekError(next < 0 ? "EOF while parsing an object" : "expected `:`");
}

bool JsonScanner::EndOfInput() {
    return Peek() < 0 || PeekError("trailing characters");
}

bool JsonScanner::NextKey(bool &first, bool &more, std::string_view &key) {
    int next = Peek();
    if (next == '}') {
        Eat();
        more = false;
        return true;
    }
    if (next < 0) return PeekError("EOF while parsing an object");
    if (!first) {
        if (next != ',') return PeekError("expected `,` or `}`");
        Eat();
        next = Peek();
        if (next == '}') return PeekError("trailing comma");
        if (next < 0) return PeekError("EOF while parsing a value");
    }
    first = false;
    more = true;
    return next == '"' ? String(key) : PeekError("key must be a string");
}

bool JsonScanner::NextElement(bool &first, bool &more) {
    int next = Peek();
    if (next == ']') {
        Eat();
        more = false;
        return true;
    }
    if (next < 0) return PeekError("EOF while parsing a list");
    if (!first) {
        if (next != ',') return PeekError("expected `,` or `]`");
        Eat();
        next = Peek();
        if (next == ']') return PeekError("trailing comma");
        if (next < 0) return PeekError("EOF while parsing a value");
    }
    first = false;
    more = true;
    return true;
}

bool JsonScanner::EndMap() {
    if (Peek() == '}') Eat();
    return true;
}

std::string JsonScanner::Show(const Number &number) {
    if (number.kind == Number::Kind::kSigned) return "integer `" + std::to_string(number.negative) + "`";
    if (number.kind == Number::Kind::kUnsigned) return "integer `" + std::to_string(number.positive) + "`";
    return "floating point `" + FloatText(number.real, false) + "`";
}

bool JsonScanner::InvalidType(const std::string &expected) {
    const int next = Peek();
    std::string found;
    if (next == 'n') {
        if (!Word("null")) return false;
        found = "null";
    } else if (next == 't' || next == 'f') {
        if (!Word(next == 't' ? "true" : "false")) return false;
        found = std::string("boolean `") + (next == 't' ? "true`" : "false`");
    } else if (next == '-' || IsDigit(next)) {
        Number number;
        if (!ReadNumber(number)) return false;
        found = Show(number);
    } else if (next == '"') {
        std::string_view text;
        if (!String(text)) return false;
        found = "string \"" + std::string(text) + "\"";
    } else if (next == '[' || next == '{') {
        found = next == '[' ? "sequence" : "map";
    } else {
        return PeekError(next < 0 ? "EOF while parsing a value" : "expected value");
    }
    return Error("invalid type: " + found + ", expected " + expected);
}

bool JsonScanner::SkipValue(int depth) {
    if (depth > kMaxDepth) return PeekError("recursion limit exceeded");
    const int next = Peek();
    std::string_view text;
    Number number;
    bool first = true, more = true;
    switch (next) {
        case '"':
            return String(text);
        case 'n':
            return Word("null");
        case 't':
            return Word("true");
        case 'f':
            return Word("false");
        case '[':
            Eat();
            while (NextElement(first, more) && more)
                if (!SkipValue(depth + 1)) return false;
            return !failed();
        case '{':
            Eat();
            while (NextKey(first, more, text) && more)
                if (!Colon() || !SkipValue(depth + 1)) return false;
            return !failed();
        default:
            if (next == '-' || IsDigit(next)) return ReadNumber(number);
            return PeekError(next < 0 ? "EOF while parsing a value" : "expected value");
    }
}

}  // namespace kalam::devserver
