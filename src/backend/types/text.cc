// Text forms of values and the conversion between the database's encoding and the wire's UTF-8.
#include "backend/types/text.h"

extern "C" {
#include "catalog/pg_type.h"
#include "mb/pg_wchar.h"
#include "miscadmin.h"
#include "utils/float.h"
#include "utils/guc.h"
#include "utils/varlena.h"
}

#include <cstring>

namespace kalam::backend::types {

namespace {

void SetLocally(const char *name, const char *value) {
    (void)set_config_option(name, value, PGC_USERSET, PGC_S_SESSION, GUC_ACTION_SAVE, true, 0, false);
}

std::string_view VarlenaText(Datum value) {
    const struct varlena *text = PG_DETOAST_DATUM_PACKED(value);
    return {VARDATA_ANY(text), VARSIZE_ANY_EXHDR(text)};
}

std::string_view WithoutPadding(std::string_view text) {
    size_t size = text.size();
    while (size > 0 && text[size - 1] == ' ') --size;
    return text.substr(0, size);
}

}  // namespace

std::string_view TextOf(const ColumnType &type, Datum value) {
    switch (type.local) {
        case LocalKind::kVarlenaText:
            return VarlenaText(value);
        case LocalKind::kBpchar:
            return WithoutPadding(VarlenaText(value));
        case LocalKind::kName:
            return NameStr(*DatumGetName(value));
        default:
            return OidOutputFunctionCall(type.output_function, value);
    }
}

int EnterTextModes(bool qualify_names) {
    const bool dates = DateStyle != USE_ISO_DATES;
    const bool intervals = IntervalStyle != INTSTYLE_POSTGRES;
    const bool floats = extra_float_digits < 1;
    if (!dates && !intervals && !floats && !qualify_names) return kNoTextModes;
    const int level = NewGUCNestLevel();
    if (dates) SetLocally("datestyle", "ISO");
    if (intervals) SetLocally("intervalstyle", "postgres");
    if (floats) SetLocally("extra_float_digits", "3");
    if (qualify_names) SetLocally("search_path", "pg_catalog");
    return level;
}

void LeaveTextModes(int level) {
    if (level != kNoTextModes) AtEOXact_GUC(true, level);
}

bool PrintsObjectNames(Oid base_type) {
    switch (base_type) {
        case REGPROCOID:
        case REGPROCEDUREOID:
        case REGOPEROID:
        case REGOPERATOROID:
        case REGCLASSOID:
        case REGCOLLATIONOID:
        case REGTYPEOID:
        case REGCONFIGOID:
        case REGDICTIONARYOID:
            return true;
        default:
            return false;
    }
}

std::string_view ToUtf8(std::string_view text) {
    if (GetDatabaseEncoding() == PG_UTF8) return text;
    const char *converted = pg_server_to_any(text.data(), static_cast<int>(text.size()), PG_UTF8);
    return converted == text.data() ? text : std::string_view(converted);
}

std::string_view FromUtf8(std::string_view text) {
    const char *converted = pg_any_to_server(text.data(), static_cast<int>(text.size()), PG_UTF8);
    return converted == text.data() ? text : std::string_view(converted);
}

}  // namespace kalam::backend::types
