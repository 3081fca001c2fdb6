// Finds sockets and sets TCP_QUICKACK (quick_ack.h).
#include "worker/rpc/quick_ack.h"

#include <dirent.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <memory>

#include "worker/rpc/clock.h"

namespace kalam::worker::rpc {

namespace {

constexpr int64_t kScanEveryUs = kSecond;
constexpr int64_t kExpectForUs = 5 * kSecond;

int PeerPort(int fd) {
    sockaddr_storage peer{};
    socklen_t size = sizeof peer;
    if (getpeername(fd, reinterpret_cast<sockaddr *>(&peer), &size) != 0) return -1;
    if (peer.ss_family == AF_INET) return ntohs(reinterpret_cast<sockaddr_in &>(peer).sin_port);
    if (peer.ss_family == AF_INET6) return ntohs(reinterpret_cast<sockaddr_in6 &>(peer).sin6_port);
    return -1;
}

}  // namespace

void QuickAck::ExpectConnection(int64_t now_us) {
    expected_until_us_.store(now_us + kExpectForUs, std::memory_order_relaxed);
}

void QuickAck::NoteConnected() {
    expected_until_us_.store(0, std::memory_order_relaxed);
    stale_.store(true, std::memory_order_relaxed);
}

void QuickAck::Arm() {
    if (!IsEnabled()) return;
    const int count = count_.load(std::memory_order_relaxed);
    for (int i = 0; i < count; ++i) {
        const int on = 1;
        const int fd = sockets_[static_cast<size_t>(i)].load(std::memory_order_relaxed);
        if (setsockopt(fd, IPPROTO_TCP, TCP_QUICKACK, &on, sizeof on) != 0) {
            stale_.store(true, std::memory_order_relaxed);
        }
    }
}

bool QuickAck::IsRefreshDue(int64_t now_us) const {
    return IsEnabled() && (now_us < expected_until_us_.load(std::memory_order_relaxed) ||
                           stale_.load(std::memory_order_relaxed) || now_us >= next_scan_us_);
}

void QuickAck::Refresh(int64_t now_us) {
    if (!IsRefreshDue(now_us)) return;
    stale_.store(false, std::memory_order_relaxed);
    next_scan_us_ = now_us + kScanEveryUs;
    Scan();
}

void QuickAck::Scan() {
    const std::unique_ptr<DIR, int (*)(DIR *)> directory(opendir("/proc/self/fd"), closedir);
    if (directory == nullptr) return;
    int count = 0;
    while (const dirent *entry = readdir(directory.get())) {
        const int fd = std::atoi(entry->d_name);
        if (fd <= 2 || count == kMaxSockets || !IsOurs(fd)) continue;
        sockets_[static_cast<size_t>(count++)].store(fd, std::memory_order_relaxed);
    }
    count_.store(count, std::memory_order_relaxed);
}

bool QuickAck::IsOurs(int fd) const {
    const int port = PeerPort(fd);
    return port > 0 && std::find(ports_.begin(), ports_.end(), port) != ports_.end();
}

}  // namespace kalam::worker::rpc
