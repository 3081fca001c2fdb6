// Decides whose rows a statement works on (user_scope.h).
#include "backend/fdw/user_scope.h"

extern "C" {
#include "miscadmin.h"
#include "utils/acl.h"
}

#include "backend/catalog/remote_facts.h"
#include "backend/guc.h"

namespace kalam::backend::fdw {

using catalog::TableIdentity;

namespace {

void CheckUserId(const char *user_id) {
    if (CanBeUserId(user_id)) return;
    ereport(ERROR, errcode(ERRCODE_INVALID_PARAMETER_VALUE),
            errmsg("invalid value for \"_userid\": \"%s\"", user_id),
            errdetail("A KalamDB user id may not be empty, contain \"..\", \"/\", \"\\\" or control "
                      "characters, nor begin or end with a blank."));
}

// Whether the current role may act for other users: it could set kalam.user_id to any of them.
bool MayChooseUser(const Endpoint *endpoint) {
    if (endpoint->pinned_user_id != nullptr) return false;
    return superuser() || pg_parameter_aclcheck(guc::kUserIdName, GetUserId(), ACL_SET) == ACLCHECK_OK;
}

bool Same(const char *a, const char *b) {
    return a != nullptr && b != nullptr && strcmp(a, b) == 0;
}

}  // namespace

ReadScope ScopeOfRead(const Endpoint *endpoint, const TableIdentity *identity, const char *asked,
                      bool may_route) {
    catalog::RequireDeclaredType(endpoint, identity);
    if (!common::NeedsUser(identity->type)) return {.user_id = nullptr, .nothing = false};
    if (asked != nullptr && may_route && superuser() && endpoint->pinned_user_id == nullptr) {
        return {.user_id = asked, .nothing = !CanBeUserId(asked)};
    }
    const char *own = RequireUserId(endpoint, "query", identity->qualified_name);
    return {.user_id = own, .nothing = asked != nullptr && !Same(asked, own)};
}

const char *ScopeOfInsert(const Endpoint *endpoint, const TableIdentity *identity, const char *asked) {
    catalog::RequireDeclaredType(endpoint, identity);
    if (!common::NeedsUser(identity->type)) return nullptr;
    if (asked == nullptr) return RequireUserId(endpoint, "insert into", identity->qualified_name);
    CheckUserId(asked);
    if (!Same(asked, CurrentUserId(endpoint)) && !MayChooseUser(endpoint))
        ereport(ERROR, errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
                errmsg("permission denied to insert rows of user \"%s\" into \"%s\"", asked,
                       identity->qualified_name),
                errhint("The role works as the user in %s; choosing another one needs GRANT SET ON PARAMETER "
                        "%s.",
                        guc::kUserIdName, guc::kUserIdName));
    return asked;
}

const char *ScopeOfChange(const Endpoint *endpoint, const TableIdentity *identity, const char *doing) {
    catalog::RequireDeclaredType(endpoint, identity);
    if (!common::NeedsUser(identity->type)) return nullptr;
    return RequireUserId(endpoint, doing, identity->qualified_name);
}

}  // namespace kalam::backend::fdw
