// Reads the names and rows of typed requests, with KalamDB's refusals; see request.h.
#include "devserver/request.h"

#include <cstdio>
#include <cstdlib>

#include "devserver/error.h"
#include "devserver/sql/names.h"

namespace kalam::devserver {

namespace {

sql::TableKind ReadKind(const std::string &text) {
    const std::string folded = sql::FoldCase(text);
    for (const auto kind :
         {sql::TableKind::kUser, sql::TableKind::kShared, sql::TableKind::kStream, sql::TableKind::kSystem}) {
        if (folded == sql::LowerName(kind)) return kind;
    }
    Throw(Code::kInvalidArgument, "invalid table_type: Invalid TableType: " + text);
}

}  // namespace

std::string Trimmed(std::string_view text) {
    const size_t first = text.find_first_not_of(" \t\r\n\f\v");
    if (first == std::string_view::npos) return {};
    return std::string(text.substr(first, text.find_last_not_of(" \t\r\n\f\v") - first + 1));
}

void DieLikeKalamDb(std::string_view kind, std::string_view name) {
    const bool unsafe = name.find("..") != std::string_view::npos ||
                        name.find_first_of(std::string_view("/\\\0", 3)) != std::string_view::npos;
    if (!unsafe) return;
    std::fprintf(stderr,
                 "kalam-devserver: panicked as KalamDB does: %.*s contains path characters: \"%.*s\"\n",
                 static_cast<int>(kind.size()), kind.data(), static_cast<int>(name.size()), name.data());
    std::fflush(stderr);
    std::abort();
}

WriteTarget ReadTarget(const std::string &ns, const std::string &table, const std::string &type,
                       const std::string &user) {
    if (Trimmed(ns).empty()) Throw(Code::kInvalidArgument, "namespace must not be empty");
    if (Trimmed(table).empty()) Throw(Code::kInvalidArgument, "table_name must not be empty");
    WriteTarget target;
    target.kind = ReadKind(type);
    DieLikeKalamDb("namespace id", ns);
    DieLikeKalamDb("table name", table);
    DieLikeKalamDb("user id", user);
    target.table = {sql::FoldCase(ns), sql::FoldCase(table)};
    if (!Trimmed(user).empty()) target.user = user;
    return target;
}

RowCells ReadRow(const std::string &json) {
    auto row = ReadRowJson(json);
    if (!row) Throw(Code::kInvalidArgument, "invalid row JSON: " + row.error());
    return std::move(*row);
}

}  // namespace kalam::devserver
