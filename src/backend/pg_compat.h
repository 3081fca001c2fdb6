// Differences between PostgreSQL 15, 16, 17 and 18, so that no other file asks for PG_VERSION_NUM. Included
// by backend/pg.h only.
#pragma once

#if PG_VERSION_NUM < 150000
#error "pg_kalam needs PostgreSQL 15 or later"
#endif

extern "C" {
#include "access/tupdesc.h"
#include "catalog/pg_class.h"
#include "catalog/pg_foreign_server.h"
#include "common/base64.h"
#include "nodes/nodes.h"
#include "nodes/parsenodes.h"
#include "storage/latch.h"
#include "storage/proc.h"
#include "utils/acl.h"
#include "utils/wait_event.h"
#if PG_VERSION_NUM >= 160000
#include "varatt.h"  // was part of postgres.h
#endif
}

namespace kalam::backend::compat {

// The number of this process among PGPROCs: 0..MaxBackends-1 in a backend.
inline int32_t MyProcNumber() {
#if PG_VERSION_NUM >= 170000
    return ::MyProcNumber;
#else
    return MyProc->pgprocno;
#endif
}

inline AclResult CheckServerAcl(Oid server_id, Oid role_id, AclMode mode) {
#if PG_VERSION_NUM >= 160000
    return object_aclcheck(ForeignServerRelationId, server_id, role_id, mode);
#else
    return pg_foreign_server_aclcheck(server_id, role_id, mode);
#endif
}

// The length of the base64 text, or -1 if `room` does not hold it.
inline int Base64Encode(const char *source, int length, char *target, int room) {
#if PG_VERSION_NUM >= 180000
    return pg_b64_encode(reinterpret_cast<const uint8 *>(source), length, target, room);
#else
    return pg_b64_encode(source, length, target, room);
#endif
}

inline bool OwnsRelation(Oid relid, Oid role_id) {
#if PG_VERSION_NUM >= 160000
    return object_ownercheck(RelationRelationId, relid, role_id);
#else
    return pg_class_ownercheck(relid, role_id);
#endif
}

inline bool OwnsServer(Oid server_id, Oid role_id) {
#if PG_VERSION_NUM >= 160000
    return object_ownercheck(ForeignServerRelationId, server_id, role_id);
#else
    return pg_foreign_server_ownercheck(server_id, role_id);
#endif
}

// A constraint node is enforced unless NOT ENFORCED is said (PostgreSQL 18).
inline void MarkEnforced([[maybe_unused]] Constraint *constraint) {
#if PG_VERSION_NUM >= 180000
    constraint->is_enforced = true;
#endif
}

// Before PostgreSQL 18 every generated column is stored, and no constraint says so.
inline void SetGeneratedKind([[maybe_unused]] Constraint *constraint, [[maybe_unused]] char kind) {
#if PG_VERSION_NUM >= 180000
    constraint->generated_kind = kind;
#endif
}

// The copy of a CHECK that is NOT ENFORCED (PostgreSQL 18) is so too.
inline void CopyEnforcement([[maybe_unused]] Constraint *copy, [[maybe_unused]] const ConstrCheck &check) {
#if PG_VERSION_NUM >= 180000
    copy->is_enforced = check.ccenforced;
    copy->initially_valid = check.ccenforced;
    copy->skip_validation = !check.ccenforced;
#endif
}

// PostgreSQL 15 declares the callbacks of tree mutators without parameters.
#if PG_VERSION_NUM >= 160000
using TreeMutator = Node *(*)(Node *node, void *context);
inline TreeMutator AsTreeMutator(Node *(*mutator)(Node *, void *)) {
    return mutator;
}
#else
using TreeMutator = Node *(*)();
inline TreeMutator AsTreeMutator(Node *(*mutator)(Node *, void *)) {
    // By way of void (*)(), which is every function's.
    return reinterpret_cast<TreeMutator>(reinterpret_cast<void (*)()>(mutator));
}
#endif

// What pg_stat_activity shows while a backend waits for the worker.
inline uint32 WaitEvent() {
#if PG_VERSION_NUM >= 170000
    static uint32 event = 0;
    if (event == 0) event = WaitEventExtensionNew("KalamWorker");
    return event;
#else
    return PG_WAIT_EXTENSION;
#endif
}

}  // namespace kalam::backend::compat
