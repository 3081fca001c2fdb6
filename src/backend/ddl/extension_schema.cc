// Finds the extension's schema (extension_schema.h) through the wrapper that it created.
#include "backend/ddl/extension_schema.h"

extern "C" {
#include "foreign/foreign.h"
#include "utils/lsyscache.h"
}

namespace kalam::backend::ddl {

const char *ExtensionSchema() {
    const ForeignDataWrapper *wrapper = GetForeignDataWrapperByName("pg_kalam", true);
    if (wrapper == nullptr || !OidIsValid(wrapper->fdwhandler)) {
        ereport(ERROR, (errcode(ERRCODE_UNDEFINED_OBJECT),
                        errmsg("extension \"pg_kalam\" is not installed in this database"),
                        errhint("CREATE EXTENSION pg_kalam")));
    }
    return get_namespace_name(get_func_namespace(wrapper->fdwhandler));
}

}  // namespace kalam::backend::ddl
