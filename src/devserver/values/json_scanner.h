// The lexical layer of serde_json: tokens of a JSON text, and the errors serde_json gives at the same byte
// with the same words. Called by row_json.cc (rows) and coerce.cc (embeddings written as JSON text). One
// scanner, one thread.
//
// Every method returns false after it has set the error; the first error stays. Positions: serde_json counts
// either the bytes consumed (Error) or one more, the byte it looked at (PeekError).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace kalam::devserver {

class JsonScanner {
 public:
    explicit JsonScanner(std::string_view text) : text_(text) {}

    struct Number {
        enum class Kind : std::uint8_t { kSigned, kUnsigned, kFloat };
        Kind kind = Kind::kUnsigned;
        std::int64_t negative = 0;  // kSigned: below zero
        std::uint64_t positive = 0;
        double real = 0;
    };

    // The next byte that is no blank, without consuming it; -1 at the end.
    int Peek();
    void Eat() { ++position_; }
    std::size_t position() const { return position_; }

    bool Error(const std::string &what) { return ErrorAt(position_, what); }
    bool PeekError(const std::string &what) {
        return ErrorAt(position_ + 1 < text_.size() ? position_ + 1 : text_.size(), what);
    }
    const std::string &error() const { return error_; }
    bool failed() const { return !error_.empty(); }

    // A string whose opening quote is next. `out` points into the text, or into a buffer that lasts until the
    // next call.
    bool String(std::string_view &out);
    bool ReadNumber(Number &out);      // a digit or minus is next
    bool Word(std::string_view word);  // consumes exactly this word: null, true, false
    bool Colon();                      // after an object's key
    bool SkipValue(int depth = 0);     // any value, as serde's IgnoredAny
    bool EndOfInput();                 // only blanks may be left
    bool InvalidType(
        const std::string &expected);  // consumes the value that is next and says that it is of no use

    // One step inside an object or list whose opening bracket is consumed. more = false: the closing bracket
    // was consumed (key(), element()). first is the caller's, true at the start.
    bool NextKey(bool &first, bool &more, std::string_view &key);
    bool NextElement(bool &first, bool &more);
    bool EndMap();  // the closing brace of an object after an error inside it, as serde looks for it before
                    // it reports

    static std::string Show(const Number &number);  // integer `5`, floating point `1.5`

 private:
    bool ErrorAt(std::size_t position, const std::string &what);
    bool Escape();
    std::size_t SkipDigits();
    bool NextIs(std::string_view set) const;
    bool MissingDigit();
    bool SkipNumber(bool &real);
    bool Hex4(unsigned &out);
    bool UnicodeEscape();
    bool SlowString(std::size_t start);

    std::string_view text_;
    std::size_t position_ = 0;
    std::string buffer_;
    std::string error_;
};

}  // namespace kalam::devserver
