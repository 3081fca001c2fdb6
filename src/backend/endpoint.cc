// Makes endpoints out of the catalog (endpoint.h). One cache by server and role; an invalidation only marks
// entries stale, and a stale entry's memory lives on to the end of the transaction, so that a pointer taken
// earlier in the transaction stays good. Secrets leave this file in EndpointConfig only.
#include "backend/endpoint.h"

#include "backend/catalog/retire.h"
#include "backend/guc.h"
#include "backend/options.h"
#include "backend/shared_memory.h"
#include "backend/types/type_map.h"
#include "common/keyed_hash.h"

extern "C" {
#include "access/reloptions.h"
#include "catalog/pg_user_mapping.h"
#include "foreign/foreign.h"
#include "miscadmin.h"
#include "storage/fd.h"
#include "utils/builtins.h"
#include "utils/hsearch.h"
#include "utils/inval.h"
#include "utils/lsyscache.h"
#include "utils/syscache.h"
}

namespace kalam::backend {

namespace {

struct CacheKey {
    Oid server_id;
    Oid role_id;
};

struct CacheEntry {
    CacheKey key;
    bool fresh;
    MemoryContext memory;  // null: nothing was built yet
    Endpoint *endpoint;
};

HTAB *cache = nullptr;

void OnInvalidation(Datum, int, uint32) {
    HASH_SEQ_STATUS scan;
    hash_seq_init(&scan, cache);
    while (auto *entry = static_cast<CacheEntry *>(hash_seq_search(&scan))) entry->fresh = false;
}

void OpenCache() {
    if (cache != nullptr) return;
    HASHCTL control = {};
    control.keysize = sizeof(CacheKey);
    control.entrysize = sizeof(CacheEntry);
    control.hcxt = CacheMemoryContext;
    cache = hash_create("pg_kalam endpoints", 8, &control, HASH_ELEM | HASH_BLOBS | HASH_CONTEXT);
    CacheRegisterSyscacheCallback(FOREIGNSERVEROID, OnInvalidation, Datum{0});
    CacheRegisterSyscacheCallback(USERMAPPINGOID, OnInvalidation, Datum{0});
}

// The options of the role's user mapping, or of the public one; NIL without either.
List *MappingOptions(Oid role_id, Oid server_id) {
    for (const Oid role : {role_id, Oid{InvalidOid}}) {
        HeapTuple tuple =
            SearchSysCache2(USERMAPPINGUSERSERVER, ObjectIdGetDatum(role), ObjectIdGetDatum(server_id));
        if (!HeapTupleIsValid(tuple)) continue;
        bool is_null = false;
        const Datum options =
            SysCacheGetAttr(USERMAPPINGUSERSERVER, tuple, Anum_pg_user_mapping_umoptions, &is_null);
        List *list = is_null ? NIL : untransformRelOptions(options);
        ReleaseSysCache(tuple);
        return list;
    }
    return NIL;
}

// Raised when a statement uses the server, not when it is defined: options are altered one at a time.
[[noreturn]] void ThrowOption(int code, const char *server_name, const char *problem, const char *hint) {
    ereport(ERROR, (errcode(code), errmsg("foreign server \"%s\": %s", server_name, problem),
                    hint != nullptr ? errhint("%s", hint) : 0));
    pg_unreachable();
}

// ---- credentials ----

bool GivesCredentials(const OptionValues &values) {
    return values[Option::kAuthMode] != nullptr || values[Option::kAuthHeader] != nullptr ||
           values[Option::kLoginUser] != nullptr || values[Option::kLoginPassword] != nullptr;
}

// The mode that options ask for, said or implied.
AuthMode ModeOf(const OptionValues &values) {
    if (values[Option::kAuthMode] != nullptr) return *ParseAuthMode(values[Option::kAuthMode]);
    if (values[Option::kAuthHeader] != nullptr) return AuthMode::kStaticHeader;
    if (values[Option::kLoginUser] != nullptr || values[Option::kLoginPassword] != nullptr) {
        return AuthMode::kAccountLogin;
    }
    return AuthMode::kNone;
}

// gRPC refuses metadata values with other characters, with a text that repeats the value.
void CheckHeader(const char *header) {
    for (const char *c = header; *c != '\0'; ++c) {
        if (*c >= ' ' && *c <= '~') continue;
        ereport(ERROR, (errcode(ERRCODE_INVALID_AUTHORIZATION_SPECIFICATION),
                        errmsg("invalid auth_header: not a valid metadata value"),
                        errhint("It must be printable ASCII, without line breaks.")));
    }
}

const char *BasicHeader(const char *server_name, const OptionValues &values) {
    const char *user = values[Option::kLoginUser];
    const char *password = values[Option::kLoginPassword];
    if (user == nullptr || user[0] == '\0' || password == nullptr) {
        ThrowOption(ERRCODE_FDW_INVALID_ATTRIBUTE_VALUE, server_name,
                    "auth_mode account_login needs login_user and login_password",
                    "Set them on the user mapping, where only its owner can read them.");
    }
    if (strchr(user, ':') != nullptr) {
        ThrowOption(ERRCODE_FDW_INVALID_ATTRIBUTE_VALUE, server_name, "login_user must not contain a colon",
                    nullptr);
    }
    const std::string_view pair = types::ToUtf8(psprintf("%s:%s", user, password));
    const int length = static_cast<int>(pair.size());
    const int room = pg_b64_enc_len(length);
    char *encoded = static_cast<char *>(palloc0(static_cast<Size>(room) + 1));
    if (compat::Base64Encode(pair.data(), length, encoded, room) < 0) {
        elog(ERROR, "could not encode the credentials of foreign server \"%s\"", server_name);
    }
    return psprintf("Basic %s", encoded);
}

// The `authorization` to send; empty for none. `values` are the server's options with the mapping's over them.
const char *AuthorizationHeader(const char *server_name, AuthMode mode, const OptionValues &values) {
    switch (mode) {
        case AuthMode::kNone:
            return "";
        case AuthMode::kStaticHeader:
            if (values[Option::kAuthHeader] == nullptr) {
                ThrowOption(ERRCODE_FDW_INVALID_ATTRIBUTE_VALUE, server_name,
                            "auth_mode static_header needs auth_header", nullptr);
            }
            CheckHeader(values[Option::kAuthHeader]);
            return values[Option::kAuthHeader];
        case AuthMode::kAccountLogin:
            return BasicHeader(server_name, values);
    }
    return "";
}

// ---- certificates ----

// The PEM text of a certificate option: itself, or the content of the file it names (the validator has seen
// to it that a superuser named it).
std::string_view PemText(const OptionValues &values, Option option) {
    constexpr size_t kMaxPemBytes = 1024 * 1024;
    const char *value = values[option];
    if (value == nullptr || value[0] == '\0') return {};
    if (IsInlinePem(value)) return value;
    FILE *file = AllocateFile(value, "r");
    if (file == nullptr) {
        ereport(ERROR, (errcode_for_file_access(),
                        errmsg("could not open file \"%s\" of option \"%s\": %m", value, NameOf(option))));
    }
    char *text = static_cast<char *>(palloc(kMaxPemBytes));
    const size_t size = fread(text, 1, kMaxPemBytes, file);
    if (ferror(file) != 0 || size == kMaxPemBytes) {
        ereport(ERROR, (errcode(ERRCODE_FDW_INVALID_ATTRIBUTE_VALUE),
                        errmsg("could not read file \"%s\" of option \"%s\"", value, NameOf(option))));
    }
    FreeFile(file);
    return {pnstrdup(text, size), size};
}

void SetTls(common::EndpointConfig &config, const char *server_name, const OptionValues &values) {
    config.ca_cert = PemText(values, Option::kCaCert);
    config.client_cert = PemText(values, Option::kClientCert);
    config.client_key = PemText(values, Option::kClientKey);
    if (config.client_cert.empty() != config.client_key.empty()) {
        ThrowOption(ERRCODE_FDW_INVALID_ATTRIBUTE_VALUE, server_name,
                    "client_cert and client_key must be given together", nullptr);
    }
    config.use_tls = !config.ca_cert.empty() || !config.client_cert.empty();
}

// ---- the endpoint ----

// Keyed, so that an id that is seen in a session's name tells nothing about the secrets in it. `configured`: the
// endpoint whose cluster the node belongs to; null: it is the configured one itself.
common::EndpointId IdOf(const common::EndpointConfig &config, const Endpoint *configured = nullptr) {
    static constexpr common::KeyedHash::Key kNoKey = {};
    shm::Region *region = SharedRegion();
    common::KeyedHash hash(region != nullptr ? region->header().secret : kNoKey);
    common::PutEndpoint(hash, config);
    if (configured != nullptr) hash.Append(configured->id.bytes.data(), configured->id.bytes.size());
    return {.bytes = hash.Finish()};
}

const char *Address(const char *host, int port) {
    const bool is_ipv6 = strchr(host, ':') != nullptr;
    return psprintf(is_ipv6 ? "[%s]:%d" : "%s:%d", host, port);
}

int RequirePort(const char *server_name, const OptionValues &values) {
    for (const Option option : {Option::kHost, Option::kPort}) {
        if (values[option] != nullptr) continue;
        ThrowOption(ERRCODE_FDW_OPTION_NAME_NOT_FOUND, server_name,
                    psprintf("option \"%s\" is missing", NameOf(option)),
                    psprintf("ALTER SERVER %s OPTIONS (ADD %s '...')", quote_identifier(server_name),
                             NameOf(option)));
    }
    return atoi(values[Option::kPort]);
}

// In the current memory context, with everything it refers to.
Endpoint *BuildEndpoint(const CacheKey &key) {
    const ForeignServer *server = GetForeignServer(key.server_id);
    OptionValues mapping;
    mapping.Merge(MappingOptions(key.role_id, key.server_id));
    OptionValues own;
    own.Merge(server->options);
    OptionValues values = own;
    values.MergeFrom(mapping);

    auto *endpoint = new (palloc0(sizeof(Endpoint))) Endpoint{};
    endpoint->server_id = key.server_id;
    endpoint->server_name = server->servername;
    common::EndpointConfig &config = endpoint->config;
    config.port = static_cast<uint16_t>(RequirePort(server->servername, values));
    config.host = values[Option::kHost];
    config.auth_header =
        AuthorizationHeader(server->servername, ModeOf(GivesCredentials(mapping) ? mapping : own), values);
    SetTls(config, server->servername, values);
    endpoint->address = Address(values[Option::kHost], config.port);
    if (values[Option::kTimeout] != nullptr) {
        endpoint->timeout_ms = static_cast<uint32_t>(atoi(values[Option::kTimeout]));
    }
    endpoint->pinned_user_id = mapping[Option::kUserId];
    endpoint->id = IdOf(config);
    return endpoint;
}

// Builds in a context of its own, which joins the long-lived ones only when nothing was raised.
void Fill(CacheEntry *entry) {
    entry->fresh = true;  // an invalidation while building makes it stale again
    MemoryContext memory =
        AllocSetContextCreate(CurrentMemoryContext, "pg_kalam endpoint", ALLOCSET_SMALL_SIZES);
    MemoryContext caller = MemoryContextSwitchTo(memory);
    Endpoint *endpoint = nullptr;
    PG_TRY();
    { endpoint = BuildEndpoint(entry->key); }
    PG_CATCH();
    {
        entry->fresh = false;
        PG_RE_THROW();
    }
    PG_END_TRY();
    MemoryContextSwitchTo(caller);
    if (entry->memory != nullptr) catalog::RetireContext(entry->memory);
    MemoryContextSetParent(memory, CacheMemoryContext);
    entry->memory = memory;
    entry->endpoint = endpoint;
}

std::string_view CopyText(std::string_view text) {
    return {pnstrdup(text.data(), text.size()), text.size()};
}

bool IsBlank(const char *text) {
    return text == nullptr || text[strspn(text, " \t\r\n")] == '\0';
}

// What a mapping pins goes before the setting.
const char *SessionUserId(const char *pinned) {
    if (!IsBlank(pinned)) return pinned;
    return IsBlank(guc::user_id) ? nullptr : guc::user_id;
}

}  // namespace

const Endpoint *GetEndpoint(Oid server_id) {
    OpenCache();
    const CacheKey key = {.server_id = server_id, .role_id = GetUserId()};
    bool found = false;
    auto *entry = static_cast<CacheEntry *>(hash_search(cache, &key, HASH_ENTER, &found));
    if (!found) {
        entry->fresh = false;
        entry->memory = nullptr;
        entry->endpoint = nullptr;
    }
    if (!entry->fresh) Fill(entry);
    return entry->endpoint;
}

Endpoint *CopyEndpoint(const Endpoint *endpoint) {
    auto *copy = static_cast<Endpoint *>(palloc(sizeof(Endpoint)));
    *copy = *endpoint;
    copy->server_name = pstrdup(endpoint->server_name);
    copy->address = pstrdup(endpoint->address);
    copy->pinned_user_id = endpoint->pinned_user_id != nullptr ? pstrdup(endpoint->pinned_user_id) : nullptr;
    copy->config.host = CopyText(endpoint->config.host);
    copy->config.auth_header = CopyText(endpoint->config.auth_header);
    copy->config.ca_cert = CopyText(endpoint->config.ca_cert);
    copy->config.client_cert = CopyText(endpoint->config.client_cert);
    copy->config.client_key = CopyText(endpoint->config.client_key);
    return copy;
}

Endpoint *CopyEndpointTo(const Endpoint *endpoint, std::string_view host, uint16_t port) {
    Endpoint *copy = CopyEndpoint(endpoint);
    copy->config.host = CopyText(host);
    copy->config.port = port;
    copy->address = Address(copy->config.host.data(), port);
    copy->id = IdOf(copy->config, endpoint);
    return copy;
}

const Endpoint *GetEndpointByName(const char *server_name) {
    const ForeignServer *server = GetForeignServerByName(server_name, true);
    if (server == nullptr || !IsKalamServer(server->serverid)) {
        ereport(ERROR, (errcode(ERRCODE_UNDEFINED_OBJECT),
                        errmsg("KalamDB server \"%s\" does not exist", server_name),
                        errhint("CREATE SERVER %s FOREIGN DATA WRAPPER pg_kalam OPTIONS (host '...', port "
                                "'...')",
                                quote_identifier(server_name))));
    }
    const AclResult acl = compat::CheckServerAcl(server->serverid, GetUserId(), ACL_USAGE);
    if (acl != ACLCHECK_OK) aclcheck_error(acl, OBJECT_FOREIGN_SERVER, server_name);
    return GetEndpoint(server->serverid);
}

bool IsKalamServer(Oid server_id) {
    const ForeignServer *server = GetForeignServerExtended(server_id, FSV_MISSING_OK);
    if (server == nullptr) return false;
    const ForeignDataWrapper *wrapper = GetForeignDataWrapper(server->fdwid);
    if (!OidIsValid(wrapper->fdwhandler)) return false;
    const char *handler = get_func_name(wrapper->fdwhandler);
    return handler != nullptr && strcmp(handler, "kalam_handler") == 0;
}

bool CanBeUserId(const char *user_id) {
    const size_t size = strlen(user_id);
    if (size == 0 || user_id[0] == ' ' || user_id[size - 1] == ' ') return false;
    if (strstr(user_id, "..") != nullptr || strpbrk(user_id, "/\\") != nullptr) return false;
    for (const char *c = user_id; *c != '\0'; ++c) {
        if (static_cast<unsigned char>(*c) < ' ' || *c == '\x7f') return false;
    }
    return true;
}

const char *CurrentUserId(const Endpoint *endpoint) {
    return SessionUserId(endpoint->pinned_user_id);
}

const char *CurrentUserIdAt(const char *server_name) {
    const ForeignServer *server = GetForeignServerByName(server_name, true);
    OptionValues mapping;
    if (server != nullptr && IsKalamServer(server->serverid)) {
        mapping.Merge(MappingOptions(GetUserId(), server->serverid));
    }
    return SessionUserId(mapping[Option::kUserId]);
}

const char *RequireUserId(const Endpoint *endpoint, const char *doing, const char *relation_name) {
    const char *user_id = CurrentUserId(endpoint);
    if (user_id == nullptr) {
        ereport(ERROR, (errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
                        errmsg("cannot %s \"%s\": kalam.user_id is not set", doing, relation_name),
                        errdetail("The rows of user and stream tables belong to users."),
                        errhint("SET kalam.user_id = '...' first.")));
    }
    if (!CanBeUserId(user_id)) {
        ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
                        errmsg("cannot %s \"%s\": KalamDB cannot take the value of kalam.user_id", doing,
                               relation_name),
                        errdetail("A user id must not contain \"..\", \"/\", \"\\\" or control characters, "
                                  "nor begin or end with a blank.")));
    }
    return user_id;
}

}  // namespace kalam::backend
