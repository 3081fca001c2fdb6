// Expressions by precedence climbing. See query_parser.h.
#include <algorithm>
#include <array>
#include <charconv>

#include "devserver/sql/column_parser.h"
#include "devserver/sql/names.h"
#include "devserver/sql/query_parser.h"

namespace kalam::devserver::sql {
namespace {

// From loosest to tightest.
enum Precedence {
    kNone,
    kOr,
    kAnd,
    kNot,
    kIs,
    kCompare,
    kLike,
    kBetweenIn,
    kJson,
    kConcat,
    kAdd,
    kMultiply,
    kUnarySign
};

struct Operator {
    std::string_view symbol;
    int precedence;
};

constexpr auto kOperators = std::to_array<Operator>({
    {"=", kCompare},
    {"<>", kCompare},
    {"!=", kCompare},
    {"<", kCompare},
    {"<=", kCompare},
    {">", kCompare},
    {">=", kCompare},
    {"->", kJson},
    {"->>", kJson},
    {"||", kConcat},
    {"+", kAdd},
    {"-", kAdd},
    {"*", kMultiply},
    {"/", kMultiply},
    {"%", kMultiply},
});

ExprPtr Make(ExprKind kind, std::string op = {}) {
    auto expr = std::make_unique<Expr>();
    expr->kind = kind;
    expr->op = std::move(op);
    return expr;
}

ExprPtr MakeLiteral(Value value) {
    ExprPtr expr = Make(ExprKind::kLiteral);
    expr->literal = std::move(value);
    return expr;
}

ExprPtr MakeBinary(std::string op, ExprPtr left, ExprPtr right) {
    ExprPtr expr = Make(ExprKind::kBinary, std::move(op));
    expr->args.push_back(std::move(left));
    expr->args.push_back(std::move(right));
    return expr;
}

class ExprParser {
 public:
    explicit ExprParser(Cursor &cursor) : in_(cursor) {}

    ExprPtr Parse(int minimum) {
        const Cursor::Depth depth(in_);
        ExprPtr left = ParsePrefix();
        for (;;) {
            if (ExprPtr longer = ParseOperator(left, minimum))
                left = std::move(longer);
            else if (!ParsePostfix(left, minimum))
                return left;
        }
    }

 private:
    ExprPtr ParsePrefix() {
        if (in_.AcceptWord("NOT")) {
            ExprPtr expr = Make(ExprKind::kUnary, "NOT");
            expr->args.push_back(Parse(kNot));
            return expr;
        }
        if (in_.Peek().IsSymbol("-") || in_.Peek().IsSymbol("+")) {
            const std::string sign = in_.Next().text;
            if (sign == "-" && in_.Peek().kind == TokenKind::kNumber)
                return NumberLiteral("-" + in_.Next().text);
            ExprPtr expr = Make(ExprKind::kUnary, sign);
            expr->args.push_back(Parse(kUnarySign));
            return expr;
        }
        return ParsePrimary();
    }

    // A binary operator of at least the minimum precedence; null when none is next. Consumes `left` otherwise.
    ExprPtr ParseOperator(ExprPtr &left, int minimum) {
        const Token &token = in_.Peek();
        std::string op;
        int precedence = kNone;
        if (token.IsWord("AND") || token.IsWord("OR")) {
            op = ToUpper(token.text);
            precedence = op == "AND" ? kAnd : kOr;
        } else if (token.kind == TokenKind::kSymbol) {
            const auto known =
                std::find_if(kOperators.begin(), kOperators.end(),
                             [&](const Operator &candidate) { return token.text == candidate.symbol; });
            if (known == kOperators.end()) return nullptr;
            op = token.text == "!=" ? "<>" : token.text;
            precedence = known->precedence;
        }
        if (precedence == kNone || precedence <= minimum) return nullptr;
        in_.Next();
        return MakeBinary(std::move(op), std::move(left), Parse(precedence));
    }

    // IS ..., [NOT] IN/BETWEEN/LIKE/ILIKE, ::type. False when none is next.
    bool ParsePostfix(ExprPtr &left, int minimum) {
        if (in_.AcceptSymbol("::")) {
            left = MakeCast(std::move(left), false);
            return true;
        }
        if (minimum < kIs && in_.AcceptWord("IS")) {
            left = ParseIs(std::move(left));
            return true;
        }
        const bool negated = in_.Peek().IsWord("NOT");
        const Token &word = in_.Peek(negated ? 1 : 0);
        const bool like = word.IsWord("LIKE") || word.IsWord("ILIKE");
        if (minimum >= kLike || (!like && !word.IsWord("IN") && !word.IsWord("BETWEEN"))) return false;
        if (negated) in_.Next();
        const std::string op = ToUpper(in_.Next().text);
        left = like ? ParseLike(std::move(left), op)
                    : (op == "IN" ? ParseIn(std::move(left)) : ParseBetween(std::move(left)));
        left->negated = negated;
        return true;
    }

    ExprPtr ParseIs(ExprPtr left) {
        const bool negated = in_.AcceptWord("NOT");
        if (in_.AcceptWords({"DISTINCT", "FROM"}))
            return MakeBinary(negated ? "IS NOT DISTINCT FROM" : "IS DISTINCT FROM", std::move(left),
                              Parse(kIs));
        ExprPtr expr;
        if (in_.AcceptWord("NULL")) {
            expr = Make(ExprKind::kIsNull);
        } else if (in_.PeekWords({"TRUE"}) || in_.PeekWords({"FALSE"}) || in_.PeekWords({"UNKNOWN"})) {
            expr = Make(ExprKind::kIsBoolean, ToUpper(in_.Next().text));
        } else {
            in_.FailExpected("[NOT] NULL | TRUE | FALSE | DISTINCT | [form] NORMALIZED FROM after IS");
        }
        expr->negated = negated;
        expr->args.push_back(std::move(left));
        return expr;
    }

    ExprPtr ParseLike(ExprPtr left, const std::string &op) {
        ExprPtr expr = Make(ExprKind::kLike, op);
        expr->args.push_back(std::move(left));
        expr->args.push_back(Parse(kLike));
        if (in_.AcceptWord("ESCAPE")) expr->args.push_back(MakeLiteral(Value::Text(in_.ExpectString())));
        return expr;
    }

    ExprPtr ParseIn(ExprPtr left) {
        in_.ExpectSymbol("(");
        const bool subquery = StartsSelect(in_);
        ExprPtr expr = Make(subquery ? ExprKind::kInSelect : ExprKind::kInList);
        expr->args.push_back(std::move(left));
        if (subquery) {
            expr->select = ParseSelect(in_);
        } else {
            for (ExprPtr &element : ParseExprList(in_)) expr->args.push_back(std::move(element));
        }
        in_.ExpectSymbol(")");
        return expr;
    }

    ExprPtr ParseBetween(ExprPtr left) {
        ExprPtr expr = Make(ExprKind::kBetween);
        expr->args.push_back(std::move(left));
        expr->args.push_back(Parse(kBetweenIn));
        in_.ExpectWord("AND");
        expr->args.push_back(Parse(kBetweenIn));
        return expr;
    }

    ExprPtr ParsePrimary() {
        const Token &token = in_.Peek();
        switch (token.kind) {
            case TokenKind::kNumber:
                return NumberLiteral(in_.Next().text);
            case TokenKind::kString:
                return MakeLiteral(Value::Text(in_.Next().text));
            case TokenKind::kQuotedWord:
                return ParseNamed();
            case TokenKind::kWord:
                return ParseWord();
            default:
                if (token.IsSymbol("(")) return ParseParenthesised();
                in_.FailExpected("an expression");
        }
    }

    ExprPtr ParseParenthesised() {
        in_.ExpectSymbol("(");
        ExprPtr expr;
        if (StartsSelect(in_)) {
            expr = Make(ExprKind::kScalarSelect);
            expr->select = ParseSelect(in_);
        } else {
            expr = Parse(kNone);
        }
        in_.ExpectSymbol(")");
        return expr;
    }

    ExprPtr ParseWord() {
        if (in_.AcceptWord("NULL")) return MakeLiteral(Value());
        if (in_.PeekWords({"TRUE"}) || in_.PeekWords({"FALSE"}))
            return MakeLiteral(Value::Bool(in_.Next().IsWord("TRUE")));
        if (in_.AcceptWord("CASE")) return ParseCase();
        if (in_.PeekWords({"EXISTS"}) && in_.Peek(1).IsSymbol("(")) return ParseExists();
        const bool call = in_.Peek(1).IsSymbol("(");
        if (call && (in_.PeekWords({"CAST"}) || in_.PeekWords({"TRY_CAST"}))) return ParseCast();
        if (call && in_.PeekWords({"EXTRACT"})) return ParseExtract();
        if (call && in_.PeekWords({"POSITION"})) return ParsePosition();
        if (call && (in_.PeekWords({"SUBSTRING"}) || in_.PeekWords({"TRIM"}))) return ParseKeywordCall();
        if (in_.Peek(1).kind == TokenKind::kString && IsTypeWord(in_.Peek())) return ParseTypedLiteral();
        if (in_.PeekWords({"CURRENT_TIMESTAMP"}) || in_.PeekWords({"CURRENT_DATE"}) ||
            in_.PeekWords({"CURRENT_TIME"}))
            return ParseBareFunction();
        const std::string upper = ToUpper(in_.Peek().text);
        static constexpr auto kNoStart = std::to_array<std::string_view>(
            {"FROM", "WHERE", "GROUP", "ORDER", "HAVING", "LIMIT", "OFFSET", "UNION", "AND", "OR", "ON", "AS",
             "SELECT", "THEN", "WHEN", "ELSE", "END", "IN", "IS"});
        if (std::find(kNoStart.begin(), kNoStart.end(), upper) != kNoStart.end())
            in_.FailExpected("an expression");
        return ParseNamed();
    }

    static bool IsTypeWord(const Token &token) {
        return token.IsWord("DATE") || token.IsWord("TIMESTAMP") || token.IsWord("TIME") ||
               token.IsWord("INTERVAL");
    }

    ExprPtr ParseTypedLiteral() {
        if (in_.AcceptWord("INTERVAL")) return ParseInterval(in_.ExpectString());
        ExprPtr cast = Make(ExprKind::kCast);
        cast->type = ParseType(in_).type;
        cast->args.push_back(MakeLiteral(Value::Text(in_.ExpectString())));
        return cast;
    }

    // '1 day', '2 hours 30 minutes', or a number with the unit behind the string.
    ExprPtr ParseInterval(const std::string &text) {
        std::vector<Token> words = Tokenize(text);
        if (in_.Peek().kind == TokenKind::kWord && UnitMicros(in_.Peek().text) != 0) {
            words.pop_back();
            Token unit = in_.Next();
            words.push_back(unit);
            words.emplace_back();
        }
        std::int64_t micros = 0;
        for (std::size_t i = 0; i + 2 < words.size() + 0; i += 2) {
            const bool negative = words[i].IsSymbol("-");
            if (negative) ++i;
            double amount = 0;
            const std::string &digits = words[i].text;
            const auto parsed = std::from_chars(digits.data(), digits.data() + digits.size(), amount);
            const std::int64_t unit = i + 1 < words.size() ? UnitMicros(words[i + 1].text) : 0;
            if (parsed.ec != std::errc() || unit == 0 || amount > 1e9)
                throw SqlError{"Unsupported interval '" + text + "'"};
            micros += static_cast<std::int64_t>((negative ? -amount : amount) * static_cast<double>(unit));
        }
        ExprPtr expr = Make(ExprKind::kIntervalLiteral);
        expr->literal = Value::Int(micros);
        return expr;
    }

    static std::int64_t UnitMicros(const std::string &word) {
        std::string unit = FoldCase(word);
        if (unit.ends_with('s')) unit.pop_back();
        if (unit == "microsecond") return 1;
        if (unit == "millisecond") return 1'000;
        if (unit == "second") return 1'000'000;
        if (unit == "minute") return 60'000'000;
        if (unit == "hour") return 3'600'000'000;
        if (unit == "day") return 86'400'000'000;
        if (unit == "week") return 7 * 86'400'000'000;
        return 0;
    }

    ExprPtr ParseBareFunction() {
        ExprPtr expr = Make(ExprKind::kFunction, FoldCase(in_.Next().text));
        if (in_.AcceptSymbol("(")) in_.ExpectSymbol(")");
        return expr;
    }

    ExprPtr ParseCase() {
        ExprPtr expr = Make(ExprKind::kCase);
        expr->has_operand = !in_.Peek().IsWord("WHEN");
        if (expr->has_operand) expr->args.push_back(Parse(kNone));
        while (in_.AcceptWord("WHEN")) {
            expr->args.push_back(Parse(kNone));
            in_.ExpectWord("THEN");
            expr->args.push_back(Parse(kNone));
        }
        if (expr->args.size() < 2) in_.FailExpected("WHEN");
        expr->has_else = in_.AcceptWord("ELSE");
        if (expr->has_else) expr->args.push_back(Parse(kNone));
        in_.ExpectWord("END");
        return expr;
    }

    ExprPtr ParseExists() {
        in_.ExpectWord("EXISTS");
        in_.ExpectSymbol("(");
        ExprPtr expr = Make(ExprKind::kExists);
        expr->select = ParseSelect(in_);
        in_.ExpectSymbol(")");
        return expr;
    }

    ExprPtr MakeCast(ExprPtr value, bool lenient) {
        ExprPtr expr = Make(ExprKind::kCast, lenient ? "TRY" : "");
        expr->args.push_back(std::move(value));
        expr->type = ParseType(in_).type;
        return expr;
    }

    ExprPtr ParseCast() {
        const bool lenient = in_.Next().IsWord("TRY_CAST");
        in_.ExpectSymbol("(");
        ExprPtr value = Parse(kNone);
        in_.ExpectWord("AS");
        ExprPtr expr = MakeCast(std::move(value), lenient);
        in_.ExpectSymbol(")");
        return expr;
    }

    // EXTRACT(field FROM x) is date_part('field', x).
    ExprPtr ParseExtract() {
        in_.ExpectWord("EXTRACT");
        in_.ExpectSymbol("(");
        ExprPtr expr = Make(ExprKind::kFunction, "date_part");
        expr->args.push_back(MakeLiteral(Value::Text(FoldCase(in_.Next().text))));
        in_.ExpectWord("FROM");
        expr->args.push_back(Parse(kNone));
        in_.ExpectSymbol(")");
        return expr;
    }

    // POSITION(x IN y) is strpos(y, x).
    ExprPtr ParsePosition() {
        in_.ExpectWord("POSITION");
        in_.ExpectSymbol("(");
        ExprPtr expr = Make(ExprKind::kFunction, "strpos");
        ExprPtr needle = Parse(kBetweenIn);
        in_.ExpectWord("IN");
        expr->args.push_back(Parse(kNone));
        expr->args.push_back(std::move(needle));
        in_.ExpectSymbol(")");
        return expr;
    }

    // SUBSTRING(x FROM 1 FOR 2), TRIM(BOTH 'c' FROM x), and their plain forms.
    ExprPtr ParseKeywordCall() {
        ExprPtr expr = Make(ExprKind::kFunction, FoldCase(in_.Next().text));
        in_.ExpectSymbol("(");
        if (in_.AcceptWord("LEADING"))
            expr->op = "ltrim";
        else if (in_.AcceptWord("TRAILING"))
            expr->op = "rtrim";
        else
            in_.AcceptWord("BOTH");
        if (!in_.AcceptWord("FROM")) expr->args.push_back(Parse(kNone));
        while (in_.AcceptSymbol(",") || in_.AcceptWord("FROM") || in_.AcceptWord("FOR"))
            expr->args.push_back(Parse(kNone));
        const bool trim_from = expr->op.ends_with("trim") && expr->args.size() == 2;
        if (trim_from) std::swap(expr->args[0], expr->args[1]);
        in_.ExpectSymbol(")");
        return expr;
    }

    // A column, t.*, or a call.
    ExprPtr ParseNamed() {
        ExprPtr expr = Make(ExprKind::kColumn);
        expr->names.push_back(FoldedName(in_.ExpectName()));
        if (in_.Peek().IsSymbol("(")) return ParseCall(std::move(expr));
        while (in_.AcceptSymbol(".")) {
            if (in_.AcceptSymbol("*")) {
                expr->kind = ExprKind::kStar;
                return expr;
            }
            expr->names.push_back(FoldedName(in_.ExpectName()));
        }
        return expr;
    }

    ExprPtr ParseCall(ExprPtr expr) {
        expr->kind = ExprKind::kFunction;
        expr->op = FoldCase(expr->names[0]);
        expr->names.clear();
        in_.ExpectSymbol("(");
        expr->distinct = in_.AcceptWord("DISTINCT");
        if (in_.AcceptSymbol("*")) {
            expr->args.push_back(Make(ExprKind::kStar));
        } else if (!in_.Peek().IsSymbol(")")) {
            expr->args = ParseExprList(in_);
        }
        in_.ExpectSymbol(")");
        if (in_.AcceptWord("FILTER")) {
            in_.ExpectSymbol("(");
            in_.ExpectWord("WHERE");
            expr->filter = Parse(kNone);
            in_.ExpectSymbol(")");
        }
        if (in_.AcceptWord("OVER")) expr->window = ParseWindow();
        return expr;
    }

    std::unique_ptr<WindowSpec> ParseWindow() {
        auto window = std::make_unique<WindowSpec>();
        in_.ExpectSymbol("(");
        if (in_.AcceptWords({"PARTITION", "BY"})) window->partition_by = ParseExprList(in_);
        if (in_.AcceptWords({"ORDER", "BY"})) window->order_by = ParseOrderBy(in_);
        in_.ExpectSymbol(")");
        return window;
    }

    static ExprPtr NumberLiteral(const std::string &text) {
        const char *end = text.data() + text.size();
        std::int64_t integer = 0;
        const auto whole = std::from_chars(text.data(), end, integer);
        if (whole.ec == std::errc() && whole.ptr == end) return MakeLiteral(Value::Int(integer));
        std::uint64_t large = 0;
        const auto unsigned_whole = std::from_chars(text.data(), end, large);
        if (unsigned_whole.ec == std::errc() && unsigned_whole.ptr == end)
            return MakeLiteral(Value::UInt(large));
        double real = 0;
        std::from_chars(text.data(), end, real);
        return MakeLiteral(Value::Double(real));
    }

    Cursor &in_;
};

}  // namespace

ExprPtr ParseExpr(Cursor &cursor) {
    return ExprParser(cursor).Parse(kNone);
}

std::vector<ExprPtr> ParseExprList(Cursor &cursor) {
    std::vector<ExprPtr> list;
    do list.push_back(ParseExpr(cursor));
    while (cursor.AcceptSymbol(","));
    return list;
}

}  // namespace kalam::devserver::sql
