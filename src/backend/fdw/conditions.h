// Which conditions can be asked of the server: equality of a column with something that does not depend on
// the table, on the types of surface.md section 5. Everything is checked again locally, so a condition may
// only leave rows out that the local check would leave out too. Called by the planning half of fdw/.
#pragma once

#include "backend/fdw/columns.h"
#include "backend/pg.h"

extern "C" {
#include "nodes/pathnodes.h"
}

namespace kalam::backend::fdw {

enum class Role : int {
    kKey,     // key = value: a lookup
    kKeys,    // key = ANY (array): several lookups
    kFilter,  // another column = value: a filter of the scan
    kUser,    // _userid = value: whose rows
};

struct Condition {
    Role role;
    AttrNumber attnum;
    Expr *value;
};

// The foreign table whose conditions are looked at.
struct ConditionTarget {
    PlannerInfo *root;
    Index relid;  // range table index
    Relids relids;
    const catalog::TableIdentity *identity;
    TupleDesc desc;
};

// True and the condition if the clause can be asked of the server. The value may refer to other relations
// (a parameterised path).
bool FindCondition(const ConditionTarget &target, Expr *clause, Condition *condition);

// Of the clauses (List of RestrictInfo *), those to ask for (List of palloc'd Condition *): the key's alone
// if there is one, since a lookup takes no filters; _userid's in any case.
List *ChooseConditions(const ConditionTarget &target, const List *clauses);

}  // namespace kalam::backend::fdw
