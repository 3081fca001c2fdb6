// What the Arrow reader needs of PostgreSQL, for running it alone under sanitizers: memory that is freed at the
// end of each attempt, StringInfo, and ereport as a jump back to the attempt. Linked into arrow_reader_test
// only.
#include "pg_stubs.h"

#include <charconv>
#include <cstdarg>
#include <cstdlib>
#include <cstring>
#include <vector>

#include "backend/types/type_map.h"

extern "C" {
#include "common/shortest_dec.h"
#include "utils/builtins.h"
}

namespace kalam::test {

static std::vector<void *> allocations;
jmp_buf attempt;
int raised_sqlstate;

void FreeAll() {
    for (void *at : allocations) std::free(at);
    allocations.clear();
}

static void *Allocate(size_t size) {
    allocations.push_back(std::malloc(size));
    return allocations.back();
}

static void *Grow(void *old, size_t size) {
    for (void *&at : allocations)
        if (at == old) return at = std::realloc(old, size);
    return nullptr;
}

}  // namespace kalam::test

namespace kalam::backend::types {

std::string_view FromUtf8(std::string_view text) {
    return text;
}

}  // namespace kalam::backend::types

extern "C" {

void *palloc(Size size) {
    return kalam::test::Allocate(size);
}

void *palloc0(Size size) {
    return std::memset(kalam::test::Allocate(size), 0, size);
}

void pfree(void *) {}

bool errstart(int, const char *) {
    return true;
}

bool errstart_cold(int, const char *) {
    return true;
}

void errfinish(const char *, int, const char *) {
    longjmp(kalam::test::attempt, 1);
}

int errcode(int sqlstate) {
    kalam::test::raised_sqlstate = sqlstate;
    return 0;
}

int errmsg(const char *, ...) {
    return 0;
}

int errdetail_internal(const char *, ...) {
    return 0;
}

int errhint(const char *, ...) {
    return 0;
}

void initStringInfo(StringInfo out) {
    *out = {.data = static_cast<char *>(palloc(16)), .len = 0, .maxlen = 16, .cursor = 0};
    out->data[0] = '\0';
}

void enlargeStringInfo(StringInfo out, int needed) {
    if (out->len + needed < out->maxlen) return;
    out->maxlen = 2 * (out->len + needed) + 1;
    out->data = static_cast<char *>(kalam::test::Grow(out->data, static_cast<size_t>(out->maxlen)));
}

void appendBinaryStringInfo(StringInfo out, const char *data, int size) {
    enlargeStringInfo(out, size);
    if (size > 0) std::memcpy(out->data + out->len, data, static_cast<size_t>(size));
    out->len += size;
    out->data[out->len] = '\0';
}

void appendStringInfoString(StringInfo out, const char *text) {
    appendBinaryStringInfo(out, text, static_cast<int>(std::strlen(text)));
}

void appendStringInfoChar(StringInfo out, char c) {
    appendBinaryStringInfo(out, &c, 1);
}

void appendStringInfo(StringInfo out, const char *format, ...) {
    char text[128];
    va_list arguments;
    va_start(arguments, format);
    const int size = (vsnprintf)(text, sizeof text, format, arguments);
    va_end(arguments);
    appendBinaryStringInfo(out, text, size);
}

int pg_lltoa(int64 value, char *out) {
    *std::to_chars(out, out + 21, value).ptr = '\0';
    return static_cast<int>(std::strlen(out));
}

int pg_ulltoa_n(uint64 value, char *out) {
    return static_cast<int>(std::to_chars(out, out + 21, value).ptr - out);
}

int double_to_shortest_decimal_buf(double value, char *out) {
    *std::to_chars(out, out + DOUBLE_SHORTEST_DECIMAL_LEN - 1, value).ptr = '\0';
    return static_cast<int>(std::strlen(out));
}

int float_to_shortest_decimal_buf(float value, char *out) {
    *std::to_chars(out, out + FLOAT_SHORTEST_DECIMAL_LEN - 1, value).ptr = '\0';
    return static_cast<int>(std::strlen(out));
}
}
