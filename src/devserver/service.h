// The twelve calls of the PgService: checks in KalamDB's order, then the work.
// Called by the RPC layer from several threads at once; keeps no state of its own beyond Core's. A refusal is an RpcError.
#pragma once

#include <string>

#include "devserver/core.h"
#include "devserver/dml/writes.h"
#include "kalam_pg.pb.h"

namespace kalam::devserver {

// What a call brings besides its message.
struct CallContext {
    Credentials credentials;
    std::string peer;  // address of the client
};

class Service {
 public:
    explicit Service(Core &core) : core_(core) {}

    void Ping(const CallContext &, const kalamdb::pg::PingRequest &, kalamdb::pg::PingResponse &);
    void OpenSession(const CallContext &, const kalamdb::pg::OpenSessionRequest &,
                     kalamdb::pg::OpenSessionResponse &);
    void CloseSession(const CallContext &, const kalamdb::pg::CloseSessionRequest &,
                      kalamdb::pg::CloseSessionResponse &);
    void Scan(const CallContext &, const kalamdb::pg::ScanRpcRequest &, kalamdb::pg::ScanRpcResponse &);
    void Insert(const CallContext &, const kalamdb::pg::InsertRpcRequest &, kalamdb::pg::InsertRpcResponse &);
    void Update(const CallContext &, const kalamdb::pg::UpdateRpcRequest &, kalamdb::pg::UpdateRpcResponse &);
    void Delete(const CallContext &, const kalamdb::pg::DeleteRpcRequest &, kalamdb::pg::DeleteRpcResponse &);
    void BeginTransaction(const CallContext &, const kalamdb::pg::BeginTransactionRequest &,
                          kalamdb::pg::BeginTransactionResponse &);
    void CommitTransaction(const CallContext &, const kalamdb::pg::CommitTransactionRequest &,
                           kalamdb::pg::CommitTransactionResponse &);
    void RollbackTransaction(const CallContext &, const kalamdb::pg::RollbackTransactionRequest &,
                             kalamdb::pg::RollbackTransactionResponse &);
    void ExecuteSql(const CallContext &, const kalamdb::pg::ExecuteSqlRpcRequest &,
                    kalamdb::pg::ExecuteSqlRpcResponse &);
    void ExecuteQuery(const CallContext &, const kalamdb::pg::ExecuteQueryRpcRequest &,
                      kalamdb::pg::ExecuteQueryRpcResponse &);

 private:
    // Validates the session and records its activity; returns the trimmed id.
    std::string Enter(const CallContext &context, const std::string &session_id, const char *method);

    // Runs `stage` when the session's owner has an open transaction, else `apply`; an error that ended the
    // transaction rolls it back, after which the session writes in autocommit.
    template <typename StageFn, typename ApplyFn>
    uint64_t Write(const std::string &session, StageFn stage, ApplyFn apply);
    void StageWrites(const std::string &transaction, const WriteTarget &target,
                     const std::vector<MutationPtr> &writes);
    template <typename Action>
    auto WithTidyUp(const std::string &session, const std::string &transaction, Action action);

    Core &core_;
};

}  // namespace kalam::devserver
