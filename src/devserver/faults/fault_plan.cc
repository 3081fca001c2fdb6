// Keeps the rules and the held calls; finds the server's own connections to close them.
#include "devserver/faults/fault_plan.h"

#include <arpa/inet.h>
#include <dirent.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <cstdlib>
#include <string_view>
#include <utility>

namespace kalam::devserver::faults {

namespace {

constexpr std::string_view kPgService = "/kalamdb.pg.PgService/";

int PortOf(const sockaddr_storage &address) {
    if (address.ss_family == AF_INET) {
        return ntohs(reinterpret_cast<const sockaddr_in &>(address).sin_port);
    }
    if (address.ss_family == AF_INET6) {
        return ntohs(reinterpret_cast<const sockaddr_in6 &>(address).sin6_port);
    }
    return -1;
}

// A connected socket whose own end is the listening port.
bool IsClientOf(int fd, int port) {
    sockaddr_storage address{};
    socklen_t length = sizeof address;
    if (getsockname(fd, reinterpret_cast<sockaddr *>(&address), &length) != 0) return false;
    if (PortOf(address) != port) return false;
    length = sizeof address;
    return getpeername(fd, reinterpret_cast<sockaddr *>(&address), &length) == 0;
}

}  // namespace

void FaultPlan::Add(Rule rule) {
    const std::lock_guard lock(mutex_);
    rules_.push_back(std::move(rule));
}

void FaultPlan::Clear() {
    const std::lock_guard lock(mutex_);
    rules_.clear();
    ReleaseAllLocked();
}

Fault FaultPlan::Next(const std::string &path) {
    if (!path.starts_with(kPgService)) return {};
    const std::string_view method = std::string_view(path).substr(kPgService.size());
    const std::lock_guard lock(mutex_);
    for (auto rule = rules_.begin(); rule != rules_.end(); ++rule) {
        if (!rule->method.empty() && rule->method != method) continue;
        if (rule->skip > 0) {
            --rule->skip;
            continue;
        }
        Fault fault = rule->fault;
        ++hits_;
        if (rule->count > 0 && --rule->count == 0) rules_.erase(rule);
        return fault;
    }
    return {};
}

int64_t FaultPlan::hits() const {
    const std::lock_guard lock(mutex_);
    return hits_;
}

void FaultPlan::Hold(HeldCall *call, int64_t millis) {
    const std::lock_guard lock(mutex_);
    held_.insert(call);
    call->StartTimer(stopped_ ? 0 : millis);
}

void FaultPlan::Forget(HeldCall *call) {
    const std::lock_guard lock(mutex_);
    held_.erase(call);
}

size_t FaultPlan::held() const {
    const std::lock_guard lock(mutex_);
    return held_.size();
}

void FaultPlan::Stop() {
    const std::lock_guard lock(mutex_);
    stopped_ = true;
    ReleaseAllLocked();
}

void FaultPlan::ReleaseAllLocked() {
    for (HeldCall *call : held_) call->Release();
}

void FaultPlan::CloseConnections() const {
    DIR *directory = opendir("/proc/self/fd");
    if (directory == nullptr) return;
    while (const dirent *entry = readdir(directory)) {
        const int fd = std::atoi(entry->d_name);
        if (IsClientOf(fd, port_)) shutdown(fd, SHUT_RDWR);
    }
    closedir(directory);
}

}  // namespace kalam::devserver::faults
