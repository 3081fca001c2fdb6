// Runs a fuzz target over the files it is given, so that what fuzzing once found stays found without clang and its fuzzer.
// Linked with one target; called by the test suite with the target's corpus. Prints TAP: one line a file.
#include <cstdint>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <string>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size);

int main(int argc, char **argv) {
    for (int i = 1; i < argc; ++i) {
        std::ifstream in(argv[i], std::ios::binary);
        const std::string input((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
        if (input.empty()) std::printf("not ");
        LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t *>(input.data()), input.size());
        std::printf("ok %d - %s\n", i, argv[i]);
        std::fflush(stdout);
    }
    std::printf("1..%d\n", argc - 1);
    return argc > 1 ? 0 : 1;
}
