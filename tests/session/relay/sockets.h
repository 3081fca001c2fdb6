// The few socket calls that the relay and its test need, with an owner for descriptors. All errors throw.
#pragma once

#include <cstdint>
#include <string>

namespace kalam::relay {

class Socket {
 public:
    Socket() = default;
    explicit Socket(int fd) : fd_(fd) {}
    ~Socket() { Close(); }
    Socket(Socket &&other) noexcept : fd_(other.fd_) { other.fd_ = -1; }
    Socket &operator=(Socket &&other) noexcept;

    int fd() const { return fd_; }
    bool IsOpen() const { return fd_ >= 0; }
    void Close();
    // Closes with a reset: the peer's next read fails with ECONNRESET.
    void Reset();
    void SetNoDelay(bool on);

 private:
    int fd_ = -1;
};

struct Address {
    std::string host;  // a dotted quad
    uint16_t port = 0;
};

// "host:port"
Address ParseAddress(const std::string &text);

Socket Listen(const Address &address);  // non-blocking; port 0: any
uint16_t PortOf(const Socket &socket);
Socket Accept(const Socket &listener);   // non-blocking; not open when nobody is there
Socket Connect(const Address &address);  // non-blocking once connected; not open when refused

}  // namespace kalam::relay
