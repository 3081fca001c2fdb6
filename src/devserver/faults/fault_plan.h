// What is to go wrong, as tests have asked for it: which calls are delayed, refused, answered with garbage or dropped.
// Filled by the control service, asked once per call by rpc/call.cc. Thread-safe: one mutex.
#pragma once

#include <cstdint>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "common/status.h"

namespace kalam::devserver::faults {

// What happens to one call.
struct Fault {
    enum class Kind : uint8_t { kNone, kFail, kGarbage, kCloseConnections, kDrop };
    Kind kind = Kind::kNone;
    int64_t delay_ms = 0;    // before anything else
    bool run_first = false;  // the call is carried out, only its answer is spoilt
    common::Code code = common::Code::kUnavailable;
    std::string text;  // of the error, or the bytes of the garbage
};

// Faults for the calls of one method.
struct Rule {
    std::string method;  // "Insert"; empty: every method of the PgService
    int64_t skip = 0;    // calls that pass before the rule bites
    int64_t count = 1;   // calls that it hits; 0: all
    Fault fault;
};

// A call that is being delayed. Both functions are called under the plan's mutex.
class HeldCall {
 public:
    virtual ~HeldCall() = default;
    virtual void StartTimer(int64_t millis) = 0;
    virtual void Release() = 0;  // lets it go on at once
};

class FaultPlan {
 public:
    explicit FaultPlan(int listen_port = 0) : port_(listen_port) {}

    void Add(Rule rule);
    void Clear();  // also lets held calls go on
    // The fault for a call of `path` ("/kalamdb.pg.PgService/Insert"); uses up the rule that gave it.
    Fault Next(const std::string &path);
    // Calls that were hit since the start.
    int64_t hits() const;

    // Registers a call and starts its timer, before anyone can release it. Once the plan is stopped, calls are held
    // for no time.
    void Hold(HeldCall *call, int64_t millis);
    void Forget(HeldCall *call);
    size_t held() const;
    // Lets all held calls go on, and no call wait from then on.
    void Stop();
    // Shuts every client's connection down, in the middle of whatever it does.
    void CloseConnections() const;
    void SetPort(int port) { port_ = port; }

 private:
    void ReleaseAllLocked();

    int port_;  // set before the first call
    mutable std::mutex mutex_;
    std::vector<Rule> rules_;    // under mutex_
    std::set<HeldCall *> held_;  // under mutex_
    bool stopped_ = false;       // under mutex_
    int64_t hits_ = 0;           // under mutex_
};

}  // namespace kalam::devserver::faults
