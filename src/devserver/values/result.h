// A value or the text of the error that took its place: how the embedded server's parsers and converters
// answer. Called by everything under src/devserver; the caller knows which gRPC code a failure of that step
// has. No shared state.
#pragma once

#include <string>
#include <utility>
#include <variant>

namespace kalam::devserver {

// The text of a failure, as KalamDB words it. Converts into any Result.
struct Failure {
    std::string text;
};

inline Failure Fail(std::string text) {
    return Failure{std::move(text)};
}

template <typename T>
class Result {
 public:
    Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}
    Result(Failure failure) : state_(std::in_place_index<1>, std::move(failure)) {}

    bool ok() const { return state_.index() == 0; }
    explicit operator bool() const { return ok(); }

    // Only when ok().
    T &value() { return std::get<0>(state_); }
    const T &value() const { return std::get<0>(state_); }
    T &operator*() { return value(); }
    const T &operator*() const { return value(); }
    T *operator->() { return &value(); }
    const T *operator->() const { return &value(); }

    // Only when !ok().
    const std::string &error() const { return std::get<1>(state_).text; }
    Failure failure() const { return std::get<1>(state_); }

 private:
    std::variant<T, Failure> state_;
};

}  // namespace kalam::devserver
