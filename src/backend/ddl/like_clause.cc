// Expands LIKE clauses from the catalog (like_clause.h).
#include "backend/ddl/like_clause.h"

#include "backend/catalog/table_identity.h"
#include "backend/ddl/column_list.h"
#include "backend/ddl/parse_nodes.h"
#include "backend/ddl/raw_expression.h"
#include "backend/options.h"

extern "C" {
#include "access/relation.h"
#include "catalog/pg_class.h"
#include "catalog/pg_index.h"
#include "miscadmin.h"
#include "nodes/makefuncs.h"
#include "nodes/parsenodes.h"
#include "nodes/value.h"
#include "storage/lockdefs.h"
#include "utils/acl.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"
#include "utils/relcache.h"
#include "utils/syscache.h"
}

namespace kalam::backend::ddl {

namespace {

const AttrDefault *FindDefault(TupleDesc descriptor, AttrNumber attnum) {
    for (int i = 0; descriptor->constr != nullptr && i < descriptor->constr->num_defval; ++i) {
        if (descriptor->constr->defval[i].adnum == attnum) return &descriptor->constr->defval[i];
    }
    return nullptr;
}

// The default, identity or generation of a column, where the clause includes it.
Constraint *ValueConstraint(Relation source, Form_pg_attribute attribute, bits32 options) {
    if (attribute->attidentity != '\0') {
        if ((options & CREATE_TABLE_LIKE_IDENTITY) == 0) return nullptr;
        Constraint *identity = MakeConstraint(CONSTR_IDENTITY);
        identity->generated_when = attribute->attidentity;
        return identity;
    }
    const AttrDefault *entry = FindDefault(RelationGetDescr(source), attribute->attnum);
    if (entry == nullptr) return nullptr;
    const bool is_generated = attribute->attgenerated != '\0';
    if ((options & (is_generated ? CREATE_TABLE_LIKE_GENERATED : CREATE_TABLE_LIKE_DEFAULTS)) == 0)
        return nullptr;
    Constraint *constraint = MakeConstraint(is_generated ? CONSTR_GENERATED : CONSTR_DEFAULT);
    constraint->generated_when = is_generated ? ATTRIBUTE_IDENTITY_ALWAYS : '\0';
    if (is_generated) compat::SetGeneratedKind(constraint, attribute->attgenerated);
    constraint->raw_expr = RawExpression(entry->adbin, RelationGetRelid(source));
    return constraint;
}

ColumnDef *CopyColumn(Relation source, Form_pg_attribute attribute, bits32 options) {
    ColumnDef *column = makeColumnDef(NameStr(attribute->attname), attribute->atttypid, attribute->atttypmod,
                                      attribute->attcollation);
    if (attribute->attnotnull)
        column->constraints = lappend(column->constraints, MakeConstraint(CONSTR_NOTNULL));
    Constraint *value = ValueConstraint(source, attribute, options);
    if (value != nullptr) column->constraints = lappend(column->constraints, value);
    return column;
}

Constraint *PrimaryKeyOf(AttrNumber attnum, Oid relid) {
    Constraint *constraint = MakeConstraint(CONSTR_PRIMARY);
    constraint->keys = list_make1(makeString(get_attname(relid, attnum, false)));
    return constraint;
}

Constraint *PrimaryKeyOfIndex(HeapTuple tuple, Oid relid) {
    const auto *index = reinterpret_cast<Form_pg_index>(GETSTRUCT(tuple));
    Constraint *constraint = MakeConstraint(CONSTR_PRIMARY);
    for (int i = 0; i < index->indnkeyatts; ++i) {
        constraint->keys =
            lappend(constraint->keys, makeString(get_attname(relid, index->indkey.values[i], false)));
    }
    return constraint;
}

// The primary key of a plain table; other indexes are not taken over.
List *CopyIndexes(Relation source) {
    List *constraints = NIL;
    ListCell *cell;
    foreach (cell, RelationGetIndexList(source)) {
        const Oid index_id = lfirst_oid(cell);
        HeapTuple tuple = SearchSysCache1(INDEXRELID, ObjectIdGetDatum(index_id));
        if (!HeapTupleIsValid(tuple)) elog(ERROR, "cache lookup failed for index %u", index_id);
        if (reinterpret_cast<Form_pg_index>(GETSTRUCT(tuple))->indisprimary) {
            constraints = lappend(constraints, PrimaryKeyOfIndex(tuple, RelationGetRelid(source)));
        } else {
            ereport(NOTICE, (errmsg("index \"%s\" is not taken over: KalamDB tables have no indexes",
                                    get_rel_name(index_id))));
        }
        ReleaseSysCache(tuple);
    }
    return constraints;
}

List *CopyChecks(Relation source) {
    List *constraints = NIL;
    const TupleConstr *all = RelationGetDescr(source)->constr;
    for (int i = 0; all != nullptr && i < all->num_check; ++i) {
        Constraint *check = MakeConstraint(CONSTR_CHECK);
        check->conname = pstrdup(all->check[i].ccname);
        check->is_no_inherit = all->check[i].ccnoinherit;
        compat::CopyEnforcement(check, all->check[i]);
        check->raw_expr = RawExpression(all->check[i].ccbin, RelationGetRelid(source));
        constraints = lappend(constraints, check);
    }
    return constraints;
}

// What only kalam tables have: the remote type where the local one does not tell.
void CopyKalamType(ColumnDef *column, const catalog::ColumnIdentity &identity) {
    if (identity.kalam_type != nullptr)
        SetColumnOption(column, NameOf(Option::kKalamType), identity.kalam_type);
}

List *CopyColumns(Relation source, const catalog::TableIdentity *identity, bits32 options) {
    List *columns = NIL;
    TupleDesc descriptor = RelationGetDescr(source);
    for (int i = 0; i < descriptor->natts; ++i) {
        Form_pg_attribute attribute = TupleDescAttr(descriptor, i);
        if (attribute->attisdropped) continue;
        if (identity != nullptr && identity->column(attribute->attnum).kind != catalog::ColumnKind::kData)
            continue;
        ColumnDef *column = CopyColumn(source, attribute, options);
        if (identity != nullptr) CopyKalamType(column, identity->column(attribute->attnum));
        columns = lappend(columns, column);
    }
    return columns;
}

void RequireSelectable(Relation source) {
    const Oid relid = RelationGetRelid(source);
    const AclResult acl = pg_class_aclcheck(relid, GetUserId(), ACL_SELECT);
    if (acl != ACLCHECK_OK) {
        aclcheck_error(acl, get_relkind_objtype(source->rd_rel->relkind), RelationGetRelationName(source));
    }
}

List *Expand(const TableLikeClause *clause) {
    Relation source = relation_openrv(clause->relation, AccessShareLock);
    RequireSelectable(source);
    const Oid relid = RelationGetRelid(source);
    const bool is_kalam = catalog::IsKalamTable(relid);
    const catalog::TableIdentity *identity = is_kalam ? catalog::GetTableIdentity(relid) : nullptr;
    List *elements = CopyColumns(source, identity, clause->options);
    if ((clause->options & CREATE_TABLE_LIKE_CONSTRAINTS) != 0) {
        elements = list_concat(elements, CopyChecks(source));
    }
    if ((clause->options & CREATE_TABLE_LIKE_INDEXES) != 0) {
        if (is_kalam && AttributeNumberIsValid(identity->key)) {
            elements = lappend(elements, PrimaryKeyOf(identity->key, relid));
        } else {
            elements = list_concat(elements, CopyIndexes(source));
        }
    }
    relation_close(source, NoLock);
    return elements;
}

}  // namespace

List *ExpandLikeClauses(List *elements) {
    List *expanded = NIL;
    ListCell *cell;
    foreach (cell, elements) {
        auto *node = static_cast<Node *>(lfirst(cell));
        expanded = IsA(node, TableLikeClause) ? list_concat(expanded, Expand(castNode(TableLikeClause, node)))
                                              : lappend(expanded, node);
    }
    return expanded;
}

}  // namespace kalam::backend::ddl
