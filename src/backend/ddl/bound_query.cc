// Replaces parameters by constants and deparses (bound_query.h).
#include "backend/ddl/bound_query.h"

extern "C" {
#include "nodes/makefuncs.h"
#include "nodes/nodeFuncs.h"
#include "utils/datum.h"
#include "utils/lsyscache.h"
#include "utils/ruleutils.h"
}

namespace kalam::backend::ddl {

namespace {

Const *ValueOf(const Param *param, ParamListInfo params) {
    if (params == nullptr || param->paramid < 1 || param->paramid > params->numParams) {
        ereport(ERROR,
                (errcode(ERRCODE_UNDEFINED_PARAMETER), errmsg("there is no parameter $%d", param->paramid)));
    }
    ParamExternData fetched;
    const ParamExternData *value = &params->params[param->paramid - 1];
    if (params->paramFetch != nullptr) value = params->paramFetch(params, param->paramid, false, &fetched);
    int16 length;
    bool by_value;
    get_typlenbyval(param->paramtype, &length, &by_value);
    const Datum datum = value->isnull ? Datum{0} : datumCopy(value->value, by_value, length);
    return makeConst(param->paramtype, param->paramtypmod, param->paramcollid, length, datum, value->isnull,
                     by_value);
}

Node *Bind(Node *node, void *context) {
    if (node == nullptr) return nullptr;
    if (IsA(node, Param) && castNode(Param, node)->paramkind == PARAM_EXTERN) {
        return reinterpret_cast<Node *>(ValueOf(castNode(Param, node), static_cast<ParamListInfo>(context)));
    }
    if (IsA(node, Query)) {
        return reinterpret_cast<Node *>(
            query_tree_mutator(castNode(Query, node), compat::AsTreeMutator(Bind), context, 0));
    }
    return expression_tree_mutator(node, compat::AsTreeMutator(Bind), context);
}

}  // namespace

const char *BoundQueryText(const Query *query, ParamListInfo params) {
    Node *copy = static_cast<Node *>(copyObjectImpl(query));
    return pg_get_querydef(castNode(Query, Bind(copy, params)), false);
}

}  // namespace kalam::backend::ddl
