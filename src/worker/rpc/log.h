// Lines for the server log on their way from both threads to the main thread, which alone may log. Thread-safe by
// a mutex of its own. Never given secrets.
#pragma once

#include <cstdarg>
#include <deque>
#include <mutex>

#include "worker/rpc/bridge.h"

namespace kalam::worker::rpc {

class Log {
 public:
    enum Level { kDebug = 0, kLog = 1, kWarning = 2 };

    void Add(Level level, const char *format, va_list args);
    bool Next(LogLine &line);

 private:
    std::mutex mutex_;
    std::deque<LogLine> lines_;
};

}  // namespace kalam::worker::rpc
