// Queues log lines (log.h). When nobody fetches them the oldest go first.
#include "worker/rpc/log.h"

#include <cstdio>

namespace kalam::worker::rpc {

namespace {
constexpr size_t kMaxLines = 256;
}

void Log::Add(Level level, const char *format, va_list args) {
    LogLine line;
    line.level = level;
    std::vsnprintf(line.text, sizeof line.text, format, args);
    const std::lock_guard lock(mutex_);
    if (lines_.size() == kMaxLines) lines_.pop_front();
    lines_.push_back(line);
}

bool Log::Next(LogLine &line) {
    const std::lock_guard lock(mutex_);
    if (lines_.empty()) return false;
    line = lines_.front();
    lines_.pop_front();
    return true;
}

}  // namespace kalam::worker::rpc
