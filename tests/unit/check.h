// A test harness in one header: TEST(name) { CHECK(...); CHECK_EQ(a, b); } and a main that prints TAP.
// Included by exactly one .cc per test program. A failed check ends its test, not the program.
// Arguments of the program name the tests to run; none = all.
#pragma once

#include <cstdio>
#include <cstring>
#include <exception>
#include <sstream>
#include <string>
#include <type_traits>
#include <vector>

namespace kalam::test {

struct Case {
    const char *name;
    void (*run)();
};

struct CheckFailed {};

inline std::vector<Case> &Cases() {
    static std::vector<Case> cases;
    return cases;
}

struct Register {
    Register(const char *name, void (*run)()) { Cases().push_back({name, run}); }
};

template <typename T>
std::string Show(const T &value) {
    if constexpr (requires(std::ostringstream & out) { out << value; }) {
        std::ostringstream out;
        out << value;
        return out.str();
    } else if constexpr (std::is_enum_v<T>) {
        return std::to_string(static_cast<long long>(value));
    } else {
        return "(no text form)";
    }
}

[[noreturn]] inline void Report(const char *file, int line, const std::string &what) {
    std::printf("# %s:%d: %s\n", file, line, what.c_str());
    throw CheckFailed{};
}

template <typename A, typename B>
void CheckEqual(const A &a, const B &b, const char *a_text, const char *b_text, const char *file, int line) {
    if (a == b) return;
    Report(file, line,
           std::string("CHECK_EQ: ") + a_text + " is " + Show(a) + ", " + b_text + " is " + Show(b));
}

inline bool RunOne(const Case &test) {
    try {
        test.run();
        return true;
    } catch (const CheckFailed &) {
    } catch (const std::exception &error) {
        std::printf("# exception: %s\n", error.what());
    }
    return false;
}

inline int RunAll(int argc, char **argv) {
    auto wanted = [&](const char *name) {
        for (int i = 1; i < argc; ++i)
            if (std::strcmp(argv[i], name) == 0) return true;
        return argc <= 1;
    };
    int number = 0, failed = 0;
    for (const Case &test : Cases()) {
        if (!wanted(test.name)) continue;
        bool ok = RunOne(test);
        failed += !ok;
        std::printf("%sok %d - %s\n", ok ? "" : "not ", ++number, test.name);
        std::fflush(stdout);
    }
    std::printf("1..%d\n", number);
    return failed != 0 || number == 0;
}

}  // namespace kalam::test

#define TEST(name)                                                            \
    static void Test_##name();                                                \
    static const ::kalam::test::Register register_##name(#name, Test_##name); \
    static void Test_##name()

#define CHECK(cond)                                                              \
    do {                                                                         \
        if (!(cond)) ::kalam::test::Report(__FILE__, __LINE__, "CHECK: " #cond); \
    } while (false)

// The arguments may be temporaries: they live as long as the call.
#define CHECK_EQ(a, b) ::kalam::test::CheckEqual((a), (b), #a, #b, __FILE__, __LINE__)

int main(int argc, char **argv) {
    return ::kalam::test::RunAll(argc, argv);
}
