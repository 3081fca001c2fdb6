// The twelve calls; each reads as KalamDB's order of checks. See service.h.
#include "devserver/service.h"

#include <array>

#include "devserver/error.h"
#include "devserver/ids.h"
#include "devserver/query/statements.h"
#include "devserver/request.h"
#include "devserver/scan/scan.h"
#include "devserver/session/owner_key.h"
#include "devserver/values/value_text.h"

namespace kalam::devserver {

namespace {

using namespace kalamdb::pg;

// Does the error say that the transaction is over? KalamDB decides by these words.
bool EndsTransaction(const RpcError &error) {
    if (error.code() != Code::kFailedPrecondition && error.code() != Code::kNotFound) return false;
    constexpr std::array<const char *, 12> kWords = {"not found",
                                                     "no active transaction",
                                                     "already committed",
                                                     "already rolled back",
                                                     "timed out and was aborted",
                                                     "timed_out",
                                                     "because it was aborted",
                                                     " was aborted",
                                                     " is aborted",
                                                     "while it is committ",
                                                     "while it is rolling_back",
                                                     "while it is rolled_back"};
    for (const char *words : kWords) {
        if (error.message().find(words) != std::string::npos) return true;
    }
    return false;
}

void RequireUser(const WriteTarget &target, const char *doing, const char *system_refusal) {
    if (target.kind == sql::TableKind::kSystem) Throw(Code::kPermissionDenied, system_refusal);
    if (target.kind != sql::TableKind::kShared && target.user.empty()) {
        Throw(Code::kInvalidArgument, std::string("user_id required for user/stream table ") + doing);
    }
}

std::shared_ptr<Mutation> NewMutation(Mutation::Kind kind, const WriteTarget &target, size_t payload_bytes) {
    auto mutation = std::make_shared<Mutation>();
    mutation->kind = kind;
    mutation->table = target.table;
    mutation->table_kind = target.kind;
    if (target.kind != sql::TableKind::kShared) mutation->user = target.user;
    mutation->bytes = payload_bytes + target.table.Dotted().size() + mutation->user.size() + 8;
    return mutation;
}

// Transactions stage inserts under the column named id, whatever the table's key is.
MutationPtr StagedInsert(const WriteTarget &target, RowCells row, size_t json_bytes) {
    auto mutation = NewMutation(Mutation::Kind::kInsert, target, json_bytes);
    bool has_id = false;
    for (const RowCell &cell : row) {
        if (cell.name != "id") continue;
        has_id = true;
        mutation->key = StagedKeyText(cell.value);
    }
    if (!has_id) {
        Throw(Code::kInvalidArgument, "transactional INSERT requires primary key column 'id'");
    }
    mutation->bytes += mutation->key.size();
    mutation->cells = std::move(row);
    return mutation;
}

MutationPtr StagedChange(Mutation::Kind kind, const WriteTarget &target, const std::string &key,
                         RowCells cells, size_t json_bytes) {
    auto mutation = NewMutation(kind, target, json_bytes + key.size());
    mutation->key = key;
    mutation->cells = std::move(cells);
    return mutation;
}

}  // namespace

std::string Service::Enter(const CallContext &context, const std::string &session_id, const char *method) {
    std::string session = Trimmed(session_id);
    core_.sessions.Validate(session);
    core_.sessions.Touch(session, method, context.peer);
    return session;
}

template <typename Action>
auto Service::WithTidyUp(const std::string &session, const std::string &transaction, Action action) {
    try {
        return action();
    } catch (const RpcError &error) {
        if (EndsTransaction(error)) {
            core_.transactions.Forget(transaction);
            core_.sessions.Pin(session, {});
        }
        throw;
    }
}

template <typename StageFn, typename ApplyFn>
uint64_t Service::Write(const std::string &session, StageFn stage, ApplyFn apply) {
    const std::string owner = ParseOwnerKey(session);
    const std::string transaction = core_.transactions.ActiveOf(owner);
    if (transaction.empty()) return apply();
    return WithTidyUp(session, transaction, [&] { return stage(transaction); });
}

// Only the leader of the table's group takes writes of a transaction; autocommit writes are forwarded to it.
void Service::StageWrites(const std::string &transaction, const WriteTarget &target,
                          const std::vector<MutationPtr> &writes) {
    const std::string leader = core_.leadership.ElsewhereFor(target.kind);
    if (!leader.empty()) {
        Throw(Code::kFailedPrecondition, "Not leader for shard. Leader: Some(\"" + leader + "\")");
    }
    core_.transactions.Stage(transaction, writes);
}

void Service::Ping(const CallContext &context, const PingRequest &, PingResponse &response) {
    core_.authenticator.Check(context.credentials, "");
    response.set_ok(true);
}

void Service::OpenSession(const CallContext &context, const OpenSessionRequest &request,
                          OpenSessionResponse &response) {
    core_.authenticator.Check(context.credentials, " on open_session");
    std::string session = Trimmed(request.session_id());
    if (session.empty()) session = NewUuidV7(core_.clock.UnixMillis());
    std::optional<std::string> schema;
    if (request.has_current_schema()) schema = request.current_schema();
    const int64_t lease = core_.sessions.Open(session, schema, context.peer);
    response.set_session_id(session);
    if (schema) response.set_current_schema(*schema);
    response.set_lease_expires_at_ms(lease);
}

void Service::CloseSession(const CallContext &, const CloseSessionRequest &request, CloseSessionResponse &) {
    const std::string session = Trimmed(request.session_id());
    if (session.empty()) Throw(Code::kInvalidArgument, "session_id must not be empty");
    const std::string transaction = core_.sessions.PinnedTransaction(session);
    if (!transaction.empty()) core_.transactions.Forget(transaction);
    core_.sessions.Close(session);
}

void Service::Scan(const CallContext &context, const ScanRpcRequest &request, ScanRpcResponse &response) {
    const std::string session = Enter(context, request.session_id(), "Scan");
    const WriteTarget target =
        ReadTarget(request.namespace_(), request.table_name(), request.table_type(), request.user_id());
    ScanRequest scan;
    scan.table = target.table;
    scan.kind = target.kind;
    scan.user = target.user.empty() ? "anonymous" : target.user;
    scan.columns.assign(request.columns().begin(), request.columns().end());
    for (const auto &filter : request.filters()) {
        if (filter.op() == "eq") scan.filters.emplace_back(filter.column(), filter.value());
    }
    if (request.has_limit()) scan.limit = request.limit();
    const std::string transaction = core_.transactions.ActiveOf(ParseOwnerKey(session));
    std::optional<TransactionCoordinator::ReadScope> scope;
    if (!transaction.empty()) {
        scope = WithTidyUp(session, transaction, [&] {
            return core_.transactions.Read(transaction, target.table, target.kind, target.user);
        });
    }
    const std::string leader = core_.leadership.ElsewhereFor(target.kind);
    if (!leader.empty()) {
        Throw(Code::kInternal, "External error: Not leader for shard. Leader: " + leader);
    }
    response.add_ipc_batches(RunScan(core_.db, scan, scope ? &*scope : nullptr, core_.config.hot_row_cap));
}

void Service::Insert(const CallContext &context, const InsertRpcRequest &request,
                     InsertRpcResponse &response) {
    const std::string session = Enter(context, request.session_id(), "Insert");
    const WriteTarget target =
        ReadTarget(request.namespace_(), request.table_name(), request.table_type(), request.user_id());
    std::vector<RowCells> rows;
    rows.reserve(static_cast<size_t>(request.rows_json_size()));
    for (const std::string &json : request.rows_json()) rows.push_back(ReadRow(json));
    const auto stage = [&](const std::string &transaction) -> uint64_t {
        std::vector<MutationPtr> writes;
        for (size_t i = 0; i < rows.size(); ++i) {
            const size_t bytes = request.rows_json(static_cast<int>(i)).size();
            writes.push_back(StagedInsert(target, std::move(rows[i]), bytes));
        }
        StageWrites(transaction, target, writes);
        return writes.size();
    };
    const auto apply = [&]() -> uint64_t {
        RequireUser(target, "inserts", "cannot insert into system tables");
        return rows.empty() ? 0 : InsertRows(core_.db, target, rows);
    };
    response.set_affected_rows(Write(session, stage, apply));
}

void Service::Update(const CallContext &context, const UpdateRpcRequest &request,
                     UpdateRpcResponse &response) {
    const std::string session = Enter(context, request.session_id(), "Update");
    const WriteTarget target =
        ReadTarget(request.namespace_(), request.table_name(), request.table_type(), request.user_id());
    RowCells changes = ReadRow(request.updates_json());
    const auto stage = [&](const std::string &transaction) -> uint64_t {
        StageWrites(transaction, target,
                    {StagedChange(Mutation::Kind::kUpdate, target, request.pk_value(), std::move(changes),
                                  request.updates_json().size())});
        return 1;
    };
    const auto apply = [&]() -> uint64_t {
        RequireUser(target, "updates", "cannot update system tables");
        return UpdateRow(core_.db, target, request.pk_value(), changes);
    };
    response.set_affected_rows(Write(session, stage, apply));
}

void Service::Delete(const CallContext &context, const DeleteRpcRequest &request,
                     DeleteRpcResponse &response) {
    const std::string session = Enter(context, request.session_id(), "Delete");
    const WriteTarget target =
        ReadTarget(request.namespace_(), request.table_name(), request.table_type(), request.user_id());
    const auto stage = [&](const std::string &transaction) -> uint64_t {
        StageWrites(transaction, target,
                    {StagedChange(Mutation::Kind::kDelete, target, request.pk_value(), {}, 0)});
        return 1;
    };
    const auto apply = [&]() -> uint64_t {
        RequireUser(target, "deletes", "cannot delete from system tables");
        return DeleteRow(core_.db, target, request.pk_value());
    };
    response.set_affected_rows(Write(session, stage, apply));
}

void Service::BeginTransaction(const CallContext &context, const BeginTransactionRequest &request,
                               BeginTransactionResponse &response) {
    const std::string session = Enter(context, request.session_id(), "BeginTransaction");
    const std::string owner = ParseOwnerKey(session);
    const std::string transaction = core_.transactions.Begin(owner, session);
    core_.sessions.Pin(session, transaction);
    response.set_transaction_id(transaction);
}

void Service::CommitTransaction(const CallContext &context, const CommitTransactionRequest &request,
                                CommitTransactionResponse &response) {
    const std::string session = Enter(context, request.session_id(), "CommitTransaction");
    const std::string id = Trimmed(request.transaction_id());
    if (id.empty()) Throw(Code::kInvalidArgument, "transaction_id must not be empty");
    CheckTransactionId(id);
    const auto writes = WithTidyUp(session, id, [&] { return core_.transactions.TakeForCommit(id); });
    core_.sessions.Pin(session, {});
    try {
        CommitWrites(core_.db, writes);
    } catch (const TableError &error) {
        Throw(Code::kFailedPrecondition,
              "Invalid operation: failed to commit transaction '" + id + "': " + error.text());
    }
    response.set_transaction_id(id);
}

void Service::RollbackTransaction(const CallContext &context, const RollbackTransactionRequest &request,
                                  RollbackTransactionResponse &response) {
    const std::string session = Enter(context, request.session_id(), "RollbackTransaction");
    const std::string id = Trimmed(request.transaction_id());
    CheckTransactionId(id);
    WithTidyUp(session, id, [&] { core_.transactions.Rollback(id); });
    core_.sessions.Pin(session, {});
    response.set_transaction_id(id);
}

void Service::ExecuteSql(const CallContext &context, const ExecuteSqlRpcRequest &request,
                         ExecuteSqlRpcResponse &response) {
    if (Trimmed(request.sql()).empty()) Throw(Code::kInvalidArgument, "sql must not be empty");
    Enter(context, request.session_id(), "ExecuteSql");
    const query::Answer answer = query::RunStatement(core_, request.sql());
    response.set_success(true);
    response.set_message(answer.is_rows ? "OK (affected: " + std::to_string(answer.row_count) + ")"
                                        : answer.message);
}

void Service::ExecuteQuery(const CallContext &context, const ExecuteQueryRpcRequest &request,
                           ExecuteQueryRpcResponse &response) {
    if (Trimmed(request.sql()).empty()) Throw(Code::kInvalidArgument, "sql must not be empty");
    Enter(context, request.session_id(), "ExecuteQuery");
    query::Answer answer = query::RunStatement(core_, request.sql());
    response.set_success(true);
    response.set_message(answer.message);
    for (std::string &batch : answer.batches) response.add_ipc_batches(std::move(batch));
}

}  // namespace kalam::devserver
