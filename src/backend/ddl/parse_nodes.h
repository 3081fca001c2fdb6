// Small makers and finders of parse nodes that the handlers of ddl/ share. No catalog, no remote call.
#pragma once

#include "backend/pg.h"

extern "C" {
#include "nodes/parsenodes.h"
}

namespace kalam::backend::ddl {

// A constraint as the parser makes it; `expression` is raw.
Constraint *MakeConstraint(ConstrType kind, Node *expression = nullptr);

// name 'value', copied.
DefElem *MakeOption(const char *name, const char *value);

// The value of an option in a list of DefElem; null if it is not there.
const char *FindOption(List *options, const char *name);

// Takes an option out of the list and returns its value; null if it was not there.
const char *TakeOption(List **options, const char *name);

// The definition of a column in a column list; null if it is not there.
ColumnDef *FindColumn(List *elements, const char *name);

// _seq, _userid, _deleted: columns that KalamDB or pg_kalam adds to every table.
bool IsSystemColumnName(const char *name);

}  // namespace kalam::backend::ddl
