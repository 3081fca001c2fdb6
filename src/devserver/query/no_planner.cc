// Answers for the planner while SELECT and DML in SQL are being added: each is refused. Weak, so that the planner's own
// definitions win.
#include "devserver/sql/query.h"
#include "devserver/sql/sqlite_functions.h"
namespace kalam::devserver::sql {
QueryKind __attribute__((weak)) KindOf(const Query &) {
    return QueryKind::kSelect;
}
Result<SelectPlan> __attribute__((weak)) PlanSelect(const Query &, SqlCatalog &, const QueryLimits &) {
    return Failure{"no planner"};
}
Result<InsertPlan> __attribute__((weak)) PlanInsert(const Query &, SqlCatalog &) {
    return Failure{"no planner"};
}
Result<ChangePlan> __attribute__((weak)) PlanUpdate(const Query &, SqlCatalog &) {
    return Failure{"no planner"};
}
Result<ChangePlan> __attribute__((weak)) PlanDelete(const Query &, SqlCatalog &) {
    return Failure{"no planner"};
}
int __attribute__((weak)) RegisterFunctions(sqlite3 *, const FunctionSources &) {
    return 0;
}
}  // namespace kalam::devserver::sql
