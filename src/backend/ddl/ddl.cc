// The two hooks of DDL mirroring and the table of handlers (ddl.h). Called by PostgreSQL for every utility
// statement and every dropped object; statements about anything else cost one switch on the node tag here.
#include "backend/ddl/ddl.h"

#include "backend/ddl/restore.h"
#include "backend/ddl/utility_call.h"
#include "backend/dropped_servers.h"
#include "backend/fdw/open_scans.h"

extern "C" {
#include "access/xact.h"
#include "catalog/objectaccess.h"
#include "catalog/pg_class.h"
#include "catalog/pg_user_mapping.h"
}

namespace kalam::backend::ddl {

namespace {

ProcessUtility_hook_type previous_utility_hook = nullptr;
object_access_hook_type previous_access_hook = nullptr;

using Handler = bool (*)(const UtilityCall &call);

// A cursor shows the rows of this moment.
bool DeclareCursor(const UtilityCall &call) {
    RunLocally(call);
    fdw::AskOpenScans(nullptr);
    return true;
}

Handler HandlerFor(NodeTag tag) {
    switch (tag) {
        case T_CreateStmt:
            return CreateTable;
        case T_CreateForeignTableStmt:
            return CreateForeignTable;
        case T_CreateTableAsStmt:
            return CreateTableAs;
        case T_AlterTableStmt:
            return AlterTable;
        case T_AlterEnumStmt:
            return AlterEnum;
        case T_RenameStmt:
            return Rename;
        case T_AlterObjectSchemaStmt:
            return SetSchema;
        case T_DropStmt:
            return Drop;
        case T_DropOwnedStmt:
            return DropOwned;
        case T_CommentStmt:
            return Comment;
        case T_CreateUserMappingStmt:
            return CreateUserMapping;
        case T_AlterUserMappingStmt:
            return AlterUserMapping;
        case T_CopyStmt:
            return CopyTo;
        case T_DeclareCursorStmt:
            return DeclareCursor;
        default:
            return nullptr;
    }
}

void OnUtility(PlannedStmt *planned, const char *query_text, bool read_only_tree,
               ProcessUtilityContext context, ParamListInfo params, QueryEnvironment *environment,
               DestReceiver *receiver, QueryCompletion *completion) {
    const UtilityCall call = {.planned = planned,
                              .query_text = query_text,
                              .read_only_tree = read_only_tree,
                              .context = context,
                              .params = params,
                              .environment = environment,
                              .receiver = receiver,
                              .completion = completion};
    if (!IsA(planned->utilityStmt, AlterTableStmt)) EndRestore();
    const Handler handler = HandlerFor(nodeTag(planned->utilityStmt));
    if (handler == nullptr || !handler(call)) RunLocally(call);
}

void OnObjectAccess(ObjectAccessType access, Oid class_id, Oid object_id, int sub_id, void *argument) {
    if (previous_access_hook != nullptr) {
        previous_access_hook(access, class_id, object_id, sub_id, argument);
    }
    if (access == OAT_DROP && class_id == RelationRelationId) {
        RelationIsDropped(object_id, static_cast<AttrNumber>(sub_id));
    }
    if (access == OAT_DROP && class_id == ForeignServerRelationId) ServerIsDropped(object_id);
    if (access == OAT_DROP && class_id == UserMappingRelationId) UserMappingIsDropped(object_id);
}

PlannedStmt *WrapStatement(Node *statement, const PlannedStmt *original) {
    PlannedStmt *planned = makeNode(PlannedStmt);
    planned->commandType = CMD_UTILITY;
    planned->canSetTag = original == nullptr ? false : original->canSetTag;
    planned->utilityStmt = statement;
    planned->stmt_location = original == nullptr ? -1 : original->stmt_location;
    planned->stmt_len = original == nullptr ? 0 : original->stmt_len;
    return planned;
}

}  // namespace

void InitDdl() {
    previous_utility_hook = ProcessUtility_hook;
    ProcessUtility_hook = OnUtility;
    previous_access_hook = object_access_hook;
    object_access_hook = OnObjectAccess;
}

void RunLocally(const UtilityCall &call) {
    const auto run = previous_utility_hook != nullptr ? previous_utility_hook : standard_ProcessUtility;
    run(call.planned, call.query_text, call.read_only_tree, call.context, call.params, call.environment,
        call.receiver, call.completion);
}

void RunLocally(const UtilityCall &call, Node *statement) {
    UtilityCall changed = call;
    changed.planned = WrapStatement(statement, call.planned);
    changed.read_only_tree = false;
    RunLocally(changed);
    CommandCounterIncrement();
}

void RunSubcommand(Node *statement) {
    const UtilityCall call = {.planned = WrapStatement(statement, nullptr),
                              .query_text = "",
                              .read_only_tree = false,
                              .context = PROCESS_UTILITY_SUBCOMMAND,
                              .params = nullptr,
                              .environment = nullptr,
                              .receiver = None_Receiver,
                              .completion = nullptr};
    RunLocally(call);
    CommandCounterIncrement();
}

}  // namespace kalam::backend::ddl
