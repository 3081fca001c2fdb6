// See primary_parser.h.
#include "devserver/sql/primary_parser.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include "devserver/sql/column_parser.h"
#include "devserver/sql/names.h"

namespace kalam::devserver::sql {
namespace {

class PrimaryParser {
 public:
    explicit PrimaryParser(Cursor &cursor) : in_(cursor) {}

    ExprPtr Parse() {
        const Token &token = in_.Peek();
        switch (token.kind) {
            case TokenKind::kNumber:
                return MakeNumber(in_.Next().text);
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

 private:
    ExprPtr ParseParenthesised() {
        in_.ExpectSymbol("(");
        ExprPtr expr;
        if (StartsSelect(in_)) {
            expr = MakeExpr(ExprKind::kScalarSelect);
            expr->select = ParseSelect(in_);
        } else {
            expr = ParseExpr(in_);
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
        ExprPtr cast = MakeExpr(ExprKind::kCast);
        cast->type = ParseType(in_).type;
        cast->args.push_back(MakeLiteral(Value::Text(in_.ExpectString())));
        return cast;
    }

    // '1 day', '2 hours 30 minutes', or a number with the unit behind the string.
    ExprPtr ParseInterval(const std::string &text) {
        constexpr double kMostMicros = 9e18;
        std::vector<Token> words = Tokenize(text);
        words.pop_back();  // the end
        if (in_.Peek().kind == TokenKind::kWord && UnitMicros(in_.Peek().text) != 0)
            words.push_back(in_.Next());
        double micros = 0;
        for (std::size_t i = 0; i < words.size();) {
            const bool negative = words[i].IsSymbol("-");
            if (negative) ++i;
            double amount = 0;
            if (i < words.size()) {
                const std::string &digits = words[i].text;
                if (std::from_chars(digits.data(), digits.data() + digits.size(), amount).ec != std::errc())
                    amount = HUGE_VAL;
            }
            const std::int64_t unit = i + 1 < words.size() ? UnitMicros(words[i + 1].text) : 0;
            micros += (negative ? -amount : amount) * static_cast<double>(unit);
            if (unit == 0 || !(std::fabs(micros) < kMostMicros))
                throw SqlError{"Unsupported interval '" + text + "'"};
            i += 2;
        }
        ExprPtr expr = MakeExpr(ExprKind::kIntervalLiteral);
        expr->literal = Value::Int(static_cast<std::int64_t>(micros));
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
        ExprPtr expr = MakeExpr(ExprKind::kFunction, FoldCase(in_.Next().text));
        if (in_.AcceptSymbol("(")) in_.ExpectSymbol(")");
        return expr;
    }

    ExprPtr ParseCase() {
        ExprPtr expr = MakeExpr(ExprKind::kCase);
        expr->has_operand = !in_.Peek().IsWord("WHEN");
        if (expr->has_operand) expr->args.push_back(ParseExpr(in_));
        while (in_.AcceptWord("WHEN")) {
            expr->args.push_back(ParseExpr(in_));
            in_.ExpectWord("THEN");
            expr->args.push_back(ParseExpr(in_));
        }
        if (expr->args.size() < 2) in_.FailExpected("WHEN");
        expr->has_else = in_.AcceptWord("ELSE");
        if (expr->has_else) expr->args.push_back(ParseExpr(in_));
        in_.ExpectWord("END");
        return expr;
    }

    ExprPtr ParseExists() {
        in_.ExpectWord("EXISTS");
        in_.ExpectSymbol("(");
        ExprPtr expr = MakeExpr(ExprKind::kExists);
        expr->select = ParseSelect(in_);
        in_.ExpectSymbol(")");
        return expr;
    }

    ExprPtr ParseCast() {
        const bool lenient = in_.Next().IsWord("TRY_CAST");
        in_.ExpectSymbol("(");
        ExprPtr value = ParseExpr(in_);
        in_.ExpectWord("AS");
        ExprPtr expr = ParseCastTarget(in_, std::move(value), lenient);
        in_.ExpectSymbol(")");
        return expr;
    }

    // EXTRACT(field FROM x) is date_part('field', x).
    ExprPtr ParseExtract() {
        in_.ExpectWord("EXTRACT");
        in_.ExpectSymbol("(");
        ExprPtr expr = MakeExpr(ExprKind::kFunction, "date_part");
        expr->args.push_back(MakeLiteral(Value::Text(FoldCase(in_.Next().text))));
        in_.ExpectWord("FROM");
        expr->args.push_back(ParseExpr(in_));
        in_.ExpectSymbol(")");
        return expr;
    }

    // POSITION(x IN y) is strpos(y, x).
    ExprPtr ParsePosition() {
        in_.ExpectWord("POSITION");
        in_.ExpectSymbol("(");
        ExprPtr expr = MakeExpr(ExprKind::kFunction, "strpos");
        ExprPtr needle = ParseOperand(in_);
        in_.ExpectWord("IN");
        expr->args.push_back(ParseExpr(in_));
        expr->args.push_back(std::move(needle));
        in_.ExpectSymbol(")");
        return expr;
    }

    // SUBSTRING(x FROM 1 FOR 2), TRIM(BOTH 'c' FROM x), and their plain forms.
    ExprPtr ParseKeywordCall() {
        ExprPtr expr = MakeExpr(ExprKind::kFunction, FoldCase(in_.Next().text));
        in_.ExpectSymbol("(");
        if (in_.AcceptWord("LEADING"))
            expr->op = "ltrim";
        else if (in_.AcceptWord("TRAILING"))
            expr->op = "rtrim";
        else
            in_.AcceptWord("BOTH");
        if (!in_.AcceptWord("FROM")) expr->args.push_back(ParseExpr(in_));
        while (in_.AcceptSymbol(",") || in_.AcceptWord("FROM") || in_.AcceptWord("FOR"))
            expr->args.push_back(ParseExpr(in_));
        const bool trim_from = expr->op.ends_with("trim") && expr->args.size() == 2;
        if (trim_from) std::swap(expr->args[0], expr->args[1]);
        in_.ExpectSymbol(")");
        return expr;
    }

    // A column, t.*, or a call.
    ExprPtr ParseNamed() {
        ExprPtr expr = MakeExpr(ExprKind::kColumn);
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
            expr->args.push_back(MakeExpr(ExprKind::kStar));
        } else if (!in_.Peek().IsSymbol(")")) {
            expr->args = ParseExprList(in_);
        }
        in_.ExpectSymbol(")");
        if (in_.AcceptWord("FILTER")) {
            in_.ExpectSymbol("(");
            in_.ExpectWord("WHERE");
            expr->filter = ParseExpr(in_);
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

    Cursor &in_;
};

}  // namespace

ExprPtr ParsePrimary(Cursor &cursor) {
    return PrimaryParser(cursor).Parse();
}

ExprPtr MakeExpr(ExprKind kind, std::string op) {
    auto expr = std::make_unique<Expr>();
    expr->kind = kind;
    expr->op = std::move(op);
    return expr;
}

ExprPtr MakeLiteral(Value value) {
    ExprPtr expr = MakeExpr(ExprKind::kLiteral);
    expr->literal = std::move(value);
    return expr;
}

ExprPtr MakeNumber(const std::string &text) {
    const char *end = text.data() + text.size();
    std::int64_t integer = 0;
    const auto whole = std::from_chars(text.data(), end, integer);
    if (whole.ec == std::errc() && whole.ptr == end) return MakeLiteral(Value::Int(integer));
    std::uint64_t large = 0;
    const auto unsigned_whole = std::from_chars(text.data(), end, large);
    if (unsigned_whole.ec == std::errc() && unsigned_whole.ptr == end) return MakeLiteral(Value::UInt(large));
    double real = 0;
    std::from_chars(text.data(), end, real);
    return MakeLiteral(Value::Double(real));
}

ExprPtr ParseCastTarget(Cursor &cursor, ExprPtr value, bool lenient) {
    ExprPtr expr = MakeExpr(ExprKind::kCast, lenient ? "TRY" : "");
    expr->args.push_back(std::move(value));
    expr->type = ParseType(cursor).type;
    return expr;
}

}  // namespace kalam::devserver::sql
