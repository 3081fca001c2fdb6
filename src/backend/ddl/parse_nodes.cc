// Makers and finders of parse nodes (parse_nodes.h).
#include "backend/ddl/parse_nodes.h"

#include <initializer_list>

extern "C" {
#include "commands/defrem.h"
#include "nodes/makefuncs.h"
#include "nodes/value.h"
}

namespace kalam::backend::ddl {

Constraint *MakeConstraint(ConstrType kind, Node *expression) {
    Constraint *constraint = makeNode(Constraint);
    constraint->contype = kind;
    constraint->location = -1;
    constraint->raw_expr = expression;
    constraint->initially_valid = true;
    compat::MarkEnforced(constraint);
    return constraint;
}

DefElem *MakeOption(const char *name, const char *value) {
    return makeDefElem(pstrdup(name), reinterpret_cast<Node *>(makeString(pstrdup(value))), -1);
}

const char *FindOption(List *options, const char *name) {
    ListCell *cell;
    foreach (cell, options) {
        auto *option = static_cast<DefElem *>(lfirst(cell));
        if (strcmp(option->defname, name) == 0) return defGetString(option);
    }
    return nullptr;
}

const char *TakeOption(List **options, const char *name) {
    const char *value = FindOption(*options, name);
    ListCell *cell;
    foreach (cell, *options) {
        if (strcmp(static_cast<DefElem *>(lfirst(cell))->defname, name) == 0) {
            *options = foreach_delete_current(*options, cell);
        }
    }
    return value;
}

ColumnDef *FindColumn(List *elements, const char *name) {
    ListCell *cell;
    foreach (cell, elements) {
        auto *node = static_cast<Node *>(lfirst(cell));
        if (IsA(node, ColumnDef) && strcmp(castNode(ColumnDef, node)->colname, name) == 0) {
            return castNode(ColumnDef, node);
        }
    }
    return nullptr;
}

bool IsSystemColumnName(const char *name) {
    for (const char *known : {"_seq", "_userid", "_deleted"}) {
        if (strcmp(name, known) == 0) return true;
    }
    return false;
}

}  // namespace kalam::backend::ddl
