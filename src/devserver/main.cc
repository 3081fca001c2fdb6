// kalam-devserver: reads the options, serves until SIGTERM or SIGINT, stops cleanly.
#include <signal.h>

#include <cstdio>
#include <exception>
#include <optional>
#include <string>
#include <vector>

#include "devserver/core.h"
#include "devserver/faults/control.h"
#include "devserver/options.h"
#include "devserver/rpc/server.h"
#include "devserver/service.h"

namespace kalam::devserver {

namespace {

// Blocks the stop signals before any thread exists, so that only WaitForStop sees them.
sigset_t PrepareSignals() {
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    pthread_sigmask(SIG_BLOCK, &signals, nullptr);
    signal(SIGPIPE, SIG_IGN);  // whoever started the server may have stopped to read what it prints
    return signals;
}

void WaitForStop(const sigset_t &signals) {
    int signal = 0;
    while (sigwait(&signals, &signal) != 0) {
    }
}

std::string HostOf(const std::string &listen) {
    return listen.substr(0, listen.rfind(':'));
}

int Serve(const Options &options) {
    const sigset_t signals = PrepareSignals();
    Clock clock;
    Core core(options.core, clock);
    Service service(core);
    rpc::Dispatcher dispatcher(service);
    faults::FaultPlan faults;
    if (options.allow_faults) faults::AddControlService(dispatcher, core, faults);
    rpc::Server server(dispatcher, options.allow_faults ? &faults : nullptr);
    const int port = server.Start(options.listen, options.tls);
    faults.SetPort(port);
    std::printf("listening on %s:%d\n", HostOf(options.listen).c_str(), port);
    std::fflush(stdout);
    WaitForStop(signals);
    server.Stop();
    if (!options.quiet) std::printf("stopped\n");
    return 0;
}

int Main(int argc, char **argv) {
    try {
        const Options options = ParseOptions({argv + 1, argv + argc});
        if (options.help) {
            std::printf("%s", kUsage);
            return 0;
        }
        return Serve(options);
    } catch (const std::exception &error) {
        std::fprintf(stderr, "kalam-devserver: %s\n", error.what());
        return 1;
    }
}

}  // namespace

}  // namespace kalam::devserver

int main(int argc, char **argv) {
    return kalam::devserver::Main(argc, argv);
}
