// Expressions by precedence climbing. See query_parser.h.
#include <algorithm>
#include <array>

#include "devserver/sql/primary_parser.h"

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

ExprPtr MakeBinary(std::string op, ExprPtr left, ExprPtr right) {
    ExprPtr expr = MakeExpr(ExprKind::kBinary, std::move(op));
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
            ExprPtr expr = MakeExpr(ExprKind::kUnary, "NOT");
            expr->args.push_back(Parse(kNot));
            return expr;
        }
        if (in_.Peek().IsSymbol("-") || in_.Peek().IsSymbol("+")) {
            const std::string sign = in_.Next().text;
            if (sign == "-" && in_.Peek().kind == TokenKind::kNumber)
                return MakeNumber("-" + in_.Next().text);
            ExprPtr expr = MakeExpr(ExprKind::kUnary, sign);
            expr->args.push_back(Parse(kUnarySign));
            return expr;
        }
        return ParsePrimary(in_);
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
            left = ParseCastTarget(in_, std::move(left), false);
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
            expr = MakeExpr(ExprKind::kIsNull);
        } else if (in_.PeekWords({"TRUE"}) || in_.PeekWords({"FALSE"}) || in_.PeekWords({"UNKNOWN"})) {
            expr = MakeExpr(ExprKind::kIsBoolean, ToUpper(in_.Next().text));
        } else {
            in_.FailExpected("[NOT] NULL | TRUE | FALSE | DISTINCT | [form] NORMALIZED FROM after IS");
        }
        expr->negated = negated;
        expr->args.push_back(std::move(left));
        return expr;
    }

    ExprPtr ParseLike(ExprPtr left, const std::string &op) {
        ExprPtr expr = MakeExpr(ExprKind::kLike, op);
        expr->args.push_back(std::move(left));
        expr->args.push_back(Parse(kLike));
        if (in_.AcceptWord("ESCAPE")) expr->args.push_back(MakeLiteral(Value::Text(in_.ExpectString())));
        return expr;
    }

    ExprPtr ParseIn(ExprPtr left) {
        in_.ExpectSymbol("(");
        const bool subquery = StartsSelect(in_);
        ExprPtr expr = MakeExpr(subquery ? ExprKind::kInSelect : ExprKind::kInList);
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
        ExprPtr expr = MakeExpr(ExprKind::kBetween);
        expr->args.push_back(std::move(left));
        expr->args.push_back(Parse(kBetweenIn));
        in_.ExpectWord("AND");
        expr->args.push_back(Parse(kBetweenIn));
        return expr;
    }

    Cursor &in_;
};

}  // namespace

ExprPtr ParseExpr(Cursor &cursor) {
    return ExprParser(cursor).Parse(kNone);
}

ExprPtr ParseOperand(Cursor &cursor) {
    return ExprParser(cursor).Parse(kBetweenIn);
}

std::vector<ExprPtr> ParseExprList(Cursor &cursor) {
    std::vector<ExprPtr> list;
    do list.push_back(ParseExpr(cursor));
    while (cursor.AcceptSymbol(","));
    return list;
}

}  // namespace kalam::devserver::sql
