// What the worker knows of one EndpointId: how to reach it, its sessions, its groups of inserts, its counters.
// Made from the options that a request brought along; dropped after a while without use. Called with the
// engine's lock held; `auth_header` is also read by calls that are being sent (constant).
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "common/message.h"
#include "worker/rpc/channel.h"
#include "worker/rpc/grouping.h"
#include "worker/rpc/session.h"

namespace kalam::worker::rpc {

struct Endpoint {
    Endpoint(Engine &engine, const common::EndpointId &id, const common::EndpointConfig &config);

    // The session that an autocommit call of backend `pid` travels on. Counts as a use of the endpoint.
    Session &SessionForAny(int32_t pid, int64_t now_us);
    // The backend's own session, for transactions.
    Session &OwnSession(int32_t pid, int64_t now_us);
    // The backend has gone.
    void CloseOwnSession(int32_t pid);
    // A foreign server that has these options, and its end: with the last one the sessions are closed, but for
    // those with a transaction, which their backends end.
    void NoteServer(const common::ServerRef &server);
    void DropServer(const common::ServerRef &server);
    // Closes the carrier if nobody has used it for a while.
    void CloseIdleCarrier(int64_t now_us);
    // Nothing depends on it: no session, no call, no group.
    bool IsUnused() const;

    Engine &engine;
    const common::EndpointId id;
    const std::string name;         // host:port
    const std::string auth_header;  // secret
    const std::string config_error;
    std::shared_ptr<Channel> channel;  // null if config_error
    shm::EndpointStats &stats;
    int calls = 0;              // in flight
    int closers = 0;            // at work
    bool link_is_down = false;  // as far as its calls have shown
    int64_t last_use_us = 0;

    std::unordered_map<int32_t, std::unique_ptr<Session>> own_sessions;  // by backend pid
    std::unique_ptr<Session> carrier;
    InsertGroups groups;

 private:
    void NoteUse(int32_t pid, int64_t now_us);
    void Close(std::unique_ptr<Session> session);

    std::vector<common::ServerRef> servers_;  // for which requests have come; few

    // The rule for the carrier: it is used for a minute from each moment at which a second backend was seen
    // within a minute of another one.
    int32_t last_pid_ = 0;
    int64_t last_pid_use_us_ = 0;
    int64_t shared_until_us_ = 0;
    int64_t carrier_use_us_ = 0;
};

}  // namespace kalam::worker::rpc
