// SELECT, INSERT, UPDATE, DELETE. See query_parser.h.
#include "devserver/sql/query_parser.h"

#include <algorithm>
#include <array>

namespace kalam::devserver::sql {
namespace {

// Words that end an element of FROM or a select item, and so are no alias without AS.
bool CanBeAlias(const Token &token) {
    static constexpr auto kStops = std::to_array<std::string_view>(
        {"FROM",      "WHERE",  "GROUP",     "HAVING",  "ORDER", "LIMIT",  "OFFSET", "FETCH",
         "UNION",     "EXCEPT", "INTERSECT", "ON",      "USING", "JOIN",   "INNER",  "LEFT",
         "RIGHT",     "FULL",   "CROSS",     "NATURAL", "SET",   "VALUES", "AS",     "WITH",
         "RETURNING", "WINDOW", "AND",       "OR",      "SELECT"});
    if (token.kind == TokenKind::kQuotedWord) return true;
    if (token.kind != TokenKind::kWord) return false;
    return std::find(kStops.begin(), kStops.end(), ToUpper(token.text)) == kStops.end();
}

std::string ParseAlias(Cursor &cursor) {
    if (cursor.AcceptWord("AS") || CanBeAlias(cursor.Peek())) return FoldedName(cursor.ExpectName());
    return {};
}

SelectItem ParseItem(Cursor &cursor) {
    SelectItem item;
    if (cursor.AcceptSymbol("*")) {
        item.expr = std::make_unique<Expr>();
        item.expr->kind = ExprKind::kStar;
        return item;
    }
    item.expr = ParseExpr(cursor);
    if (item.expr->kind != ExprKind::kStar) item.alias = ParseAlias(cursor);
    return item;
}

TableRef ParseTableFactor(Cursor &cursor) {
    TableRef ref;
    if (cursor.AcceptSymbol("(")) {
        ref.select = ParseSelect(cursor);
        cursor.ExpectSymbol(")");
    } else {
        ref.names = ParseQualifiedName(cursor);
    }
    ref.alias = ParseAlias(cursor);
    return ref;
}

// The join words that are next, as SQLite writes them; empty when none are.
std::string AcceptJoin(Cursor &cursor) {
    if (cursor.AcceptSymbol(",") || cursor.AcceptWords({"CROSS", "JOIN"})) return "CROSS JOIN";
    if (cursor.AcceptWord("JOIN") || cursor.AcceptWords({"INNER", "JOIN"})) return "INNER JOIN";
    for (const char *side : {"LEFT", "RIGHT", "FULL"})
        if (cursor.AcceptWords({side, "JOIN"}) || cursor.AcceptWords({side, "OUTER", "JOIN"}))
            return std::string(side) + " JOIN";
    return {};
}

void ParseFrom(Cursor &cursor, SelectCore &core) {
    core.from.push_back(ParseTableFactor(cursor));
    for (std::string join = AcceptJoin(cursor); !join.empty(); join = AcceptJoin(cursor)) {
        TableRef ref = ParseTableFactor(cursor);
        ref.join = join;
        if (cursor.AcceptWord("ON")) {
            ref.on = ParseExpr(cursor);
        } else if (cursor.AcceptWord("USING")) {
            cursor.ExpectSymbol("(");
            do ref.using_columns.push_back(FoldedName(cursor.ExpectName()));
            while (cursor.AcceptSymbol(","));
            cursor.ExpectSymbol(")");
        }
        core.from.push_back(std::move(ref));
    }
}

void ParseValues(Cursor &cursor, SelectCore &core) {
    do {
        cursor.ExpectSymbol("(");
        core.values.push_back(ParseExprList(cursor));
        cursor.ExpectSymbol(")");
    } while (cursor.AcceptSymbol(","));
}

SelectCore ParseCore(Cursor &cursor) {
    SelectCore core;
    if (cursor.AcceptSymbol("(")) {
        core.nested = ParseSelect(cursor);
        cursor.ExpectSymbol(")");
        return core;
    }
    if (cursor.AcceptWord("VALUES")) {
        ParseValues(cursor, core);
        return core;
    }
    if (!cursor.AcceptWord("SELECT")) cursor.FailExpected("SELECT, VALUES, or a subquery in the query body");
    core.distinct = cursor.AcceptWord("DISTINCT");
    if (!core.distinct) cursor.AcceptWord("ALL");
    do core.items.push_back(ParseItem(cursor));
    while (cursor.AcceptSymbol(","));
    if (cursor.AcceptWord("FROM")) ParseFrom(cursor, core);
    if (cursor.AcceptWord("WHERE")) core.where = ParseExpr(cursor);
    if (cursor.AcceptWords({"GROUP", "BY"})) core.group_by = ParseExprList(cursor);
    if (cursor.AcceptWord("HAVING")) core.having = ParseExpr(cursor);
    return core;
}

std::string AcceptSetOperator(Cursor &cursor) {
    if (cursor.AcceptWords({"UNION", "ALL"})) return "UNION ALL";
    for (const char *op : {"UNION", "EXCEPT", "INTERSECT"}) {
        if (!cursor.AcceptWord(op)) continue;
        cursor.AcceptWord("DISTINCT");
        return op;
    }
    return {};
}

void ParseWith(Cursor &cursor, SelectAst &select) {
    if (cursor.PeekWords({"RECURSIVE"}))
        throw SqlError{"This feature is not implemented: recursive common table expressions"};
    do {
        SelectAst::Cte cte;
        cte.name = FoldedName(cursor.ExpectName());
        if (cursor.AcceptSymbol("(")) {
            do cte.columns.push_back(FoldedName(cursor.ExpectName()));
            while (cursor.AcceptSymbol(","));
            cursor.ExpectSymbol(")");
        }
        cursor.ExpectWord("AS");
        cursor.ExpectSymbol("(");
        cte.select = ParseSelect(cursor);
        cursor.ExpectSymbol(")");
        select.with.push_back(std::move(cte));
    } while (cursor.AcceptSymbol(","));
}

void ParseLimits(Cursor &cursor, SelectAst &select) {
    for (;;) {
        if (cursor.AcceptWords({"LIMIT", "ALL"})) continue;
        if (cursor.AcceptWord("LIMIT")) {
            select.limit = ParseExpr(cursor);
        } else if (cursor.AcceptWord("OFFSET")) {
            select.offset = ParseExpr(cursor);
            if (!cursor.AcceptWord("ROWS")) cursor.AcceptWord("ROW");
        } else if (cursor.AcceptWord("FETCH")) {
            if (!cursor.AcceptWord("FIRST")) cursor.ExpectWord("NEXT");
            select.limit = ParseExpr(cursor);
            if (!cursor.AcceptWord("ROWS")) cursor.ExpectWord("ROW");
            cursor.ExpectWord("ONLY");
        } else {
            return;
        }
    }
}

}  // namespace

std::vector<OrderItem> ParseOrderBy(Cursor &cursor) {
    std::vector<OrderItem> items;
    do {
        OrderItem item;
        item.expr = ParseExpr(cursor);
        item.descending = cursor.AcceptWord("DESC");
        if (!item.descending) cursor.AcceptWord("ASC");
        if (cursor.AcceptWords({"NULLS", "FIRST"})) item.nulls_first = true;
        if (cursor.AcceptWords({"NULLS", "LAST"})) item.nulls_first = false;
        items.push_back(std::move(item));
    } while (cursor.AcceptSymbol(","));
    return items;
}

std::vector<std::string> ParseQualifiedName(Cursor &cursor) {
    std::vector<std::string> names;
    do names.push_back(FoldedName(cursor.ExpectName()));
    while (cursor.AcceptSymbol("."));
    return names;
}

bool StartsSelect(const Cursor &cursor) {
    std::size_t ahead = 0;
    while (cursor.Peek(ahead).IsSymbol("(")) ++ahead;
    const Token &token = cursor.Peek(ahead);
    return token.IsWord("SELECT") || token.IsWord("WITH") || token.IsWord("VALUES");
}

SelectPtr ParseSelect(Cursor &cursor) {
    const Cursor::Depth depth(cursor);
    auto select = std::make_unique<SelectAst>();
    if (cursor.AcceptWord("WITH")) ParseWith(cursor, *select);
    select->cores.push_back(ParseCore(cursor));
    for (std::string op = AcceptSetOperator(cursor); !op.empty(); op = AcceptSetOperator(cursor)) {
        select->set_operators.push_back(op);
        select->cores.push_back(ParseCore(cursor));
    }
    if (cursor.AcceptWords({"ORDER", "BY"})) select->order_by = ParseOrderBy(cursor);
    ParseLimits(cursor, *select);
    return select;
}

InsertAst ParseInsert(Cursor &cursor) {
    InsertAst insert;
    cursor.ExpectWord("INTO");
    insert.table = ParseQualifiedName(cursor);
    if (cursor.Peek().IsSymbol("(") && !StartsSelect(cursor)) {
        cursor.ExpectSymbol("(");
        do insert.columns.push_back(FoldedName(cursor.ExpectName()));
        while (cursor.AcceptSymbol(","));
        cursor.ExpectSymbol(")");
    }
    insert.source = ParseSelect(cursor);
    if (cursor.PeekWords({"ON"}))
        throw SqlError{"This feature is not implemented: Insert-on clause not supported"};
    if (cursor.PeekWords({"RETURNING"}))
        throw SqlError{"This feature is not implemented: Insert-returning clause not supported"};
    return insert;
}

UpdateAst ParseUpdate(Cursor &cursor) {
    UpdateAst update;
    update.table = ParseQualifiedName(cursor);
    update.alias = ParseAlias(cursor);
    cursor.ExpectWord("SET");
    do {
        std::string column = ParseQualifiedName(cursor).back();
        cursor.ExpectSymbol("=");
        update.set.emplace_back(std::move(column), ParseExpr(cursor));
    } while (cursor.AcceptSymbol(","));
    if (cursor.AcceptWord("WHERE")) update.where = ParseExpr(cursor);
    return update;
}

DeleteAst ParseDelete(Cursor &cursor) {
    DeleteAst del;
    cursor.ExpectWord("FROM");
    del.table = ParseQualifiedName(cursor);
    del.alias = ParseAlias(cursor);
    if (cursor.AcceptWord("WHERE")) del.where = ParseExpr(cursor);
    return del;
}

}  // namespace kalam::devserver::sql
