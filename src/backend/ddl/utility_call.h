// A utility statement on its way through the hook: ProcessUtility's eight arguments in one struct, so that
// handlers take one parameter and a change of PostgreSQL's signature touches one place. Made by ddl.cc.
#pragma once

#include "backend/pg.h"

extern "C" {
#include "nodes/plannodes.h"
#include "tcop/utility.h"
}

namespace kalam::backend::ddl {

struct UtilityCall {
    PlannedStmt *planned;
    const char *query_text;  // for error positions only: nothing reads the statement's text
    bool read_only_tree;     // the tree is cached: whoever changes it works on a copy
    ProcessUtilityContext context;
    ParamListInfo params;
    QueryEnvironment *environment;
    DestReceiver *receiver;
    QueryCompletion *completion;

    Node *statement() const { return planned->utilityStmt; }
};

// Carries the statement out locally as PostgreSQL (and whoever hooked in before us) does.
void RunLocally(const UtilityCall &call);

// Carries another statement out locally in its place, with the same context.
void RunLocally(const UtilityCall &call, Node *statement);

// Carries a statement of our own out locally, as a part of the one under way; no handler sees it.
void RunSubcommand(Node *statement);

// The handlers, by node tag in ddl.cc. Each is asked about every statement of its kind and returns false, having
// done nothing, for one that does not concern kalam tables.
bool CreateTable(const UtilityCall &call);         // CreateStmt
bool CreateForeignTable(const UtilityCall &call);  // CreateForeignTableStmt
bool CreateTableAs(const UtilityCall &call);       // CreateTableAsStmt
bool AlterTable(const UtilityCall &call);          // AlterTableStmt
bool AlterEnum(const UtilityCall &call);           // AlterEnumStmt
bool Rename(const UtilityCall &call);              // RenameStmt
bool SetSchema(const UtilityCall &call);           // AlterObjectSchemaStmt
bool Drop(const UtilityCall &call);                // DropStmt
bool DropOwned(const UtilityCall &call);           // DropOwnedStmt
bool Comment(const UtilityCall &call);             // CommentStmt
bool CopyTo(const UtilityCall &call);              // CopyStmt
bool CreateUserMapping(const UtilityCall &call);   // CreateUserMappingStmt
bool AlterUserMapping(const UtilityCall &call);    // AlterUserMappingStmt

// A relation or a column (`attnum` not 0) is about to be removed, whatever the reason: by name or by a cascade.
void RelationIsDropped(Oid relid, AttrNumber attnum);

// A user mapping of any wrapper is about to be removed, whatever the reason.
void UserMappingIsDropped(Oid mapping_id);

}  // namespace kalam::backend::ddl
