// Planned queries run in SQLite: rows, columns' types, LIMIT rules, orders, refusals
// (recorded conversations sql, ordering, schema_traps).
#include "check.h"
#include "devserver/sql/parser.h"
#include "devserver/sql/query.h"
#include "devserver/sql/sqlite_functions.h"
#include "devserver/values/sqlite_value.h"
#include "devserver/values/value_text.h"

using namespace kalam::devserver;
using namespace kalam::devserver::sql;

namespace {

// Two tables in a SQLite of their own: w.t (id TEXT key, a TEXT, n INT, dc DECIMAL, ts TIMESTAMP) and w.big (id INT key).
class Fixture : public SqlCatalog {
 public:
    Fixture() {
        sqlite3_open(":memory:", &db_);
        FunctionSources sources;
        sources.now_micros = [] { return std::int64_t{1700000000123456}; };
        sources.snowflake_id = [] { return std::int64_t{7}; };
        sources.uuid_v7 = [] { return std::string("uuid"); };
        sources.ulid = [] { return std::string("ulid"); };
        CHECK_EQ(RegisterFunctions(db_, sources), SQLITE_OK);
        Execute("CREATE TABLE \"w.t\" (id, a, n, dc, ts, doc, _seq, _deleted)");
        Execute(
            "INSERT INTO \"w.t\" VALUES ('0','delta',3,'3.50',0,NULL,1,0), "
            "('1','alpha',9,'10.00',1000000,'{\"k\": \"v\", \"n\": "
            "[1, true]}',2,0), ('2','charlie',NULL,NULL,NULL,NULL,3,0), "
            "('3','bravo',1,'-1.25',5000000,NULL,4,0), "
            "('4',NULL,5,NULL,NULL,NULL,5,0), ('5','Echo',3,NULL,NULL,NULL,6,0), "
            "('6','éclair',2,NULL,NULL,NULL,7,0)");
        Execute("CREATE TABLE \"w.big\" (id, _seq, _deleted)");
        Execute(
            "WITH RECURSIVE c(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM c WHERE i < 2999) INSERT INTO "
            "\"w.big\" SELECT 2999 - i, i, 0 FROM c");
        t_ = Table("t", {{"id", "TEXT"},
                         {"a", "TEXT"},
                         {"n", "INT"},
                         {"dc", "DECIMAL(10, 2)"},
                         {"ts", "TIMESTAMP"},
                         {"doc", "JSON"}});
        big_ = Table("big", {{"id", "INT"}});
    }
    ~Fixture() override { sqlite3_close(db_); }

    const SourceTable *FindTable(std::string_view ns, std::string_view name) override {
        if (ns != "w") return nullptr;
        return name == "t" ? &t_ : (name == "big" ? &big_ : nullptr);
    }

    // "row|row", cells joined by commas; or the error.
    std::string Rows(const std::string &sql) {
        auto statement = Parse(sql);
        if (!statement) return statement.error();
        const auto &query = std::get<Query>(*statement);
        auto plan = PlanSelect(query, *this, {});
        if (!plan) return plan.error();
        columns = plan->columns;
        return Run(plan->sqlite_sql, plan->columns);
    }

    std::string Run(const std::string &sql, const std::vector<arrow::Field> &fields) {
        sqlite3_stmt *statement = nullptr;
        if (sqlite3_prepare_v2(db_, sql.c_str(), -1, &statement, nullptr) != SQLITE_OK)
            return std::string("SQLite: ") + sqlite3_errmsg(db_) + " in " + sql;
        std::string out;
        count = 0;
        int code = 0;
        while ((code = sqlite3_step(statement)) == SQLITE_ROW) {
            if (count++ > 0) out += "|";
            for (std::size_t i = 0; i < fields.size(); ++i)
                out += (i > 0 ? "," : "") + ToText(ReadValue(statement, static_cast<int>(i), fields[i].type));
        }
        if (code != SQLITE_DONE) out = sqlite3_errmsg(db_);
        sqlite3_finalize(statement);
        return out;
    }

    // "name type[?]" per column of the last query.
    std::string Columns() const {
        std::string out;
        for (const auto &field : columns)
            out += (out.empty() ? "" : ", ") + field.name + " " + DisplayName(field.type) +
                   (field.nullable ? "?" : "");
        return out;
    }

    std::vector<arrow::Field> columns;
    int count = 0;

 private:
    static SourceTable Table(const std::string &name,
                             const std::vector<std::pair<std::string, std::string>> &columns) {
        SourceTable table;
        table.ns = "w";
        table.name = name;
        table.sqlite_source = "\"w." + name + "\"";
        table.key_column = 0;
        for (const auto &[column, type] : columns)
            table.columns.push_back(
                arrow::TableField(column, *FromSqlName(type), table.columns.empty(), table.columns.empty()));
        table.columns.push_back(arrow::TableField("_seq", *FromSqlName("BIGINT"), true, false));
        table.columns.push_back(arrow::TableField("_deleted", *FromSqlName("BOOLEAN"), true, false));
        return table;
    }

    void Execute(const char *sql) { CHECK_EQ(sqlite3_exec(db_, sql, nullptr, nullptr, nullptr), SQLITE_OK); }

    sqlite3 *db_ = nullptr;
    SourceTable t_, big_;
};

std::string ChangeError(Fixture &fixture, const std::string &sql) {
    const auto statement = Parse(sql);
    if (!statement) return statement.error();
    const auto &query = std::get<Query>(*statement);
    const auto plan =
        KindOf(query) == QueryKind::kUpdate ? PlanUpdate(query, fixture) : PlanDelete(query, fixture);
    return plan ? fixture.Run(plan->rows_sql, plan->value_types) : plan.error();
}

}  // namespace

TEST(constants_and_their_types) {
    Fixture f;
    CHECK_EQ(
        f.Rows("SELECT 1 AS i, 1.5 AS f, 'x' AS s, true AS b, NULL AS n, CAST('2024-01-02' AS DATE) AS d"),
        "1,1.5,x,true,NULL,2024-01-02");
    CHECK_EQ(f.Columns(), "i Int64, f Float64, s Utf8, b Boolean, n Null?, d Date32");
    CHECK_EQ(f.Rows("SELECT CURRENT_USER() AS u, SNOWFLAKE_ID() > 1 AS t, NOW() AS n"),
             "pg-extension,true,2023-11-14T22:13:20.123456");
    CHECK_EQ(f.Columns(), "u Utf8, t Boolean?, n Timestamp(Microsecond, None)");
    CHECK_EQ(f.Rows("SELECT 1, 'a', count(*)"), "1,a,1");
    CHECK_EQ(f.Columns(), "Int64(1) Int64, Utf8(\"a\") Utf8, count(*) Int64");
}

TEST(columns_keep_their_metadata) {
    Fixture f;
    f.Rows("SELECT id, a AS b, upper(a) AS u, length(a) AS l, n + 1 AS p FROM w.t");
    CHECK_EQ(f.Columns(), "id Utf8, b Utf8?, u Utf8?, l Int32?, p Int64?");
    CHECK_EQ(f.columns[0].metadata.size(), 2U);
    CHECK_EQ(f.columns[1].metadata.size(), 1U);
    CHECK(f.columns[2].metadata.empty() && f.columns[4].metadata.empty());
    f.Rows("SELECT * FROM kalam.w.big LIMIT 1");
    CHECK_EQ(f.Columns(), "id Int32, _seq Int64, _deleted Boolean");
}

TEST(recorded_orders) {
    Fixture f;
    CHECK_EQ(f.Rows("SELECT id FROM w.t ORDER BY a"), "5|1|3|2|0|6|4");
    CHECK_EQ(f.Rows("SELECT id FROM w.t ORDER BY a DESC"), "4|6|0|2|3|1|5");
    CHECK_EQ(f.Rows("SELECT id, a FROM w.t ORDER BY a LIMIT 3"), "1,alpha|3,bravo|5,Echo");
    CHECK_EQ(f.Rows("SELECT id, n FROM w.t ORDER BY n DESC LIMIT 3"), "1,9|2,NULL|4,5");
    CHECK_EQ(f.Rows("SELECT id FROM w.t ORDER BY n NULLS FIRST, id LIMIT 4"), "0|2|3|6");
    CHECK_EQ(f.Rows("SELECT id FROM w.t ORDER BY id DESC LIMIT 2"), "5|6");
    CHECK_EQ(f.Rows("SELECT id FROM w.t WHERE n > 1 ORDER BY a LIMIT 2"), "1|5");
    // Without the key in the answer there is nothing to sort by again.
    CHECK_EQ(f.Rows("SELECT a FROM w.t ORDER BY a DESC LIMIT 2"), "NULL|éclair");
    CHECK_EQ(f.Rows("SELECT id FROM w.big"), f.Rows("SELECT id FROM w.big ORDER BY id"));
    CHECK_EQ(f.Rows("SELECT id FROM w.t ORDER BY dc"), "3|0|1|2|4|5|6");
}

TEST(limits) {
    Fixture f;
    f.Rows("SELECT id FROM w.big");
    CHECK_EQ(f.count, 50);
    f.Rows("SELECT id FROM w.big ORDER BY id LIMIT 2500");
    CHECK_EQ(f.count, 1000);
    f.Rows("SELECT id FROM (SELECT id FROM w.big) x LIMIT 10 OFFSET 2995");
    CHECK_EQ(f.count, 5);
    CHECK_EQ(f.Rows("SELECT count(*) AS n FROM w.big"), "3000");
    CHECK_EQ(f.Rows("SELECT id FROM w.t WHERE id IN ('1', '5', '77') ORDER BY id LIMIT 2 OFFSET 1"), "5");
}

TEST(aggregates) {
    Fixture f;
    CHECK_EQ(f.Rows("SELECT n, count(*) AS c, sum(n) AS s, min(a) AS mi FROM w.t GROUP BY n ORDER BY n"),
             "1,1,1,bravo|2,1,2,éclair|3,2,6,Echo|5,1,5,NULL|9,1,9,alpha|NULL,1,NULL,charlie");
    CHECK_EQ(f.Columns(), "n Int32?, c Int64, s Int64?, mi Utf8?");
    CHECK_EQ(f.columns[0].metadata.size(), 1U);
    CHECK_EQ(f.Rows("SELECT count(n) AS c, sum(n) AS s, avg(n) AS a, min(n) AS mi, max(a) AS ma FROM w.t "
                    "WHERE n > 100"),
             "0,NULL,NULL,NULL,NULL");
    CHECK_EQ(f.Columns(), "c Int64, s Int64?, a Float64?, mi Int32?, ma Utf8?");
    CHECK_EQ(f.Rows("SELECT sum(dc) AS s, max(dc) AS m, avg(dc) AS a FROM w.t"), "12.25,10.00,4.083333");
    CHECK_EQ(f.Columns(), "s Decimal128(20, 2)?, m Decimal128(10, 2)?, a Decimal128(14, 6)?");
    CHECK_EQ(
        f.Rows(
            "SELECT count(*) FILTER (WHERE n = 3) AS c, count(DISTINCT n) AS d FROM w.t HAVING count(*) > 1"),
        "2,5");
    CHECK_EQ(f.Rows("SELECT upper(a) AS u, count(*) FROM w.t WHERE a IS NOT NULL GROUP BY upper(a) ORDER BY "
                    "u LIMIT 1"),
             "ALPHA,1");
    CHECK(f.Rows("SELECT a, count(*) FROM w.t").find("must be in GROUP BY") != std::string::npos);
}

TEST(conditions) {
    Fixture f;
    CHECK_EQ(f.Rows("SELECT id FROM w.t WHERE a > 'b' ORDER BY id"), "0|2|3|6");
    CHECK_EQ(f.Rows("SELECT id FROM w.t WHERE a LIKE '%l%' ORDER BY id"), "0|1|2|6");
    CHECK_EQ(f.Rows("SELECT id FROM w.t WHERE a LIKE '_cho' ORDER BY id"), "5");
    CHECK_EQ(f.Rows("SELECT id FROM w.t WHERE a LIKE '_clair' OR a ILIKE 'ECHO' ORDER BY id"), "5|6");
    CHECK_EQ(f.Rows("SELECT id FROM w.t WHERE a NOT LIKE '%a%' ORDER BY id"), "5");
    CHECK_EQ(f.Rows("SELECT id FROM w.t WHERE NOT (n = 3) ORDER BY id"), "1|3|4|6");
    CHECK_EQ(f.Rows("SELECT id FROM w.t WHERE n IS NULL"), "2");
    CHECK_EQ(f.Rows("SELECT id FROM w.t WHERE n BETWEEN 2 AND 3 AND id <> '0'"), "5|6");
    CHECK_EQ(f.Rows("SELECT id FROM w.t WHERE n IS DISTINCT FROM 3 AND n IS DISTINCT FROM 9"), "2|3|4|6");
    CHECK_EQ(f.Rows("SELECT id FROM w.t WHERE n = '9'"), "1");
    CHECK_EQ(f.Rows("SELECT id FROM w.t WHERE dc > 3 ORDER BY id"), "0|1");
    CHECK_EQ(f.Rows("SELECT id FROM w.t WHERE ts = '1970-01-01T00:00:05'"), "3");
    CHECK_EQ(f.Rows("SELECT id FROM w.t WHERE ts < TIMESTAMP '1970-01-01 00:00:02' - INTERVAL '1 second' "
                    "ORDER BY id"),
             "0");
    CHECK_EQ(f.Rows("SELECT id FROM w.t WHERE ts = 'junk'"),
             "Execution error: Optimizer rule 'simplify_expressions' failed\ncaused by\nArrow error: Parser "
             "error: Error parsing "
             "timestamp from 'junk': timestamp must contain at least 10 characters");
}

TEST(expressions) {
    Fixture f;
    CHECK_EQ(f.Rows("SELECT doc->>'k' AS k, doc->'n' AS n, doc->>'x' AS x FROM w.t WHERE id = '1'"),
             "v,[1, true],NULL");
    CHECK_EQ(f.Columns(), "k Utf8?, n Utf8?, x Utf8?");
    CHECK_EQ(f.Rows("SELECT CASE WHEN n > 3 THEN 'big' ELSE 'small' END AS c FROM w.t WHERE id = '1'"),
             "big");
    CHECK_EQ(f.Rows("SELECT CASE n WHEN 9 THEN 1 END AS c FROM w.t WHERE id IN ('0', '1') ORDER BY id"),
             "NULL|1");
    CHECK_EQ(
        f.Rows("SELECT a || n || 'x' AS c, n::TEXT AS t, CAST(n AS DOUBLE) / 2 AS h FROM w.t WHERE id = '1'"),
        "alpha9x,9,4.5");
    CHECK_EQ(f.Rows("SELECT coalesce(a, 'none') AS c FROM w.t WHERE id = '4'"), "none");
    CHECK_EQ(
        f.Rows(
            "SELECT substr('abcdef', 2, 3) AS s, replace('aXa', 'X', 'b') AS r, concat('a', NULL, 1) AS c"),
        "bcd,aba,a1");
    CHECK_EQ(f.Rows("SELECT date_part('year', NOW()) AS y, EXTRACT(dow FROM NOW()) AS d, date_trunc('hour', "
                    "NOW()) AS h"),
             "2023,2,2023-11-14T22:00:00");
    CHECK_EQ(f.Rows("SELECT 7 / 2 AS i, 7 % 2 AS m, -n AS g, 2 + 3 * 4 AS p FROM w.t WHERE id = '0'"),
             "3,1,-3,14");
    CHECK_EQ(f.Rows("SELECT id FROM w.t WHERE a = 'it''s'"), "");
    CHECK(f.Rows("SELECT CAST('x' AS INT)").find("Cannot cast string 'x' to value of Int32 type") !=
          std::string::npos);
    CHECK_EQ(f.Rows("SELECT n / (n - 3) FROM w.t"), "Execution error: Arrow error: Divide by zero error");
    CHECK_EQ(f.Rows("SELECT NOW() - INTERVAL '1 day 2 hours' AS a, NOW() + INTERVAL '-5' SECOND AS b"),
             "2023-11-13T20:13:20.123456,2023-11-14T22:13:15.123456");
    CHECK(f.Rows("SELECT NOW() - INTERVAL '1e300 weeks'").find("Unsupported interval") != std::string::npos);
    CHECK_EQ(f.Rows("SELECT date_trunc('year', 9223372036854775807) IS NULL AS a"), "false");
    CHECK(f.Rows("SELECT nosuch(1)").find("Invalid function 'nosuch'") != std::string::npos);
}

TEST(joins_subqueries_and_sets) {
    Fixture f;
    CHECK_EQ(f.Rows("SELECT x.id, y.a FROM w.t x JOIN w.t AS y ON x.n = y.n AND x.id < y.id"), "0,Echo");
    CHECK_EQ(
        f.Rows("SELECT b.id, t.n FROM w.big b LEFT JOIN w.t t ON t.n = b.id WHERE b.id < 3 ORDER BY b.id"),
        "0,NULL|1,1|2,2");
    CHECK_EQ(f.Columns(), "id Int32, n Int32?");
    CHECK_EQ(f.Rows("SELECT id, x.a, y.n FROM w.t x JOIN w.t y USING (id) WHERE id = '3'"), "3,bravo,1");
    CHECK_EQ(f.Rows("SELECT id FROM w.t WHERE n = (SELECT max(n) FROM w.t)"), "1");
    CHECK_EQ(f.Rows("SELECT id FROM w.t x WHERE EXISTS (SELECT 1 FROM w.t y WHERE y.n = x.n AND y.id <> "
                    "x.id) ORDER BY id"),
             "0|5");
    CHECK_EQ(f.Rows("SELECT id FROM w.t WHERE id IN (SELECT id FROM w.t WHERE n < 3) ORDER BY id"), "3|6");
    CHECK_EQ(f.Rows("WITH c AS (SELECT id AS k, n FROM w.t WHERE n > 4) SELECT k FROM c ORDER BY k"), "1|4");
    CHECK_EQ(f.Rows("SELECT n FROM w.t WHERE n = 3 UNION SELECT 3 UNION ALL SELECT 4 ORDER BY n DESC"),
             "4|3");
    CHECK_EQ(f.Rows("SELECT column1, column2 FROM (VALUES (1, 'a'), (2, 'b')) v WHERE column1 > 1"), "2,b");
    CHECK_EQ(f.Rows("SELECT id, row_number() OVER (ORDER BY id DESC) AS r FROM w.t ORDER BY id LIMIT 1"),
             "0,7");
    CHECK_EQ(f.Rows("SELECT DISTINCT n FROM w.t WHERE n = 3"), "3");
}

TEST(names_are_checked) {
    Fixture f;
    CHECK_EQ(f.Rows("SELECT nosuch FROM w.big"),
             "Invalid operation: Schema error: No field named nosuch. Valid fields are w.big.id, w.big._seq, "
             "w.big._deleted.");
    CHECK_EQ(f.Rows("SELECT * FROM w.nosuch"),
             "Table not found: Error during planning: table 'kalam.w.nosuch' not found");
    CHECK_EQ(f.Rows("SELECT * FROM other.w.t"),
             "Table not found: Error during planning: table 'other.w.t' not found");
    CHECK_EQ(f.Rows("SELECT * FROM t"),
             "Table not found: Error during planning: table 'kalam.default.t' not found");
    CHECK_EQ(f.Rows("SELECT ID, T.a, w.t.n FROM W.T WHERE w.t.id = '1'"), "1,alpha,9");
    CHECK(f.Rows("SELECT id FROM w.t, w.big").find("Ambiguous reference to unqualified field id") !=
          std::string::npos);
}

TEST(changes_are_selects_of_keys) {
    Fixture f;
    CHECK_EQ(ChangeError(f, "UPDATE w.t SET a = upper(a), n = n + 1 WHERE id = '1'"), "1,ALPHA,10");
    CHECK_EQ(ChangeError(f, "DELETE FROM w.t WHERE n = 3"), "0|5");
    const std::string no_where = "operation on table 'w.big'\ncaused by\nError during planning: ";
    for (const char *where :
         {"", " WHERE true", " WHERE 1 = 1", " WHERE id = id", " WHERE id IS NOT NULL",
          " WHERE id IS NOT NULL OR id IS NULL", " WHERE NOT false", " WHERE _seq IS NOT NULL AND true"}) {
        CHECK_EQ(ChangeError(f, std::string("UPDATE w.big SET _deleted = true") + where),
                 "Execution error: UPDATE " + no_where + "UPDATE requires a WHERE clause");
        CHECK_EQ(ChangeError(f, std::string("DELETE FROM w.big") + where),
                 "Execution error: DELETE " + no_where + "DELETE requires a WHERE clause");
    }
    CHECK_EQ(ChangeError(f, "DELETE FROM w.big WHERE _seq > 0 AND id >= 2999"), "");
    CHECK_EQ(ChangeError(f, "DELETE FROM w.t WHERE a = a AND id = '1'"), "1");
    CHECK_EQ(ChangeError(f, "UPDATE w.big SET id = 5 WHERE id = 1"),
             "Already exists: UPDATE " + no_where + "UPDATE cannot modify primary key column 'id'");
    CHECK_EQ(ChangeError(f, "UPDATE w.nosuch SET a = 1 WHERE b = 2"),
             "Table not found: Error during planning: table 'kalam.w.nosuch' not found");
}

TEST(inserts_are_selects_of_rows) {
    Fixture f;
    const auto statement =
        Parse("INSERT INTO w.t (id, n, ts) VALUES ('a', 1, '2024-01-01'), ('b', NULL, NOW())");
    const auto plan = PlanInsert(std::get<Query>(*statement), f);
    CHECK(plan.ok());
    CHECK((plan->target == std::vector<int>{0, 2, 4}));
    CHECK_EQ(f.Run(plan->rows_sql, plan->value_types), "a,1,2024-01-01|b,NULL,2023-11-14T22:13:20.123456");
    const auto all = PlanInsert(std::get<Query>(*Parse("INSERT INTO w.big SELECT 5")), f);
    CHECK((all->target == std::vector<int>{0}));
    CHECK(
        PlanInsert(std::get<Query>(*Parse("INSERT INTO w.t (id, nosuch) VALUES (1, 2)")), f)
            .error()
            .starts_with("Invalid operation: Schema error: No field named nosuch. Valid fields are w.t.id"));
    CHECK(!PlanInsert(std::get<Query>(*Parse("INSERT INTO w.t (id, n) VALUES (1)")), f).ok());
}
