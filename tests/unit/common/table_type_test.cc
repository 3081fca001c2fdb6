// Names of table types (common/table_type.h).
#include "common/table_type.h"

#include "../check.h"

using namespace kalam::common;

TEST(names_are_read_in_any_case) {
    CHECK(ParseTableType("shared") == TableType::kShared);
    CHECK(ParseTableType("USER") == TableType::kUser);
    CHECK(ParseTableType("Stream") == TableType::kStream);
}

TEST(other_names_are_refused) {
    for (const char *name : {"", "usr", "shared ", " user", "streams", "system", "SHARE\xc4"})
        CHECK(!ParseTableType(name).has_value());
}

TEST(names_come_back) {
    for (TableType type : {TableType::kShared, TableType::kUser, TableType::kStream})
        CHECK(ParseTableType(NameOf(type)) == type);
}

TEST(only_shared_tables_need_no_user) {
    CHECK(!NeedsUser(TableType::kShared));
    CHECK(NeedsUser(TableType::kUser));
    CHECK(NeedsUser(TableType::kStream));
}
