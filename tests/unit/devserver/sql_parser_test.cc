// Statements as structs, and the refusals of the recorded conversations namespaces, create_table, alter_drop and sql.
#include "devserver/sql/parser.h"

#include "check.h"
#include "devserver/sql/names.h"
#include "devserver/sql/query.h"

using namespace kalam::devserver;
using namespace kalam::devserver::sql;

namespace {

std::string ErrorOf(std::string_view text) {
    const auto parsed = Parse(text);
    return parsed ? "no error" : parsed.error();
}

template <typename T>
T As(std::string_view text) {
    auto parsed = Parse(text);
    if (!parsed) throw std::runtime_error(parsed.error());
    return std::get<T>(std::move(*parsed));
}

std::string CreateError(const std::string &rest) {
    const std::string error = ErrorOf("CREATE " + rest);
    const std::string prefix = "Invalid SQL: Invalid CREATE TABLE statement: ";
    return error.starts_with(prefix) ? error.substr(prefix.size()) : error;
}

}  // namespace

TEST(namespaces) {
    CHECK_EQ(As<CreateNamespace>("CREATE NAMESPACE W_ns").name, "w_ns");
    CHECK(As<CreateNamespace>("create namespace if not exists x;").if_not_exists);
    CHECK_EQ(As<CreateNamespace>("CREATE NAMESPACE 9bad").name, "9bad");
    CHECK_EQ(As<DropNamespace>("DROP NAMESPACE IF EXISTS x CASCADE").name, "x");
    CHECK_EQ(As<AlterNamespace>("ALTER NAMESPACE x SET OPTIONS (owner = 'x', n = 42, b = true)").options_json,
             R"({"owner":"x","n":42,"b":true})");
    CHECK_EQ(As<UseNamespace>("USE w_sq").name, "w_sq");
}

TEST(names_have_rules) {
    CHECK_EQ(CheckNamespaceName("system"), "Namespace 'system' is reserved and cannot be used");
    CHECK_EQ(CheckNamespaceName("9bad"), "Name cannot start with a number");
    CHECK_EQ(CheckNamespaceName("_bad"), "Name cannot start with underscore (reserved for system columns)");
    CHECK_EQ(CheckColumnName("_seq"), "Column name '_seq' is reserved and cannot be used");
    CHECK_EQ(CheckColumnName("offset"), "Name 'offset' is a reserved SQL keyword and cannot be used");
    CHECK_EQ(CheckTableName("a-b"),
             "Name 'a-b' contains invalid characters (only alphanumeric and underscore allowed)");
    CHECK_EQ(CheckTableName(std::string(65, 'a')), "Name is too long (65 characters, max 64)");
    for (const char *fine : {"id", "title", "value", "name", "created_at", "status", "type", "date", "user"})
        CHECK_EQ(CheckColumnName(fine), "");
    CHECK_EQ(CheckColumnNames(As<CreateTable>("CREATE TABLE t (id INT PRIMARY KEY, \"select\" TEXT)")),
             "Invalid operation: Invalid column name 'select': Name 'select' is a reserved SQL keyword and "
             "cannot be used");
}

TEST(create_table_columns) {
    const auto table = As<CreateTable>(
        "CREATE SHARED TABLE w_ct.s1 (Id BIGINT PRIMARY KEY DEFAULT SNOWFLAKE_ID(), title TEXT NOT NULL, "
        "\"Camel\" INTEGER, "
        "created_at TIMESTAMP(3) WITH TIME ZONE DEFAULT NOW(), dc DECIMAL(10,2), e EMBEDDING(3), x DOUBLE "
        "PRECISION) "
        "WITH (FLUSH_POLICY = 'rows:1000,interval:60')");
    CHECK(table.name == (TableName{"w_ct", "s1"}));
    CHECK(table.kind == TableKind::kShared);
    CHECK_EQ(table.key_column, 0);
    CHECK_EQ(table.columns.size(), 7U);
    CHECK_EQ(table.columns[0].name, "id");
    CHECK(table.columns[0].not_null && table.columns[1].not_null && !table.columns[2].not_null);
    CHECK(table.columns[0].default_value.kind == DefaultValue::Kind::kSnowflakeId);
    CHECK_EQ(table.columns[2].name, "camel");
    CHECK_EQ(table.columns[3].default_value.catalog, "NOW()");
    CHECK_EQ(SqlName(table.columns[4].type), "DECIMAL(10, 2)");
    CHECK_EQ(SqlName(table.columns[6].type), "DOUBLE");
    CHECK_EQ(*table.flush_policy->rows, 1000U);
    CHECK_EQ(*table.flush_policy->interval_seconds, 60U);
}

TEST(create_table_defaults_as_the_catalog_shows_them) {
    const auto table = As<CreateTable>(
        "CREATE SHARED TABLE d (id INT PRIMARY KEY, a TEXT DEFAULT 'x', b INT DEFAULT 5, c BOOLEAN DEFAULT "
        "true, d TIMESTAMP "
        "DEFAULT CURRENT_TIMESTAMP, e TEXT DEFAULT UUID_V7(), f TEXT DEFAULT ULID(), g DOUBLE DEFAULT 1.5, h "
        "TEXT DEFAULT NULL)");
    const char *expected[] = {"",           "String(\"x\")",       "Number(5)",
                              "Bool(true)", "CURRENT_TIMESTAMP()", "UUID_V7()",
                              "ULID()",     "Number(1.5)",         "Null"};
    for (std::size_t i = 0; i < table.columns.size(); ++i)
        CHECK_EQ(table.columns[i].default_value.catalog, expected[i]);
    CHECK(table.name == (TableName{"default", "d"}));
    const auto serials =
        As<CreateTable>("CREATE TABLE s (id BIGSERIAL PRIMARY KEY, n SERIAL, k INT AUTO_INCREMENT)");
    for (const auto &column : serials.columns) CHECK_EQ(column.default_value.catalog, "SNOWFLAKE_ID()");
}

TEST(create_table_options) {
    const auto typed = As<CreateTable>(
        "CREATE TABLE t (id TEXT PRIMARY KEY) WITH (TYPE = 'shared', STORAGE_ID = 'local', ACCESS_LEVEL = "
        "'public')");
    CHECK(typed.access_level == AccessLevel::kPublic);
    CHECK_EQ(As<CreateTable>("CREATE STREAM TABLE e (a TEXT) WITH (TTL_SECONDS = 45)").ttl_seconds, 45U);
    CHECK(As<CreateTable>("CREATE USER TABLE e (a TEXT PRIMARY KEY)").kind == TableKind::kUser);
    CHECK_EQ(CreateError("STREAM TABLE e (a TEXT)"), "STREAM tables must specify 'TTL_SECONDS'");
    CHECK_EQ(CreateError("USER TABLE t (id INT PRIMARY KEY) WITH (TTL_SECONDS = 5)"),
             "TTL_SECONDS is only supported for STREAM tables");
    CHECK_EQ(CreateError("TABLE t (id INT PRIMARY KEY) WITH (COLOUR = 'red')"),
             "Unknown table option 'COLOUR'");
    CHECK_EQ(CreateError("TABLE t (id INT PRIMARY KEY) WITH (FLUSH_POLICY = 'often')"),
             "Invalid FLUSH_POLICY format 'often'. Expected 'key:value'");
    CHECK_EQ(CreateError("TABLE t (id INT PRIMARY KEY) WITH (FLUSH_POLICY = 'rows:0')"),
             "FLUSH_POLICY must specify 'rows' or 'interval' > 0");
    CHECK_EQ(CreateError("TABLE t (id INT PRIMARY KEY) WITH (FLUSH_POLICY = 'rows:1000000')"),
             "Row limit must be less than 1,000,000");
}

TEST(create_table_keys) {
    CHECK_EQ(As<CreateTable>("CREATE TABLE t (a INT, b TEXT, PRIMARY KEY (b))").key_column, 1);
    CHECK_EQ(As<CreateTable>("CREATE TABLE t (a INT)").key_column, -1);
    CHECK_EQ(CreateError("TABLE t (a INT, b INT, PRIMARY KEY (a, b))"),
             "Composite PRIMARY KEYs are not supported yet");
    CHECK_EQ(CreateError("TABLE t (a INT PRIMARY KEY, b INT PRIMARY KEY)"),
             "Multiple PRIMARY KEY definitions found");
    CHECK_EQ(CreateError("TABLE t (a INT, PRIMARY KEY (A))"),
             "PRIMARY KEY column 'A' not found in column list");
}

TEST(create_table_refusals) {
    CHECK_EQ(CreateError("TABLE t (id INT PRIMARY KEY, n NUMERIC(10,2))"),
             "Unsupported data type: Numeric(PrecisionAndScale(10, 2))");
    CHECK_EQ(CreateError("TABLE t (id MONEY)"), "Unsupported custom data type 'money'");
    CHECK_EQ(CreateError("TABLE t (e EMBEDDING)"),
             "EMBEDDING type requires exactly one dimension parameter, e.g., EMBEDDING(384)");
    CHECK_EQ(CreateError("SHARED TABLE w_ct.syntax (id INT PRIMARY KEY"),
             "sql parser error: Expected: ',' or ')' after column definition, found: EOF");
    CHECK_EQ(CreateError("TABLE \"w_ct\".\"quoted\" (id INT PRIMARY KEY)"),
             "Invalid namespace name '\"w_ct\"'. Only alphanumeric characters and underscores are allowed "
             "(line 1, col 14).");
}

TEST(alter_table_forms) {
    const auto add = As<AlterTable>("ALTER TABLE w.t ADD COLUMN d TEXT NOT NULL DEFAULT 'pending'");
    CHECK(add.action == AlterTable::Action::kAddColumn);
    CHECK(add.column.not_null);
    CHECK_EQ(add.column.default_value.catalog, "String(\"pending\")");
    CHECK_EQ(add.description, "ADD COLUMN d TEXT");
    CHECK_EQ(As<AlterTable>("ALTER TABLE t DROP COLUMN b").description, "DROP COLUMN b");
    CHECK_EQ(As<AlterTable>("ALTER TABLE t MODIFY COLUMN a VARCHAR(20)").description, "MODIFY COLUMN a TEXT");
    CHECK_EQ(As<AlterTable>("ALTER TABLE t ALTER COLUMN a SET DEFAULT 'x'").description,
             "ALTER COLUMN a SET DEFAULT 'x'");
    CHECK_EQ(As<AlterTable>("ALTER TABLE t ALTER COLUMN a DROP NOT NULL").description,
             "ALTER COLUMN a DROP NOT NULL");
    CHECK_EQ(As<AlterTable>("ALTER TABLE t RENAME COLUMN a TO Aa").new_name, "Aa");
    CHECK_EQ(As<AlterTable>("ALTER TABLE t SET ACCESS LEVEL PUBLIC").description, "SET ACCESS LEVEL Public");
    CHECK(As<AlterTable>("ALTER TABLE t SET TBLPROPERTIES (ACCESS_LEVEL = 'DBA')").access_level ==
          AccessLevel::kDba);
}

TEST(alter_table_refusals) {
    CHECK_EQ(ErrorOf("ALTER TABLE t ADD COLUMN e TEXT, ADD COLUMN f TEXT"),
             "Invalid SQL: Only one ALTER TABLE operation is supported per statement");
    CHECK_EQ(ErrorOf("ALTER TABLE t ALTER COLUMN a TYPE VARCHAR(20)"),
             "Invalid SQL: Unsupported ALTER COLUMN operation");
    CHECK_EQ(ErrorOf("ALTER TABLE t RENAME TO t2"), "Invalid SQL: Unsupported ALTER TABLE operation");
    CHECK_EQ(ErrorOf("ALTER TABLE t ADD CONSTRAINT c CHECK (a > 1)"),
             "Invalid SQL: Unsupported ALTER TABLE operation");
}

TEST(other_commands) {
    CHECK(As<DropTable>("DROP USER TABLE IF EXISTS w.t CASCADE").if_exists);
    CHECK(As<DropTable>("DROP TABLE t;").name == (TableName{"default", "t"}));
    CHECK(As<FlushTable>("STORAGE FLUSH TABLE w_sq.t").name == (TableName{"w_sq", "t"}));
    CHECK(As<DescribeTable>("DESCRIBE TABLE w_sq.t").name == (TableName{"w_sq", "t"}));
    CHECK(KindOf(As<Query>("DESCRIBE w_sq.t")) == QueryKind::kSelect);
    CHECK(KindOf(As<Query>("SHOW COLUMNS FROM t")) == QueryKind::kSelect);
    CHECK_EQ(*As<ShowTables>("SHOW TABLES IN NAMESPACE x").ns, "x");
    const auto user = As<CreateUser>("CREATE USER Bob WITH PASSWORD 'p''w' ROLE dba EMAIL 'b@x'");
    CHECK_EQ(user.name, "Bob");
    CHECK_EQ(user.password, "p'w");
    CHECK_EQ(user.role, "dba");
    CHECK_EQ(*As<AlterUser>("ALTER USER bob SET ROLE viewer").role, "user");
    CHECK(As<DropUser>("DROP USER IF EXISTS bob").if_exists);
}

TEST(statements_that_are_refused) {
    CHECK_EQ(ErrorOf("SELEC 1"),
             "Invalid SQL: sql parser error: Expected: an SQL statement, found: SELEC at Line: 1, Column: 1");
    CHECK_EQ(ErrorOf("SELECT 1; SELECT 2"),
             "Execution error: This feature is not implemented: The context currently only supports a single "
             "SQL statement");
    CHECK_EQ(
        ErrorOf("EXECUTE AS USER 'alice' (SELECT 1)"),
        "Invalid SQL: sql parser error: Expected: end of statement, found: 'alice' at Line: 1, Column: 17");
    CHECK_EQ(ErrorOf("BEGIN"), "Invalid operation: BEGIN requires a request-scoped execution context");
    CHECK_EQ(ErrorOf("START TRANSACTION"),
             "Invalid operation: BEGIN requires a request-scoped execution context");
    CHECK_EQ(ErrorOf("COMMIT"), "Invalid operation: COMMIT requires a request-scoped execution context");
    CHECK_EQ(ErrorOf("SELECT 1 FROM t WHERE"),
             "Execution error: SQL error: ParserError(\"Expected: an expression, found: EOF\")");
    CHECK_EQ(ErrorOf("SELECT 'open"),
             "Invalid SQL: sql parser error: Unterminated string literal at Line: 1, Column: 8");
    CHECK_EQ(ErrorOf("SELECT 1 AS one;"), "no error");
    CHECK_EQ(ErrorOf("CREATE VIEW v AS SELECT 1"),
             "Invalid operation: No handler registered for statement type 'CreateView'");
}

TEST(deep_nesting_is_refused) {
    CHECK(ErrorOf("SELECT " + std::string(100000, '(') + "1").find("recursion limit") != std::string::npos);
    CHECK(ErrorOf("SELECT " + std::string(100000, '-') + "1").size() > 0);
    std::string nots = "SELECT ";
    for (int i = 0; i < 100000; ++i) nots += "NOT ";
    CHECK(ErrorOf(nots + "true").find("recursion limit") != std::string::npos);
}
