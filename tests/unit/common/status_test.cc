// Failure -> SQLSTATE (common/status.h): the texts are those that KalamDB 0.4.2 answered, whole chains included.
#include "common/status.h"

#include "../check.h"

using kalam::common::Cause;
using kalam::common::Code;
using kalam::common::Outcome;
using kalam::common::SqlStateFor;
using kalam::common::Status;

namespace {

struct ServerCase {
    const char *sql_state;
    Code code;
    const char *text;
};

constexpr char kInsertChain[] = "Raft error: Internal error: Provider error: Execution error: ";

std::string FromServer(Code code, const std::string &text) {
    return SqlStateFor({.code = code, .cause = Cause::kServer, .outcome = Outcome::kNotDone}, text);
}

std::string From(Cause cause, Outcome outcome = Outcome::kNotDone, Code code = Code::kUnavailable,
                 const char *text = "") {
    return SqlStateFor({.code = code, .cause = cause, .outcome = outcome}, text);
}

void CheckServerCases(std::initializer_list<ServerCase> cases) {
    for (const ServerCase &one : cases) {
        const std::string got = FromServer(one.code, one.text);
        if (got != one.sql_state) std::printf("# for: %s\n", one.text);
        CHECK_EQ(got, one.sql_state);
    }
}

}  // namespace

TEST(success_is_no_error) {
    CHECK_EQ(std::string(SqlStateFor(Status{}, "")), "00000");
}

TEST(duplicate_keys) {
    const std::string chain = kInsertChain;
    for (const char *tail :
         {"Failed to insert batch: Already exists: Primary key violation: value '1' already exists in column "
          "'id'",
          "Failed to insert batch: Already exists: Primary key violation: value '3' appears multiple times "
          "in "
          "the insert batch for column 'id'"})
        CHECK_EQ(FromServer(Code::kInternal, chain + tail), "23505");
    CHECK_EQ(FromServer(Code::kFailedPrecondition,
                        "Invalid operation: failed to commit transaction "
                        "'01a20c88-015a-7cd0-ae0a-25eb6487d2cc': Raft error: Provider error: Execution "
                        "error: Failed to insert batch row: Already exists: Primary key violation: value "
                        "'3' already exists in column 'id' (hot storage)"),
             "23505");
}

TEST(rows) {
    CheckServerCases({
        {"23502", Code::kInternal,
         "Raft error: Internal error: Provider error: Execution error: Failed to insert batch: Constraint "
         "violation: Execution error: NOT NULL constraint violation: column 'a' cannot be NULL (row 2)"},
        {"P0002", Code::kInternal,
         "Raft error: Internal error: Provider error: Execution error: Failed to update row: Not found: Row "
         "with id=5 not found (checked both hot and cold storage)"},
        {"P0002", Code::kInternal,
         "Raft error: Internal error: Provider error: Execution error: Failed to update row: Not found: Row "
         "with id=1 was deleted"},
        {"40001", Code::kFailedPrecondition,
         "Invalid operation: failed to commit transaction '01a2': Raft error: Provider error: Execution "
         "error: Failed to update row: Not found: Row with id=nosuch not found (checked both hot and cold "
         "storage)"},
    });
}

TEST(values) {
    CheckServerCases({
        {"22P02", Code::kInternal,
         "Failed to insert batch: Invalid operation: Schema coercion failed: Unable to cast value Utf8 to "
         "Int32 for column 'i': Arrow error: Cast error: Cannot cast string 'not a number' to value of Int32 "
         "type"},
        {"22003", Code::kInternal,
         "Invalid operation: Schema coercion failed: Unable to cast value Int32 to Int16 for column 'si': "
         "Arrow error: Cast error: Can't cast value 70000 to type Int16"},
        {"22003", Code::kInternal,
         "Schema coercion failed: Unable to cast value Decimal128(12, 2) to Decimal128(10, 2) for column "
         "'dc': Arrow error: Invalid argument error: 1234567890.12 is too large to store in a Decimal128 of "
         "precision 10. Max is 99999999.99"},
        {"22018", Code::kInternal,
         "Invalid operation: Schema coercion failed: Unable to coerce value FixedSizeBinary(16) to UUID for "
         "column 'u'"},
        {"22P02", Code::kInternal,
         "Failed to update row: Invalid operation: Failed to parse 'x7' as Int64: invalid digit found in "
         "string"},
        {"22007", Code::kInternal,
         "Optimizer rule 'simplify_expressions' failed\ncaused by\nArrow error: Parser error: Error parsing "
         "timestamp from 'junk': timestamp must contain at least 10 characters"},
        {"22P02", Code::kInvalidArgument, "invalid row JSON: expected value at line 1 column 8"},
        {"0A000", Code::kInternal,
         "Failed to insert batch: Invalid operation: Primary key column 'id' has unsupported or NULL value"},
    });
}

TEST(missing_objects) {
    CheckServerCases({
        {"42P01", Code::kNotFound, "w_sc.nosuch"},
        {"42P01", Code::kInternal,
         "Raft error: Internal error: Provider error: Shared table provider not found: nosuch:t"},
        {"42P01", Code::kInternal, "Raft error: Internal error: Table provider not found: ns:tbl"},
        {"42P01", Code::kInternal,
         "Table not found: Error during planning: table 'kalam.w_sq.nosuch' not found"},
        {"42P01", Code::kInternal, "Not found: Table 'nosuch' not found in namespace 'w_al'"},
        {"3F000", Code::kInternal, "Not found: Namespace 'w_ns' not found"},
        {"3F000", Code::kInternal,
         "Invalid operation: Namespace 'w_missing' does not exist. Create it first with CREATE NAMESPACE "
         "w_missing"},
        {"42704", Code::kInternal, "Invalid operation: Storage 'nowhere' does not exist"},
        {"42703", Code::kInvalidArgument, "column 'nosuch' not found in table 'w_sc.t'"},
        {"42703", Code::kInternal, "Schema error: No field named nosuch. Valid fields are w_sq.t.id."},
        {"42703", Code::kInternal, "Invalid operation: Column 'c' does not exist"},
        {"42809", Code::kInternal, "Execution error: Provider type mismatch for shared table w_us:t"},
    });
}

TEST(existing_objects) {
    CheckServerCases({
        {"42P07", Code::kInternal, "Already exists: Table ns.t already exists"},
        {"42P06", Code::kInternal, "Already exists: Namespace 'x' already exists"},
        {"42701", Code::kInternal, "Invalid operation: Column 'c' already exists"},
        {"42710", Code::kInternal, "Already exists: Storage 'x' already exists"},
        {"42710", Code::kAlreadyExists, "something"},
    });
}

TEST(statements_and_names) {
    CheckServerCases({
        {"42601", Code::kInternal, "Execution error: SQL error: ParserError(\"Expected: an expression\")"},
        {"42601", Code::kInternal, "Invalid SQL: Invalid CREATE TABLE statement: x"},
        {"42601", Code::kInvalidArgument, "sql must not be empty"},
        {"54000", Code::kInternal, "Invalid SQL: SQL query too long: 1048577 bytes (maximum 1048576 bytes)"},
        {"0A000", Code::kInternal, "Invalid SQL: Unsupported statement type: x"},
        {"0A000", Code::kInternal, "Composite PRIMARY KEYs are not supported yet"},
        {"0A000", Code::kInternal, "Invalid operation: UPDATE is not supported for STREAM tables"},
        {"0A000", Code::kInternal,
         "Execution error: UPDATE operation on table 'w_tr.s'\ncaused by\nError during planning: UPDATE "
         "requires a WHERE clause"},
        {"42939", Code::kInternal,
         "Invalid operation: Invalid column name 'select': Name 'select' is a reserved SQL keyword and "
         "cannot be used"},
        {"42939", Code::kInternal, "Namespace 'system' is reserved and cannot be used"},
        {"42602", Code::kInternal, "Name cannot start with a number"},
        {"42P16", Code::kInternal, "Invalid operation: Shared tables require a PRIMARY KEY column"},
    });
}

TEST(rights) {
    CheckServerCases({
        {"42501", Code::kPermissionDenied, "cannot insert into system tables"},
        {"42501", Code::kPermissionDenied, "pg rpc requires a DBA or system account"},
        {"42501", Code::kInternal,
         "Error during planning: Access denied: Role 'Service' cannot access table 'ns.t'. Shared table "
         "access denied (access_level=Dba)"},
        {"28P01", Code::kUnauthenticated, "authentication failed: Invalid credentials: Invalid credentials"},
        {"28000", Code::kUnauthenticated, "missing authorization header on open_session"},
        {"28000", Code::kUnauthenticated,
         "authentication failed: Malformed authorization header: Bearer token missing"},
    });
}

TEST(lost_transactions) {
    CheckServerCases({
        {"25P03", Code::kFailedPrecondition,
         "Invalid operation: cannot stage writes in transaction '01a2' because it timed out and was aborted"},
        {"25P03", Code::kFailedPrecondition, "transaction '01a2' is timed_out"},
        {"40001", Code::kFailedPrecondition,
         "Invalid operation: cannot commit transaction '01a2' because it was aborted"},
        {"40001", Code::kFailedPrecondition, "Not found: transaction '01a2' not found"},
        {"40001", Code::kFailedPrecondition,
         "Invalid operation: transaction '01a2' was aborted because leader for bound raft group 'g' changed "
         "from node '1' to '2'; retry in a new transaction"},
        {"54000", Code::kFailedPrecondition,
         "Invalid operation: transaction '01a2' exceeded buffer limit of 104857600 bytes and was aborted"},
        {"25000", Code::kFailedPrecondition,
         "Invalid operation: cannot commit transaction '01a2' while it is committing"},
        {"0A000", Code::kFailedPrecondition,
         "Invalid operation: explicit transaction '01a2' is already bound to data raft group 'data:user:00' "
         "and cannot access table 'w_tu:s' in group 'data:shared:00'"},
        {"0A000", Code::kFailedPrecondition,
         "Invalid operation: stream tables are not supported inside explicit transactions"},
        {"0A000", Code::kInvalidArgument, "transactional INSERT requires primary key column 'id'"},
        {"25001", Code::kFailedPrecondition, "Conflict: owner 'pg-1-2' already has an active transaction"},
    });
}

TEST(server_not_ready) {
    CheckServerCases({
        {"57P03", Code::kInternal, "Not leader for group meta: leader is node None"},
        {"57P03", Code::kFailedPrecondition, "Not leader for shard. Leader: Some(\"http://127.0.0.1:8181\")"},
        {"57P03", Code::kInternal, "Raft error: No leader known for group data:shared:00"},
        {"57P03", Code::kInternal,
         "Raft error: Network error: gRPC error forwarding proposal: code: 'The service is currently "
         "unavailable', message: \"tcp connect error\""},
        {"08007", Code::kInternal,
         "Raft error: Network error: gRPC error forwarding proposal: code: 'Unknown error', message: "
         "\"transport error\""},
        {"08007", Code::kFailedPrecondition,
         "Invalid operation: failed to commit transaction '01a2': Raft error: Proposal rejected: "
         "APIError(ForwardToLeader(ForwardToLeader { leader_id: None, leader_node: None }))"},
        {"57P03", Code::kUnavailable, "ns.table"},
    });
}

TEST(sizes) {
    CheckServerCases({
        {"54000", Code::kOutOfRange, "Error, decoded message length too large: found 5000000 bytes"},
        {"54000", Code::kResourceExhausted, "Received message larger than max (5 vs. 4)"},
    });
}

TEST(code_decides_when_the_text_says_nothing) {
    CheckServerCases({
        {"57014", Code::kCancelled, ""},
        {"57014", Code::kDeadlineExceeded, ""},
        {"22023", Code::kInvalidArgument, "namespace must not be empty"},
        {"40001", Code::kAborted, ""},
        {"0A000", Code::kUnimplemented, ""},
        {"XX001", Code::kDataLoss, ""},
        {"55000", Code::kFailedPrecondition, "something else"},
        {"HV000", Code::kInternal, "something else"},
        {"HV000", Code::kUnknown, ""},
    });
}

TEST(causes_other_than_the_server) {
    CHECK_EQ(From(Cause::kConnect), "08001");
    CHECK_EQ(From(Cause::kTransport), "08006");
    CHECK_EQ(From(Cause::kWorkerGone), "08006");
    CHECK_EQ(From(Cause::kTimeout, Outcome::kNotDone, Code::kDeadlineExceeded), "08006");
    CHECK_EQ(From(Cause::kTimeout, Outcome::kNotDone, Code::kCancelled), "57014");
    CHECK_EQ(From(Cause::kSessionLost), "40001");
    CHECK_EQ(From(Cause::kBadAnswer), "08P01");
    CHECK_EQ(From(Cause::kBadRequest, Outcome::kNotDone, Code::kResourceExhausted), "54000");
    CHECK_EQ(From(Cause::kBadRequest, Outcome::kNotDone, Code::kInternal), "08P01");
    CHECK_EQ(From(Cause::kUnknownEndpoint), "HV000");
    CHECK_EQ(From(Cause::kConfig, Outcome::kNotDone, Code::kInvalidArgument,
                  "invalid auth_header: not a valid metadata value"),
             "28000");
    CHECK_EQ(From(Cause::kConfig, Outcome::kNotDone, Code::kInvalidArgument, "ca_cert is not PEM"), "HV024");
}

TEST(unknown_outcome_is_said_whatever_the_cause) {
    for (Cause cause :
         {Cause::kTransport, Cause::kTimeout, Cause::kWorkerGone, Cause::kSessionLost, Cause::kBadAnswer})
        CHECK_EQ(From(cause, Outcome::kUnknown), "08007");
}

TEST(server_text_means_nothing_when_the_server_did_not_answer) {
    CHECK_EQ(From(Cause::kTransport, Outcome::kNotDone, Code::kUnavailable, "Primary key violation"),
             "08006");
}
