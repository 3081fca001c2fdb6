// Reads the JSON of a table's options (remote_options.h).
#include "backend/ddl/remote_options.h"

extern "C" {
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/formatting.h"
#include "utils/jsonb.h"
#include "utils/numeric.h"
}

namespace kalam::backend::ddl {

namespace {

const JsonbContainer *Open(const char *json) {
    if (json == nullptr) return nullptr;
    const Datum parsed = DirectFunctionCall1(jsonb_in, CStringGetDatum(json));
    const JsonbContainer *root = &DatumGetJsonbP(parsed)->root;
    return JsonContainerIsObject(root) ? root : nullptr;
}

// A field of an object; null where it is missing or null.
JsonbValue *Field(const JsonbContainer *object, const char *name) {
    if (object == nullptr) return nullptr;
    JsonbValue *value = getKeyJsonValueFromContainer(const_cast<JsonbContainer *>(object), name,
                                                     static_cast<int>(strlen(name)), nullptr);
    return value != nullptr && value->type != jbvNull ? value : nullptr;
}

// Lower case, as users write it; null for what is no text, number or Boolean.
const char *TextOf(const JsonbValue *value) {
    if (value == nullptr) return nullptr;
    switch (value->type) {
        case jbvString:
            return asc_tolower(value->val.string.val, static_cast<size_t>(value->val.string.len));
        case jbvNumeric:
            return DatumGetCString(DirectFunctionCall1(numeric_out, NumericGetDatum(value->val.numeric)));
        case jbvBool:
            return value->val.boolean ? "true" : "false";
        default:
            return nullptr;
    }
}

}  // namespace

bool SaysForAdministrators(const char *options) {
    const char *level = TextOf(Field(Open(options), "access_level"));
    return level != nullptr && strcmp(level, "dba") == 0;
}

}  // namespace kalam::backend::ddl
