// Which names KalamDB can take (table_identity.h, CheckRemoteName). The server refuses most bad names itself,
// but some of them end it, and others it folds into a name that was not asked for; so all are refused here.
#include <algorithm>
#include <array>

#include "backend/catalog/table_identity.h"

namespace kalam::backend::catalog {

namespace {

constexpr size_t kMaxNameBytes = 64;

// The words KalamDB's SQL keeps for itself; no quoting makes a name of them. Sorted.
// clang-format off
constexpr std::array<std::string_view, 73> kReservedWords = {
    "alter", "analyze", "anti", "asof", "cluster", "connect", "create", "cross", "database", "delete",
    "distribute", "drop", "end", "except", "exclude", "exists", "explain", "fetch", "for", "format", "from",
    "full", "global", "group", "having", "index", "inner", "insert", "intersect", "interval", "into",
    "join", "lateral", "left", "limit", "match_condition", "match_recognize", "minus", "natural", "offset",
    "on", "open", "order", "outer", "partition", "pivot", "prewhere", "qualify", "returning", "right",
    "sample", "schema", "select", "semi", "set", "settings", "sort", "start", "struct", "table", "tables",
    "tablesample", "tablespace", "top", "trim", "union", "unpivot", "update", "using", "view", "where",
    "window", "with",
};
// clang-format on

// Namespaces of the server's own. `default` is not among them: it cannot be created, but it is there from the
// start and may hold tables.
constexpr std::array<std::string_view, 12> kReservedNamespaces = {
    "system",     "sys",        "root",  "kalamdb",  "kalam",
    "main",       "sql",        "admin", "internal", "information_schema",
    "pg_catalog", "datafusion",
};

bool IsReservedWord(std::string_view name) {
    return std::binary_search(kReservedWords.begin(), kReservedWords.end(), name);
}

bool IsReservedNamespace(std::string_view name) {
    return std::find(kReservedNamespaces.begin(), kReservedNamespaces.end(), name) !=
           kReservedNamespaces.end();
}

bool IsLower(char c) {
    return c >= 'a' && c <= 'z';
}

bool IsUpper(char c) {
    return c >= 'A' && c <= 'Z';
}

bool IsDigit(char c) {
    return c >= '0' && c <= '9';
}

}  // namespace

const char *ProblemOfName(std::string_view name) {
    if (name.empty()) return "It is empty.";
    if (name.size() > kMaxNameBytes) return "It is longer than 64 bytes.";
    if (name.front() == '_') return "Names with a leading underscore belong to the server.";
    if (IsDigit(name.front())) return "It starts with a digit.";
    for (const char c : name) {
        if (IsUpper(c)) return "KalamDB folds upper case letters to lower case.";
        if (!IsLower(c) && !IsDigit(c) && c != '_')
            return "Only letters, digits and underscores are possible.";
    }
    // KalamDB replaces this word wherever it stands in a statement, inside names and literals too.
    if (name.find("auto_increment") != std::string_view::npos) return "It contains AUTO_INCREMENT.";
    if (IsReservedWord(name)) return "It is a reserved word of KalamDB, which no quotes make usable.";
    return nullptr;
}

void CheckRemoteName(const char *what, const char *name) {
    const bool is_namespace = strcmp(what, "namespace") == 0;
    const char *problem = ProblemOfName(name);
    if (problem == nullptr && is_namespace && IsReservedNamespace(name)) {
        problem = "It is a namespace of the server's own.";
    }
    if (problem == nullptr) return;
    const char *option = strcmp(what, "column") == 0 ? "column_name" : what;
    ereport(ERROR, (errcode(ERRCODE_INVALID_NAME),
                    errmsg("KalamDB cannot take the %s name \"%s\"", what, name), errdetail("%s", problem),
                    errhint("Choose another name, or another remote name by the option %s.", option)));
}

}  // namespace kalam::backend::catalog
