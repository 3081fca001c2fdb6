// Endpoints and the choice of a session (endpoint.h).
#include "worker/rpc/endpoint.h"

#include <algorithm>
#include <cstring>

#include "worker/rpc/clock.h"
#include "worker/rpc/credentials.h"
#include "worker/rpc/engine.h"

namespace kalam::worker::rpc {

namespace {

// How long two backends must not have met for one of them to be alone again.
constexpr int64_t kSharedForUs = 60 * kSecond;

std::string NameOf(const common::EndpointConfig &config) {
    return std::string(config.host) + ":" + std::to_string(config.port);
}

// The counters of `name`: those that have it, or the next free ones, or the last, which the rest share.
shm::EndpointStats &StatsFor(shm::Stats &stats, const std::string &name) {
    const std::string cut = name.substr(0, shm::kEndpointNameBytes - 1);
    for (shm::EndpointStats &entry : stats.endpoints) {
        if (entry.in_use.load(std::memory_order_relaxed) == 0) {  // relaxed: only this process writes it
            std::memcpy(entry.name, cut.c_str(), cut.size() + 1);
            entry.in_use.store(1, std::memory_order_release);  // pairs with the readers' acquire
            return entry;
        }
        if (cut == entry.name) return entry;
    }
    return stats.endpoints.back();
}

std::shared_ptr<Channel> ChannelFor(Engine &engine, const common::EndpointConfig &config) {
    std::weak_ptr<Channel> &entry = engine.channels[Channel::KeyFor(config)];
    std::shared_ptr<Channel> channel = entry.lock();
    if (channel == nullptr) entry = channel = std::make_shared<Channel>(config, engine.config);
    return channel;
}

}  // namespace

Endpoint::Endpoint(Engine &owner, const common::EndpointId &endpoint_id, const common::EndpointConfig &config)
    : engine(owner),
      id(endpoint_id),
      name(NameOf(config)),
      auth_header(config.auth_header),
      config_error(ConfigError(config)),
      channel(config_error.empty() ? ChannelFor(owner, config) : nullptr),
      stats(StatsFor(owner.stats(), name)),
      last_use_us(NowUs()) {}

void Endpoint::NoteUse(int32_t pid, int64_t now_us) {
    if (last_pid_ != 0 && last_pid_ != pid && now_us - last_pid_use_us_ < kSharedForUs) {
        shared_until_us_ = now_us + kSharedForUs;
    }
    last_pid_ = pid;
    last_pid_use_us_ = last_use_us = now_us;
}

Session &Endpoint::SessionForAny(int32_t pid, int64_t now_us) {
    NoteUse(pid, now_us);
    const auto own = own_sessions.find(pid);
    // What is not part of the transaction must not travel with it.
    const bool own_is_busy = own != own_sessions.end() && own->second->HasTransaction();
    if (now_us >= shared_until_us_ && !own_is_busy) return OwnSession(pid, now_us);
    carrier_use_us_ = now_us;
    if (carrier == nullptr)
        carrier = std::make_unique<Session>(engine, *this, engine.config.worker_pid, true);
    return *carrier;
}

Session &Endpoint::OwnSession(int32_t pid, int64_t now_us) {
    NoteUse(pid, now_us);
    std::unique_ptr<Session> &session = own_sessions[pid];
    if (session == nullptr) session = std::make_unique<Session>(engine, *this, pid, false);
    return *session;
}

// Now, or when the calls that are in have ended.
void Endpoint::Close(std::unique_ptr<Session> session) {
    if (session != nullptr && !session->TryClose()) engine.closing_sessions.push_back(std::move(session));
}

void Endpoint::CloseOwnSession(int32_t pid) {
    const auto it = own_sessions.find(pid);
    if (it == own_sessions.end()) return;
    Close(std::move(it->second));
    own_sessions.erase(it);
}

void Endpoint::NoteServer(const common::ServerRef &server) {
    if (std::find(servers_.begin(), servers_.end(), server) == servers_.end()) servers_.push_back(server);
}

void Endpoint::DropServer(const common::ServerRef &server) {
    if (std::erase(servers_, server) == 0 || !servers_.empty()) return;
    std::vector<int32_t> pids;
    for (const auto &[pid, session] : own_sessions) {
        if (!session->HasTransaction()) pids.push_back(pid);
    }
    for (int32_t pid : pids) CloseOwnSession(pid);
    Close(std::move(carrier));
}

void Endpoint::CloseIdleCarrier(int64_t now_us) {
    if (carrier == nullptr || now_us - carrier_use_us_ < engine.config.carrier_idle_ms * kMillisecond) return;
    if (carrier->TryClose()) carrier = nullptr;
}

bool Endpoint::IsUnused() const {
    return own_sessions.empty() && carrier == nullptr && calls == 0 && closers == 0 && groups.IsIdle();
}

}  // namespace kalam::worker::rpc
