// A TCP relay that misbehaves on request: between a client and a server it cuts, stalls and delays connections,
// refuses new ones, counts, and can send a server's answers as KalamDB's listener does - each HTTP/2 frame in a
// write of its own with Nagle's algorithm on, so that a client whose kernel delays acknowledgements waits 40 ms.
//
//   Relay relay({"127.0.0.1", 0}, {"127.0.0.1", 9188});
//   relay.Command("pause down");             // -> "ok"
//   for (;;) relay.Step(milliseconds(100));
//
// One thread. The server is expected on this machine: connecting to it blocks.
//
//   command             answer                     effect
//   cut                 ok <connections>           resets all open connections
//   refuse              ok                         closes the listener: new connections are refused
//   accept              ok                         opens it again, on the same port
//   pause [up|down]     ok                         passes nothing on (client to server, server to client, both)
//   resume [up|down]    ok
//   delay <ms>          ok                         passes on later, in both directions; 0: at once
//   frames on|off       ok                         answers frame by frame, with Nagle's algorithm
//   stats               ok accepted=N open=N up=BYTES down=BYTES frames=N
//   anything else       error <why>
#pragma once

#include <chrono>
#include <list>
#include <string>
#include <vector>

#include "pipe.h"
#include "sockets.h"

struct pollfd;

namespace kalam::relay {

class Relay {
 public:
    // Listens at once; port 0: any (see port()).
    Relay(const Address &listen, const Address &to);

    uint16_t port() const { return listen_.port; }

    // Waits until something can be passed on or `timeout` is over, or until `also` (a descriptor; -1: none) can
    // be read: then true.
    bool Step(std::chrono::milliseconds timeout, int also = -1);

    // Carries out one line of the protocol above and returns its answer, without line ends.
    std::string Command(const std::string &line);

 private:
    struct Connection {
        Connection(Socket from_client, Socket to_server)
            : client(std::move(from_client)),
              server(std::move(to_server)),
              up(client.fd(), server.fd()),
              down(server.fd(), client.fd()) {}
        Socket client, server;
        Pipe up, down;
        bool up_closed = false, down_closed = false;
        bool broken = false;
    };

    void AcceptOne();
    void Serve(Connection &connection, const std::vector<pollfd> &ready);
    void ServePipe(Connection &connection, Pipe &pipe, const std::vector<pollfd> &ready);
    void Forget(const Connection &connection);
    std::vector<pollfd> WhatToWaitFor(int also) const;
    int PollTimeout(std::chrono::milliseconds timeout) const;

    std::string Cut();
    std::string Pause(const std::string &which, bool paused);
    std::string Delay(const std::string &ms);
    std::string Frames(const std::string &on);
    std::string Stats() const;

    bool Paused(const Connection &connection, const Pipe &pipe) const {
        return &pipe == &connection.up ? up_paused_ : down_paused_;
    }

    Address listen_, to_;
    Socket listener_;
    std::list<Connection> connections_;

    bool up_paused_ = false, down_paused_ = false;
    bool by_frame_ = false;
    std::chrono::milliseconds delay_{0};

    uint64_t accepted_ = 0;
    uint64_t old_up_ = 0, old_down_ = 0, old_frames_ = 0;  // of connections that are gone
};

}  // namespace kalam::relay
