// The Arrow reader alone, without PostgreSQL: reads whole streams, and streams that were damaged in tens of
// thousands of ways. It must answer each with cells or with an error, never with a read outside the frame, which
// the sanitizer builds see. The streams were written by Apache Arrow's own library.
#include "pg_stubs.h"

#include <fstream>
#include <iterator>
#include <memory>
#include <random>

#include "../check.h"
#include "backend/types/arrow_json.h"

namespace {

using kalam::backend::types::AppendCellAsJson;
using kalam::backend::types::ArrowBatch;
using kalam::backend::types::OpenArrowBatch;

struct Outcome {
    bool raised;
    std::string json;
};

// Reads every cell of a stream. The frame is a block of exactly its size, so that a sanitizer sees the first
// byte too much.
Outcome Read(const std::string &stream) {
    std::unique_ptr<char[]> frame(new char[stream.size()]);
    std::copy(stream.begin(), stream.end(), frame.get());
    StringInfoData out;
    initStringInfo(&out);
    volatile bool raised = false;
    if (setjmp(kalam::test::attempt) == 0) {
        const ArrowBatch *batch = OpenArrowBatch({frame.get(), stream.size()});
        for (int64_t row = 0; row < std::min<int64_t>(batch->rows, 100); ++row)
            for (int i = 0; i < batch->column_count; ++i) AppendCellAsJson(&out, batch->columns[i], row);
    } else {
        raised = true;
    }
    Outcome outcome{raised, raised ? std::string() : std::string(out.data, static_cast<size_t>(out.len))};
    kalam::test::FreeAll();
    return outcome;
}

std::string Sample(const char *name) {
    std::ifstream in(std::string(SAMPLES_DIR "/") + name, std::ios::binary);
    CHECK(in.good());
    return {std::istreambuf_iterator<char>(in), {}};
}

constexpr const char *kSamples[] = {"scan_answer.arrow", "every_type.arrow"};
constexpr int kDamages = 20000;

// Overwrites up to 8 places with bytes that matter to sizes and offsets, or cuts the end off.
std::string Damage(std::string stream, std::mt19937 &random) {
    static constexpr unsigned char kBytes[] = {0, 1, 2, 4, 8, 16, 0x7f, 0x80, 0xff};
    const auto places = random() % 8;
    for (unsigned i = 0; i <= places; ++i) {
        const auto at = random() % stream.size();
        stream[at] = static_cast<char>(random() % 2 == 0 ? kBytes[random() % sizeof kBytes] : random());
    }
    if (random() % 8 == 0) stream.resize(random() % stream.size());
    return stream;
}

}  // namespace

TEST(reads_a_scan_answer) {
    const Outcome outcome = Read(Sample("scan_answer.arrow"));
    CHECK(!outcome.raised);
    CHECK(outcome.json.starts_with("1true19007199254740993"));
    CHECK(outcome.json.find("\"2023-11-14T22:13:20.123456Z\"") != std::string::npos);
    CHECK(outcome.json.find("-123.45[1,0,0.5]") != std::string::npos);
}

TEST(reads_every_type) {
    const Outcome outcome = Read(Sample("every_type.arrow"));
    CHECK(!outcome.raised);
    CHECK(outcome.json.find("18446744073709551615") != std::string::npos);
    CHECK(outcome.json.find("\"long string over twelve bytes\"") != std::string::npos);
}

TEST(every_early_end_is_an_error) {
    const std::string stream = Sample("scan_answer.arrow");
    constexpr size_t kEndMarker = 8;
    for (size_t size = 0; size + kEndMarker < stream.size(); ++size) {
        const Outcome outcome = Read(stream.substr(0, size));
        // A stream may end after its schema; then it has no rows.
        CHECK(outcome.raised || outcome.json.empty());
    }
}

TEST(damage_is_an_error_or_cells) {
    for (const char *name : kSamples) {
        const std::string stream = Sample(name);
        std::mt19937 random(20240101);
        int raised = 0;
        for (int i = 0; i < kDamages; ++i) {
            kalam::test::raised_sqlstate = 0;
            const Outcome outcome = Read(Damage(stream, random));
            raised += outcome.raised;
            CHECK_EQ(outcome.raised, kalam::test::raised_sqlstate != 0);
        }
        CHECK(raised > kDamages / 10);
        CHECK(raised < kDamages);
    }
}
