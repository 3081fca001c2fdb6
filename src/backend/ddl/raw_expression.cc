// Deparses a stored expression and parses the text again (raw_expression.h): PostgreSQL guarantees for its own
// output what nothing guarantees for a user's text.
#include "backend/ddl/raw_expression.h"

extern "C" {
#include "nodes/parsenodes.h"
#include "parser/parser.h"
#include "utils/lsyscache.h"
#include "utils/ruleutils.h"
}

namespace kalam::backend::ddl {

Node *RawExpression(const char *stored, Oid relid) {
    Node *expression = static_cast<Node *>(stringToNode(stored));
    const char *text =
        deparse_expression(expression, deparse_context_for(get_rel_name(relid), relid), false, false);
    List *parsed = raw_parser(text, RAW_PARSE_PLPGSQL_EXPR);
    const auto *select = castNode(SelectStmt, castNode(RawStmt, linitial(parsed))->stmt);
    return castNode(ResTarget, linitial(select->targetList))->val;
}

}  // namespace kalam::backend::ddl
