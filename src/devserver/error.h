// The failure of a call, as the client sees it: a gRPC status code and KalamDB's words.
// Thrown anywhere below the RPC layer, caught once per call by rpc/dispatch.cc; it never crosses into gRPC.
#pragma once

#include <exception>
#include <string>
#include <utility>

#include "common/status.h"

namespace kalam::devserver {

using common::Code;

class RpcError : public std::exception {
 public:
    RpcError(Code code, std::string message) : code_(code), message_(std::move(message)) {}

    Code code() const { return code_; }
    const std::string &message() const { return message_; }
    const char *what() const noexcept override { return message_.c_str(); }

 private:
    Code code_;
    std::string message_;
};

[[noreturn]] inline void Throw(Code code, std::string message) {
    throw RpcError(code, std::move(message));
}

// A refusal of a statement run through ExecuteSql or ExecuteQuery: always Internal, told apart by its words.
[[noreturn]] inline void ThrowSql(std::string message) {
    throw RpcError(Code::kInternal, std::move(message));
}

}  // namespace kalam::devserver
