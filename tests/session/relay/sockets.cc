// Socket calls of the relay (sockets.h).
#include "sockets.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <stdexcept>
#include <system_error>
#include <utility>

namespace kalam::relay {

namespace {

int Checked(int result, const char *what) {
    if (result < 0) throw std::system_error(errno, std::generic_category(), what);
    return result;
}

sockaddr_in SockAddr(const Address &address) {
    sockaddr_in in = {};
    in.sin_family = AF_INET;
    in.sin_port = htons(address.port);
    if (inet_pton(AF_INET, address.host.c_str(), &in.sin_addr) != 1)
        throw std::invalid_argument("not an IPv4 address: " + address.host);
    return in;
}

Socket NewSocket() {
    return Socket(Checked(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), "socket"));
}

}  // namespace

Socket &Socket::operator=(Socket &&other) noexcept {
    if (this != &other) {
        Close();
        fd_ = std::exchange(other.fd_, -1);
    }
    return *this;
}

void Socket::Close() {
    if (fd_ >= 0) close(std::exchange(fd_, -1));
}

void Socket::Reset() {
    const linger now = {.l_onoff = 1, .l_linger = 0};
    if (fd_ >= 0) setsockopt(fd_, SOL_SOCKET, SO_LINGER, &now, sizeof now);
    Close();
}

void Socket::SetNoDelay(bool on) {
    const int value = on;
    setsockopt(fd_, IPPROTO_TCP, TCP_NODELAY, &value, sizeof value);
}

Address ParseAddress(const std::string &text) {
    const size_t colon = text.rfind(':');
    if (colon == std::string::npos) throw std::invalid_argument("not host:port: " + text);
    const unsigned long port = std::stoul(text.substr(colon + 1));
    if (port > 65535) throw std::invalid_argument("not a port: " + text);
    return {text.substr(0, colon), static_cast<uint16_t>(port)};
}

Socket Listen(const Address &address) {
    Socket listener = NewSocket();
    const int on = 1;
    setsockopt(listener.fd(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    const sockaddr_in in = SockAddr(address);
    Checked(bind(listener.fd(), reinterpret_cast<const sockaddr *>(&in), sizeof in), "bind");
    Checked(listen(listener.fd(), 128), "listen");
    Checked(fcntl(listener.fd(), F_SETFL, O_NONBLOCK), "fcntl");
    return listener;
}

uint16_t PortOf(const Socket &socket) {
    sockaddr_in in = {};
    socklen_t size = sizeof in;
    Checked(getsockname(socket.fd(), reinterpret_cast<sockaddr *>(&in), &size), "getsockname");
    return ntohs(in.sin_port);
}

Socket Accept(const Socket &listener) {
    return Socket(accept4(listener.fd(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
}

Socket Connect(const Address &address) {
    Socket socket = NewSocket();
    const sockaddr_in in = SockAddr(address);
    if (connect(socket.fd(), reinterpret_cast<const sockaddr *>(&in), sizeof in) < 0) return Socket();
    Checked(fcntl(socket.fd(), F_SETFL, O_NONBLOCK), "fcntl");
    return socket;
}

}  // namespace kalam::relay
