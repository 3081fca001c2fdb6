// Reads the worker's parameters. They are defined by pg_kalam.so, whose variables another library cannot see, so
// they are read by name; the values come in base units.
#include "backend/pg.h"

extern "C" {
#include "miscadmin.h"
#include "utils/guc.h"
}

#include "worker/worker.h"

namespace kalam::worker {

namespace {

void ReadInt(const char *name, int32_t *value) {
    const char *text = GetConfigOption(name, true, false);
    if (text != nullptr) *value = static_cast<int32_t>(strtol(text, nullptr, 10));
}

void ReadBool(const char *name, bool *value) {
    const char *text = GetConfigOption(name, true, false);
    if (text != nullptr) *value = strcmp(text, "on") == 0;
}

}  // namespace

rpc::Config ReadConfig() {
    rpc::Config config;
    config.worker_pid = MyProcPid;
    ReadInt("kalam.connect_timeout", &config.connect_timeout_ms);
    ReadInt("kalam.request_timeout", &config.request_timeout_ms);
    ReadInt("kalam.keepalive_interval", &config.keepalive_ms);
    ReadInt("kalam.max_message_size", &config.max_message_bytes);
    ReadBool("kalam.group_inserts", &config.group_inserts);
    ReadInt("kalam.group_max_rows", &config.group_max_rows);
    ReadInt("kalam.group_max_bytes", &config.group_max_bytes);
    ReadBool("kalam.quick_ack", &config.quick_ack);
    ReadInt("kalam.session_warm_time", &config.session_warm_ms);
    ReadInt("kalam.carrier_idle_time", &config.carrier_idle_ms);
    return config;
}

}  // namespace kalam::worker
