// SqlStateFor (status.h): one table of what KalamDB says against what PostgreSQL calls it. The server wraps
// its errors in chains of prefixes that differ by path, so rules match substrings, and the first rule that
// matches wins: put the special before the general.
#include "common/status.h"

namespace kalam::common {

namespace {

struct TextRule {
    std::string_view first;   // must occur in the text
    std::string_view second;  // must occur too; empty: no second condition
    const char *sql_state;
};

constexpr TextRule kServerTexts[] = {
    // Rows.
    {"Primary key violation", "", "23505"},
    {"NOT NULL constraint violation", "", "23502"},
    {"failed to commit transaction", "Row with ", "40001"},  // deleted by somebody else meanwhile
    {"Row with ", "not found", "P0002"},
    {"Row with ", "was deleted", "P0002"},

    // Whether the server could serve at all.
    {"Not leader for", "", "57P03"},
    {"No leader known for group", "", "57P03"},
    {"No leader available for Raft group", "", "57P03"},
    {"error forwarding proposal", "tcp connect error",
     "57P03"},  // by a node that does not lead, to one that is gone
    {"error forwarding proposal", "", "08007"},
    {"Proposal rejected", "ForwardToLeader", "08007"},  // by a leader that was one when it took the write
    {"invalid or expired session", "", "08003"},
    {"session not authenticated", "", "08003"},
    {"session lease expired", "", "08003"},
    {"Invalid credentials", "", "28P01"},
    {"authentication failed", "", "28000"},

    // Transactions. A transaction that is gone can be tried again as a whole: class 40.
    {"already bound to data raft group", "", "0A000"},
    {"must remain within one data raft group", "", "0A000"},
    {"exceeded buffer limit", "", "54000"},
    {"already has an active transaction", "", "25001"},
    {"transaction '", "timed out", "25P03"},
    {"transaction '", "timed_out", "25P03"},
    {"transaction '", " was aborted", "40001"},
    {"transaction '", " is aborted", "40001"},
    {"transaction '", "while it is ", "25000"},
    {"transaction '", "' not found", "40001"},
    {"requires primary key column 'id'", "", "0A000"},

    // Rights.
    {"Access denied", "", "42501"},
    {"Permission denied", "", "42501"},
    {"Unauthorized", "", "42501"},
    {"requires a DBA", "", "42501"},

    // Values.
    {"has unsupported or NULL value", "", "0A000"},  // a key of a type that the server cannot index
    {"Invalid UUID literal", "", "22P02"},
    {"Cannot cast string", "", "22P02"},
    {"Can't cast value", "", "22003"},
    {"too large to store in a Decimal", "", "22003"},
    {"Failed to parse '", "", "22P02"},
    {"Error parsing timestamp", "", "22007"},
    {"Error parsing date", "", "22008"},
    {"invalid row JSON", "", "22P02"},
    {"Invalid embedding JSON", "", "22P02"},
    {"dimension mismatch", "", "22000"},
    {"Schema coercion failed", "", "22018"},
    {"Unable to cast value", "", "22018"},
    {"Cast error", "", "22018"},
    {"Cannot infer common argument type", "", "42804"},

    // Sizes.
    {"message length too large", "", "54000"},
    {"larger than max", "", "54000"},
    {"SQL query too long", "", "54000"},

    // Objects that are there already.
    {"Already exists", "Namespace '", "42P06"},
    {"Namespace '", "already exists", "42P06"},
    {"Already exists", "Table ", "42P07"},
    {"Column '", "already exists", "42701"},
    {"Already exists", "", "42710"},

    // Objects that are not there.
    {"provider not found", "", "42P01"},
    {"Table not found", "", "42P01"},
    {"Not found: Table", "", "42P01"},
    {"Provider type mismatch", "", "42809"},
    {"Namespace '", "does not exist", "3F000"},
    {"Namespace '", "not found", "3F000"},
    {"Storage '", "does not exist", "42704"},
    {"Storage '", "not found", "42704"},
    {"User '", "not found", "42704"},
    {"Column '", "does not exist", "42703"},
    {"column '", "not found in table", "42703"},
    {"No field named", "", "42703"},

    // Names and definitions.
    {"Unsupported", "", "0A000"},
    {"not supported", "", "0A000"},
    {"No handler registered", "", "0A000"},
    {"requires a request-scoped execution context", "", "0A000"},
    {"requires a WHERE clause", "", "0A000"},
    {"reserved SQL keyword", "", "42939"},
    {"is reserved and cannot be used", "", "42939"},
    {"Cannot create system table", "", "42939"},
    {"Name is too long", "", "42622"},
    {"Name cannot ", "", "42602"},
    {"contains invalid characters", "", "42602"},
    {"Invalid table name", "", "42602"},
    {"PRIMARY KEY", "", "42P16"},
    {"TTL_SECONDS", "", "42P16"},
    {"Unknown table option", "", "22023"},
    {"FLUSH_POLICY", "", "22023"},
    {"Invalid schema evolution", "", "42P16"},

    // Statements.
    {"ParserError", "", "42601"},
    {"Invalid SQL", "", "42601"},
    {"Expected exactly one statement", "", "42601"},
    {"sql must not be empty", "", "42601"},
    {"Constraint violation", "", "23000"},
};

bool Contains(std::string_view text, std::string_view part) {
    return text.find(part) != std::string_view::npos;
}

const char *ForCode(Code code) {
    switch (code) {
        case Code::kCancelled:
        case Code::kDeadlineExceeded:
            return "57014";  // query_canceled
        case Code::kInvalidArgument:
            return "22023";  // invalid_parameter_value
        case Code::kNotFound:
            return "42P01";  // undefined_table: the text is then just the table's name
        case Code::kAlreadyExists:
            return "42710";  // duplicate_object
        case Code::kPermissionDenied:
            return "42501";  // insufficient_privilege
        case Code::kResourceExhausted:
        case Code::kOutOfRange:
            return "54000";  // program_limit_exceeded: how gRPC refuses messages that are too large
        case Code::kFailedPrecondition:
            return "55000";  // object_not_in_prerequisite_state
        case Code::kAborted:
            return "40001";  // serialization_failure
        case Code::kUnimplemented:
            return "0A000";  // feature_not_supported
        case Code::kUnavailable:
            return "57P03";  // cannot_connect_now
        case Code::kDataLoss:
            return "XX001";  // data_corrupted
        case Code::kUnauthenticated:
            return "28000";  // invalid_authorization_specification
        case Code::kOk:
        case Code::kUnknown:
        case Code::kInternal:
            break;
    }
    return "HV000";  // fdw_error
}

const char *ForServer(Code code, std::string_view text) {
    for (const TextRule &rule : kServerTexts)
        if (Contains(text, rule.first) && Contains(text, rule.second)) return rule.sql_state;
    return ForCode(code);
}

const char *ForConfig(std::string_view text) {
    const bool about_credentials = Contains(text, "auth_header") || Contains(text, "login");
    return about_credentials ? "28000" : "HV024";  // fdw_invalid_attribute_value
}

const char *ForBadRequest(Code code) {
    const bool too_large = code == Code::kResourceExhausted || code == Code::kOutOfRange;
    return too_large ? "54000" : "08P01";  // protocol_violation
}

}  // namespace

const char *SqlStateFor(Status status, std::string_view text) {
    const bool unknown = status.outcome == Outcome::kUnknown;
    if (status.Ok()) return "00000";
    // transaction_resolution_unknown goes before everything but the server's own word.
    if (unknown && status.cause != Cause::kServer) return "08007";
    switch (status.cause) {
        case Cause::kConnect:
            return "08001";  // sqlclient_unable_to_establish_sqlconnection
        case Cause::kTimeout:
            if (status.code == Code::kCancelled) return "57014";
            return "08006";  // connection_failure: the link or the server stalled
        case Cause::kTransport:
        case Cause::kWorkerGone:
            return "08006";
        case Cause::kConfig:
            return ForConfig(text);
        case Cause::kSessionLost:
            return "40001";  // the transaction can be tried again as a whole
        case Cause::kBadAnswer:
            return "08P01";
        case Cause::kBadRequest:
            return ForBadRequest(status.code);
        case Cause::kServer:
            return ForServer(status.code, text);
        case Cause::kNone:
        case Cause::kUnknownEndpoint:
            break;
    }
    return "HV000";
}

}  // namespace kalam::common
