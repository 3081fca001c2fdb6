// Reads the JSON of a table's options (remote_options.h).
#include "backend/ddl/remote_options.h"

#include "backend/ddl/parse_nodes.h"

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

// rows:1000,interval:60
const char *FlushPolicyText(const JsonbValue *value) {
    if (value == nullptr || value->type != jbvBinary) return nullptr;
    const char *rows = TextOf(Field(value->val.binary.data, "row_limit"));
    const char *seconds = TextOf(Field(value->val.binary.data, "interval_seconds"));
    if (rows != nullptr && seconds != nullptr) return psprintf("rows:%s,interval:%s", rows, seconds);
    if (rows != nullptr) return psprintf("rows:%s", rows);
    return seconds != nullptr ? psprintf("interval:%s", seconds) : nullptr;
}

}  // namespace

bool SaysForAdministrators(const char *options) {
    const char *level = TextOf(Field(Open(options), "access_level"));
    return level != nullptr && strcmp(level, "dba") == 0;
}

List *ImportedOptions(const char *options) {
    // Each with what the server takes where nothing is said.
    static constexpr struct {
        const char *name;
        const char *servers_default;
    } kPlain[] = {{"access_level", "private"},
                  {"storage_id", "local"},
                  {"use_user_storage", "false"},
                  {"ttl_seconds", ""}};
    const JsonbContainer *object = Open(options);
    List *imported = NIL;
    for (const auto &option : kPlain) {
        const char *value = TextOf(Field(object, option.name));
        if (value != nullptr && strcmp(value, option.servers_default) != 0)
            imported = lappend(imported, MakeOption(option.name, value));
    }
    const char *policy = FlushPolicyText(Field(object, "flush_policy"));
    if (policy != nullptr) imported = lappend(imported, MakeOption("flush_policy", policy));
    return imported;
}

}  // namespace kalam::backend::ddl
