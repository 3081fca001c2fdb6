// Finds pgvector's type through its extension, so that another type of the same name is not mistaken for it.
#include "backend/types/pgvector.h"

extern "C" {
#include "access/htup_details.h"
#include "catalog/dependency.h"
#include "catalog/pg_type.h"
#include "commands/extension.h"
#include "utils/catcache.h"
#include "utils/syscache.h"
}

#include <cstring>

namespace kalam::backend::types {

namespace {

bool BelongsToPgVector(Oid type) {
    const Oid extension = getExtensionOfObject(TypeRelationId, type);
    if (!OidIsValid(extension)) return false;
    const char *name = get_extension_name(extension);
    return name != nullptr && std::strcmp(name, "vector") == 0;
}

}  // namespace

Oid PgVectorType() {
    Oid found = InvalidOid;
    CatCList *types = SearchSysCacheList1(TYPENAMENSP, CStringGetDatum("vector"));
    for (int i = 0; i < types->n_members && !OidIsValid(found); ++i) {
        const auto *row = reinterpret_cast<Form_pg_type>(GETSTRUCT(&types->members[i]->tuple));
        if (BelongsToPgVector(row->oid)) found = row->oid;
    }
    ReleaseCatCacheList(types);
    return found;
}

}  // namespace kalam::backend::types
