// Connects (channel.h).
#include "worker/rpc/channel.h"

#include <grpcpp/create_channel.h>
#include <grpcpp/support/channel_arguments.h>

#include "worker/rpc/credentials.h"

namespace kalam::worker::rpc {

namespace {

constexpr int kBackoffMs = 1000;
constexpr int kKeepaliveTimeoutMs = 5000;

grpc::ChannelArguments ArgumentsFor(const Config &settings) {
    grpc::ChannelArguments args;
    args.SetMaxReceiveMessageSize(settings.max_message_bytes);
    args.SetMaxSendMessageSize(-1);  // the limit is the server's; requests over it are refused before
    args.SetInt(GRPC_ARG_ENABLE_RETRIES, 0);  // what may be sent again is our decision
    args.SetInt(GRPC_ARG_SERVICE_CONFIG_DISABLE_RESOLUTION, 1);
    args.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);
    // Links of one target must not share connections behind our back: a new link is a new attempt.
    args.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
    // The limit of one attempt to connect, and the pause between attempts that nobody asked for.
    args.SetInt(GRPC_ARG_MIN_RECONNECT_BACKOFF_MS, settings.connect_timeout_ms);
    args.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, kBackoffMs);
    args.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, kBackoffMs);
    if (settings.keepalive_ms > 0) {
        args.SetInt(GRPC_ARG_KEEPALIVE_TIME_MS, settings.keepalive_ms);
        args.SetInt(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, kKeepaliveTimeoutMs);
        args.SetInt(GRPC_ARG_HTTP2_MAX_PINGS_WITHOUT_DATA, 0);
    }
    return args;
}

std::string TargetFor(const common::EndpointConfig &config) {
    const bool is_ipv6 = config.host.find(':') != std::string_view::npos && config.host.front() != '[';
    std::string host(config.host);
    if (is_ipv6) host = "[" + host + "]";
    return "dns:///" + host + ":" + std::to_string(config.port);
}

}  // namespace

std::string Channel::KeyFor(const common::EndpointConfig &config) {
    struct StringSink {
        std::string bytes;
        void Append(const void *data, size_t size) { bytes.append(static_cast<const char *>(data), size); }
    } sink;
    common::EndpointConfig link = config;
    link.auth_header = {};  // travels with calls, not with the link
    common::PutEndpoint(sink, link);
    return std::move(sink.bytes);
}

Channel::Channel(const common::EndpointConfig &config, const Config &settings)
    : target_(TargetFor(config)),
      port_(config.port),
      credentials_(MakeCredentials(config)),
      settings_(settings) {}

std::shared_ptr<Link> Channel::Connect() const {
    return std::make_shared<Link>(grpc::CreateCustomChannel(target_, credentials_, ArgumentsFor(settings_)));
}

std::shared_ptr<Link> Channel::ForCall(bool *ready) {
    if (link_ == nullptr) link_ = Connect();
    grpc_connectivity_state state = link_->channel->GetState(true);
    if (state == GRPC_CHANNEL_TRANSIENT_FAILURE) {
        link_ = Connect();
        state = link_->channel->GetState(true);
    }
    *ready = state == GRPC_CHANNEL_READY;
    if (!*ready) connecting_ = true;
    return link_;
}

void Channel::Reconfigure(const Config &settings) {
    const bool same = settings.max_message_bytes == settings_.max_message_bytes &&
                      settings.keepalive_ms == settings_.keepalive_ms &&
                      settings.connect_timeout_ms == settings_.connect_timeout_ms;
    if (same) return;
    settings_ = settings;
    link_ = nullptr;
}

bool Channel::NoteAnswer() {
    if (!connecting_) return false;
    connecting_ = false;
    const bool again = connected_before_;
    connected_before_ = true;
    return again;
}

}  // namespace kalam::worker::rpc
