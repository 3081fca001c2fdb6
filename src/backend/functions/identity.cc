// kalam_version, kalam_compiled_mode, kalam_user_id, kalam_user_id_guc_name: what the extension is and for whom
// it works. Called from SQL. They need neither preloading nor a server.
#include "backend/endpoint.h"
#include "backend/guc.h"
#include "backend/pg.h"

extern "C" {
#include "utils/builtins.h"

PG_FUNCTION_INFO_V1(kalam_version);
PG_FUNCTION_INFO_V1(kalam_compiled_mode);
PG_FUNCTION_INFO_V1(kalam_user_id);
PG_FUNCTION_INFO_V1(kalam_user_id_guc_name);

Datum kalam_version(PG_FUNCTION_ARGS);
Datum kalam_compiled_mode(PG_FUNCTION_ARGS);
Datum kalam_user_id(PG_FUNCTION_ARGS);
Datum kalam_user_id_guc_name(PG_FUNCTION_ARGS);
}

using namespace kalam::backend;

Datum kalam_version(PG_FUNCTION_ARGS) {
    PG_RETURN_TEXT_P(cstring_to_text(KALAM_VERSION));
}

// The server is another process, reached over the network; there is no other mode.
Datum kalam_compiled_mode(PG_FUNCTION_ARGS) {
    PG_RETURN_TEXT_P(cstring_to_text("remote"));
}

// A user mapping of the default server may pin the identity, so the answer is the one its tables see.
Datum kalam_user_id(PG_FUNCTION_ARGS) {
    const char *user_id = CurrentUserIdAt(kDefaultServerName);
    if (user_id == nullptr) PG_RETURN_NULL();
    PG_RETURN_TEXT_P(cstring_to_text(user_id));
}

Datum kalam_user_id_guc_name(PG_FUNCTION_ARGS) {
    PG_RETURN_TEXT_P(cstring_to_text(guc::kUserIdName));
}
