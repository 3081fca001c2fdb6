// Bodies of requests and answers (common/message.h): what is written is read back, and a body cut anywhere is
// noticed and never read beyond its end.
#include "common/message.h"

#include "../check.h"

using namespace kalam::common;

namespace {

struct StringSink {
    std::string out;
    void Append(const void *data, size_t size) { out.append(static_cast<const char *>(data), size); }
};

EndpointConfig SomeEndpoint() {
    return {.host = "db.example",
            .port = 9188,
            .auth_header = "Bearer x",
            .ca_cert = "-----BEGIN",
            .client_cert = "",
            .client_key = "key",
            .use_tls = true};
}

std::string SomeBody() {
    StringSink sink;
    PutEndpoint(sink, SomeEndpoint());
    PutField(sink, "ns");
    PutField(sink, std::string_view("a\0b", 3));
    PutU32(sink, 7);
    PutU64(sink, kNoLimit);
    return sink.out;
}

}  // namespace

TEST(reads_what_was_written) {
    const std::string body = SomeBody();
    BodyReader reader(body);
    const EndpointConfig config = reader.Endpoint();
    CHECK_EQ(config.host, "db.example");
    CHECK_EQ(config.port, 9188);
    CHECK_EQ(config.auth_header, "Bearer x");
    CHECK_EQ(config.ca_cert, "-----BEGIN");
    CHECK_EQ(config.client_cert, "");
    CHECK_EQ(config.client_key, "key");
    CHECK(config.use_tls);
    CHECK_EQ(reader.Field(), "ns");
    CHECK_EQ(reader.Field(), std::string_view("a\0b", 3));
    CHECK_EQ(reader.U32(), 7u);
    CHECK_EQ(reader.U64(), kNoLimit);
    CHECK(reader.Ok());
    CHECK(reader.Rest().empty());
}

TEST(notices_a_body_cut_anywhere) {
    const std::string body = SomeBody();
    for (size_t size = 0; size < body.size(); ++size) {
        // A copy of exactly that size: the sanitizers see a read beyond it.
        const std::vector<char> cut(body.begin(), body.begin() + static_cast<long>(size));
        BodyReader reader(std::string_view(cut.data(), cut.size()));
        reader.Endpoint();
        reader.Field();
        reader.Field();
        reader.U32();
        reader.U64();
        CHECK(!reader.Ok());
    }
}

TEST(stays_failed_and_empty_after_the_first_failure) {
    StringSink sink;
    PutU32(sink, 1'000'000);  // a field that claims more than there is
    PutField(sink, "later");
    BodyReader reader(sink.out);
    CHECK_EQ(reader.Field(), "");
    CHECK(!reader.Ok());
    CHECK_EQ(reader.Field(), "");
    CHECK_EQ(reader.U32(), 0u);
    CHECK_EQ(reader.U64(), 0u);
    CHECK(reader.Rest().empty());
    CHECK(!reader.Ok());
}

TEST(empty_body_is_fine_until_something_is_read) {
    BodyReader reader({});
    CHECK(reader.Ok());
    reader.Field();
    CHECK(!reader.Ok());
}

TEST(frames_are_multiples_of_8) {
    CHECK_EQ(FrameSize(0), 8u);
    CHECK_EQ(FrameSize(1), 16u);
    CHECK_EQ(FrameSize(8), 16u);
    CHECK_EQ(FrameSize(9), 24u);
}
