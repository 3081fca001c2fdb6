// The table of options and the wrapper's validator (options.h). Error texts never repeat a value that may be
// a secret.
#include "backend/options.h"

#include <climits>

#include "backend/catalog/table_identity.h"

extern "C" {
#include "access/reloptions.h"
#include "catalog/pg_attribute.h"
#include "catalog/pg_foreign_data_wrapper.h"
#include "catalog/pg_foreign_server.h"
#include "catalog/pg_foreign_table.h"
#include "catalog/pg_user_mapping.h"
#include "commands/defrem.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/varlena.h"

PG_FUNCTION_INFO_V1(kalam_validator);
Datum kalam_validator(PG_FUNCTION_ARGS);
}

namespace kalam::backend {

namespace {

// Where an option may stand.
constexpr uint8_t kOnServer = 1;
constexpr uint8_t kOnMapping = 2;
constexpr uint8_t kOnTable = 4;
constexpr uint8_t kOnColumn = 8;

using Check = void (*)(const char *name, const char *value);

struct OptionRow {
    Option option;
    const char *name;
    uint8_t places;
    Check check;  // raises on a value that is wrong by itself; null: any value
};

[[noreturn]] void ThrowValue(const char *name, const char *rule) {
    ereport(ERROR, (errcode(ERRCODE_FDW_INVALID_ATTRIBUTE_VALUE),
                    errmsg("invalid value for option \"%s\"", name), errdetail("%s", rule)));
    pg_unreachable();
}

// Reads a decimal number of min..max, all of it.
bool IsNumber(const char *value, long min, long max) {
    if (value[0] < '0' || value[0] > '9') return false;
    char *end = nullptr;
    errno = 0;
    const long number = strtol(value, &end, 10);
    return errno == 0 && *end == '\0' && number >= min && number <= max;
}

void CheckHost(const char *name, const char *value) {
    const bool plain = value[0] != '\0' && strpbrk(value, " \t\r\n/@") == nullptr;
    if (!plain) ThrowValue(name, "It must be a host name or an address.");
}

void CheckPort(const char *name, const char *value) {
    if (!IsNumber(value, 1, 65535)) ThrowValue(name, "It must be a number from 1 to 65535.");
}

void CheckTimeout(const char *name, const char *value) {
    if (!IsNumber(value, 0, INT_MAX)) {
        ThrowValue(name, "It must be a number of milliseconds from 0 (no limit) to 2147483647.");
    }
}

void CheckAuthMode(const char *name, const char *value) {
    if (!ParseAuthMode(value)) ThrowValue(name, "It must be none, static_header or account_login.");
}

void CheckCertificate(const char *name, const char *value) {
    if (value[0] == '\0' || IsInlinePem(value) || superuser()) return;
    ereport(ERROR, (errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
                    errmsg("permission denied to name a file in option \"%s\"", name),
                    errdetail("Only superusers may name files of the server."),
                    errhint("Give the PEM text itself.")));
}

void CheckTableType(const char *name, const char *value) {
    RequireTableType(name, value);
}

void CheckNamespace(const char *, const char *value) {
    catalog::CheckRemoteName("namespace", value);
}

void CheckTable(const char *, const char *value) {
    catalog::CheckRemoteName("table", value);
}

void CheckColumn(const char *, const char *value) {
    catalog::CheckRemoteName("column", value);
}

void CheckBool(const char *name, const char *value) {
    bool ignored;
    if (!parse_bool(value, &ignored)) ThrowValue(name, "It must be true or false.");
}

// In the order of enum Option.
constexpr OptionRow kRows[] = {
    {Option::kHost, "host", kOnServer, CheckHost},
    {Option::kPort, "port", kOnServer, CheckPort},
    {Option::kTimeout, "timeout", kOnServer, CheckTimeout},
    {Option::kAuthMode, "auth_mode", kOnServer | kOnMapping, CheckAuthMode},
    {Option::kAuthHeader, "auth_header", kOnServer | kOnMapping, nullptr},
    {Option::kLoginUser, "login_user", kOnServer | kOnMapping, nullptr},
    {Option::kLoginPassword, "login_password", kOnServer | kOnMapping, nullptr},
    {Option::kCaCert, "ca_cert", kOnServer | kOnMapping, CheckCertificate},
    {Option::kClientCert, "client_cert", kOnServer | kOnMapping, CheckCertificate},
    {Option::kClientKey, "client_key", kOnServer | kOnMapping, CheckCertificate},
    {Option::kUserId, "user_id", kOnMapping, nullptr},
    {Option::kTableType, "table_type", kOnTable, CheckTableType},
    {Option::kType, "type", kOnTable, CheckTableType},
    {Option::kNamespace, "namespace", kOnTable, CheckNamespace},
    {Option::kTable, "table", kOnTable, CheckTable},
    {Option::kColumnName, "column_name", kOnColumn, CheckColumn},
    {Option::kKey, "key", kOnColumn, CheckBool},
    {Option::kKalamType, "kalam_type", kOnColumn, nullptr},
};
static_assert(std::size(kRows) == kOptionCount);

const OptionRow *FindRow(std::string_view name, uint8_t places) {
    for (const OptionRow &row : kRows) {
        if ((row.places & places) != 0 && name == row.name) return &row;
    }
    return nullptr;
}

uint8_t PlaceOf(Oid catalog) {
    switch (catalog) {
        case ForeignServerRelationId:
            return kOnServer;
        case UserMappingRelationId:
            return kOnMapping;
        case ForeignTableRelationId:
            return kOnTable;
        case AttributeRelationId:
            return kOnColumn;
        default:
            return 0;  // the wrapper itself has no options
    }
}

// The name of the table that a misspelt one probably means; null if none is near.
const char *ClosestName(const char *name, uint8_t place) {
    constexpr int kFarthest = 4;
    const char *closest = nullptr;
    int best = kFarthest + 1;
    const int length = static_cast<int>(strlen(name));
    if (length > 64) return nullptr;
    for (const OptionRow &row : kRows) {
        if ((row.places & place) == 0) continue;
        const int distance = varstr_levenshtein_less_equal(
            name, length, row.name, static_cast<int>(strlen(row.name)), 1, 1, 1, kFarthest, true);
        if (distance < best && distance <= length / 2) {
            best = distance;
            closest = row.name;
        }
    }
    return closest;
}

// "a, b, c": the options that a place takes.
const char *NamesAt(uint8_t place) {
    StringInfoData names;
    initStringInfo(&names);
    for (const OptionRow &row : kRows) {
        if ((row.places & place) == 0) continue;
        appendStringInfo(&names, "%s%s", names.len > 0 ? ", " : "", row.name);
    }
    return names.data;
}

[[noreturn]] void ThrowUnknown(const char *name, uint8_t place) {
    const char *closest = ClosestName(name, place);
    ereport(ERROR, (errcode(ERRCODE_FDW_INVALID_OPTION_NAME), errmsg("invalid option \"%s\"", name),
                    closest != nullptr ? errhint("Perhaps you meant the option \"%s\".", closest)
                    : place != 0       ? errhint("Valid options here are: %s.", NamesAt(place))
                                       : errhint("There are no valid options here.")));
    pg_unreachable();
}

// Options of tables that are not ours are KalamDB's own: whatever can stand in its WITH (...) list.
bool IsPlainIdentifier(const char *name) {
    const auto is_letter = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
    };
    if (!is_letter(name[0])) return false;
    for (const char *c = name; *c != '\0'; ++c) {
        if (!is_letter(*c) && !(*c >= '0' && *c <= '9')) return false;
    }
    return true;
}

void Validate(const DefElem *option, uint8_t place) {
    const OptionRow *row = FindRow(option->defname, place);
    if (row != nullptr) {
        if (row->check != nullptr) row->check(row->name, defGetString(const_cast<DefElem *>(option)));
        return;
    }
    if (place != kOnTable) ThrowUnknown(option->defname, place);
    if (!IsPlainIdentifier(option->defname)) {
        ereport(ERROR, (errcode(ERRCODE_FDW_INVALID_OPTION_NAME),
                        errmsg("invalid KalamDB table option name \"%s\"", option->defname),
                        errhint("Use letters, digits and underscores.")));
    }
}

}  // namespace

void OptionValues::Merge(List *options) {
    ListCell *cell;
    foreach (cell, options) {
        DefElem *option = lfirst_node(DefElem, cell);
        const OptionRow *row = FindRow(option->defname, UINT8_MAX);
        if (row != nullptr) values_[static_cast<size_t>(row->option)] = defGetString(option);
    }
}

void OptionValues::MergeFrom(const OptionValues &other) {
    for (size_t i = 0; i < values_.size(); ++i) {
        if (other.values_[i] != nullptr) values_[i] = other.values_[i];
    }
}

const char *NameOf(Option option) {
    return kRows[static_cast<size_t>(option)].name;
}

std::optional<AuthMode> ParseAuthMode(std::string_view value) {
    if (value == "none") return AuthMode::kNone;
    if (value == "static_header") return AuthMode::kStaticHeader;
    if (value == "account_login") return AuthMode::kAccountLogin;
    return std::nullopt;
}

common::TableType RequireTableType(const char *option_name, const char *value) {
    const std::optional<common::TableType> type = common::ParseTableType(value);
    if (!type) {
        ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
                        errmsg("invalid value for option \"%s\": \"%s\" is no type of KalamDB table",
                               option_name, value),
                        errhint("The types are shared, user and stream.")));
    }
    return *type;
}

bool IsInlinePem(std::string_view value) {
    return value.find("-----BEGIN") != std::string_view::npos;
}

}  // namespace kalam::backend

Datum kalam_validator(PG_FUNCTION_ARGS) {
    List *options = untransformRelOptions(PG_GETARG_DATUM(0));
    const uint8_t place = kalam::backend::PlaceOf(PG_GETARG_OID(1));
    ListCell *cell;
    foreach (cell, options) kalam::backend::Validate(lfirst_node(DefElem, cell), place);
    PG_RETURN_VOID();
}
