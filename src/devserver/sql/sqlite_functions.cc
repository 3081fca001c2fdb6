// See sqlite_functions.h; functions on times are in time_functions.cc.
#include "devserver/sql/sqlite_functions.h"

#include <array>
#include <memory>
#include <optional>
#include <string_view>

#include "devserver/sql/time_functions.h"
#include "devserver/sql/typed.h"
#include "devserver/values/coerce.h"
#include "devserver/values/json_scanner.h"
#include "devserver/values/sqlite_value.h"

namespace kalam::devserver::sql {
namespace {

// What a registered function finds as its user data. NOW is read once: a statement has one time.
struct State {
    FunctionSources sources;
    std::optional<std::int64_t> now;
};
using StatePtr = std::shared_ptr<State>;

State &StateOf(sqlite3_context *context) {
    return **static_cast<StatePtr *>(sqlite3_user_data(context));
}

std::string_view TextOf(sqlite3_value *value) {
    const auto *text = reinterpret_cast<const char *>(sqlite3_value_text(value));
    return text == nullptr ? std::string_view()
                           : std::string_view(text, static_cast<std::size_t>(sqlite3_value_bytes(value)));
}

bool AnyNull(int count, sqlite3_value **args) {
    for (int i = 0; i < count; ++i)
        if (sqlite3_value_type(args[i]) == SQLITE_NULL) return true;
    return false;
}

void Answer(sqlite3_context *context, std::string_view text) {
    sqlite3_result_text64(context, text.data(), text.size(), SQLITE_TRANSIENT, SQLITE_UTF8);
}

void Now(sqlite3_context *context, int, sqlite3_value **) {
    State &state = StateOf(context);
    if (!state.now) state.now = state.sources.now_micros();
    sqlite3_result_int64(context, *state.now);
}

void SnowflakeId(sqlite3_context *context, int, sqlite3_value **) {
    sqlite3_result_int64(context, StateOf(context).sources.snowflake_id());
}

void UuidV7(sqlite3_context *context, int, sqlite3_value **) {
    Answer(context, StateOf(context).sources.uuid_v7());
}

void Ulid(sqlite3_context *context, int, sqlite3_value **) {
    Answer(context, StateOf(context).sources.ulid());
}

void CurrentUser(sqlite3_context *context, int, sqlite3_value **) {
    Answer(context, StateOf(context).sources.current_user);
}

void CurrentRole(sqlite3_context *context, int, sqlite3_value **) {
    Answer(context, StateOf(context).sources.current_role);
}

void FailWith(sqlite3_context *context, const std::string &text) {
    sqlite3_result_error(context, ("Execution error: " + text).c_str(), -1);
}

// Integers only; the smallest one divided by -1 overflows like any other sum that does.
template <bool kModulo>
void Divide(sqlite3_context *context, int count, sqlite3_value **args) {
    if (AnyNull(count, args)) return;
    const std::int64_t a = sqlite3_value_int64(args[0]), b = sqlite3_value_int64(args[1]);
    if (b == 0) return FailWith(context, "Arrow error: Divide by zero error");
    if (b == -1 && a == INT64_MIN)
        return FailWith(context, "Arrow error: Arithmetic overflow: Overflow happened on: " +
                                     std::to_string(a) + " / -1");
    sqlite3_result_int64(context, kModulo ? a % b : a / b);
}

// kalam_cast(value, from, to, lenient)
void Cast(sqlite3_context *context, int, sqlite3_value **args) {
    if (sqlite3_value_type(args[0]) == SQLITE_NULL) return;
    const Value value = ReadValue(args[0], DecodeType(TextOf(args[1])));
    const auto cast = CastValue(value, DecodeType(TextOf(args[2])));
    if (cast) return ResultValue(context, *cast);
    if (sqlite3_value_int(args[3]) == 0) FailWith(context, cast.error());
}

std::size_t CharacterBytes(std::string_view text) {
    std::size_t bytes = 1;
    while (bytes < text.size() && (static_cast<unsigned char>(text[bytes]) & 0xC0) == 0x80) ++bytes;
    return bytes;
}

char Fold(char c, bool fold) {
    return fold && c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

// SQL's LIKE by bytes; % is any run, _ one character. Backtracks to the last % only, so the time is text x pattern.
bool Like(std::string_view text, std::string_view pattern, char escape, bool fold) {
    std::size_t t = 0, p = 0, star = std::string_view::npos, mark = 0;
    while (t < text.size()) {
        if (p < pattern.size() && pattern[p] == '%' && escape != '%') {
            star = ++p;
            mark = t;
            continue;
        }
        const bool any = p < pattern.size() && pattern[p] == '_' && escape != '_';
        const std::size_t literal = p + (p + 1 < pattern.size() && pattern[p] == escape ? 1 : 0);
        if (any) {
            t += CharacterBytes(text.substr(t));
            ++p;
        } else if (literal < pattern.size() && Fold(pattern[literal], fold) == Fold(text[t], fold)) {
            ++t;
            p = literal + 1;
        } else if (star != std::string_view::npos) {
            mark += CharacterBytes(text.substr(mark));
            t = mark;
            p = star;
        } else {
            return false;
        }
    }
    while (p < pattern.size() && pattern[p] == '%') ++p;
    return p == pattern.size();
}

template <bool kFold>
void LikeFunction(sqlite3_context *context, int count, sqlite3_value **args) {
    if (AnyNull(count, args)) return;
    const std::string_view escape = count > 2 ? TextOf(args[2]) : std::string_view("\\");
    sqlite3_result_int(context,
                       Like(TextOf(args[0]), TextOf(args[1]), escape.empty() ? '\0' : escape[0], kFold));
}

void Reverse(sqlite3_context *context, int count, sqlite3_value **args) {
    if (AnyNull(count, args)) return;
    std::string out;
    for (std::string_view rest = TextOf(args[0]); !rest.empty();) {
        const std::size_t bytes = CharacterBytes(rest);
        out.insert(0, rest.substr(0, bytes));
        rest.remove_prefix(bytes);
    }
    Answer(context, out);
}

void Repeat(sqlite3_context *context, int count, sqlite3_value **args) {
    constexpr std::int64_t kMaxBytes = 1 << 24;
    if (AnyNull(count, args)) return;
    const std::string_view text = TextOf(args[0]);
    const std::int64_t times = sqlite3_value_int64(args[1]);
    if (times > 0 && times > kMaxBytes / static_cast<std::int64_t>(text.size() + 1))
        return FailWith(context, "repeat: the result is too large");
    std::string out;
    for (std::int64_t i = 0; i < times; ++i) out += text;
    Answer(context, out);
}

void Concat(sqlite3_context *context, int count, sqlite3_value **args) {
    std::string out;
    for (int i = 0; i < count; ++i) out += TextOf(args[i]);
    Answer(context, out);
}

// Moves the scanner behind `count` elements of the list it is in; false when there are not so many.
bool SkipElements(JsonScanner &in, std::int64_t count) {
    bool first = true, more = true;
    while (in.NextElement(first, more) && more) {
        if (count-- == 0) return true;
        if (!in.SkipValue()) return false;
    }
    return false;
}

// Moves the scanner to the member's value; false when there is none.
bool SkipToMember(JsonScanner &in, std::string_view name) {
    bool first = true, more = true;
    std::string_view key;
    while (in.NextKey(first, more, key) && more) {
        const bool found = key == name;
        if (!in.Colon()) return false;
        if (found) return true;
        if (!in.SkipValue()) return false;
    }
    return false;
}

// The text of the member (text key) or element (integer key) of a JSON text, as written; empty when there is none.
std::string_view FindJson(std::string_view json, sqlite3_value *key) {
    JsonScanner in(json);
    const bool list = sqlite3_value_type(key) == SQLITE_INTEGER;
    const std::int64_t index = list ? sqlite3_value_int64(key) : 0;
    if (in.Peek() != (list ? '[' : '{') || index < 0) return {};
    in.Eat();
    if (!(list ? SkipElements(in, index) : SkipToMember(in, TextOf(key)))) return {};
    in.Peek();
    const std::size_t start = in.position();
    return in.SkipValue() ? json.substr(start, in.position() - start) : std::string_view();
}

// kText: a string comes without its quotes, null as NULL.
template <bool kText>
void Json(sqlite3_context *context, int count, sqlite3_value **args) {
    if (AnyNull(count, args)) return;
    std::string_view found = FindJson(TextOf(args[0]), args[1]);
    if (found.empty() || (kText && found == "null")) return;
    JsonScanner in(found);
    if (kText && found.front() == '"') in.String(found);
    Answer(context, found);
}

void DatePart(sqlite3_context *context, int count, sqlite3_value **args) {
    if (AnyNull(count, args)) return;
    const auto part = DatePartOf(TextOf(args[0]), sqlite3_value_int64(args[1]));
    if (!part) return FailWith(context, part.error());
    sqlite3_result_double(context, *part);
}

void DateTrunc(sqlite3_context *context, int count, sqlite3_value **args) {
    if (AnyNull(count, args)) return;
    const auto micros = TruncateTime(TextOf(args[0]), sqlite3_value_int64(args[1]));
    if (!micros) return FailWith(context, micros.error());
    sqlite3_result_int64(context, *micros);
}

using Function = void (*)(sqlite3_context *, int, sqlite3_value **);
struct Row {
    const char *name;
    int arguments;  // -1: any number
    bool deterministic;
    Function function;
};

constexpr auto kFunctions = std::to_array<Row>({
    {"kalam_now", 0, false, Now},
    {"kalam_snowflake_id", 0, false, SnowflakeId},
    {"kalam_uuid_v7", 0, false, UuidV7},
    {"kalam_ulid", 0, false, Ulid},
    {"kalam_current_user", 0, true, CurrentUser},
    {"kalam_current_role", 0, true, CurrentRole},
    {"kalam_cast", 4, true, Cast},
    {"kalam_divide", 2, true, Divide<false>},
    {"kalam_modulo", 2, true, Divide<true>},
    {"kalam_like", 2, true, LikeFunction<false>},
    {"kalam_like", 3, true, LikeFunction<false>},
    {"kalam_ilike", 2, true, LikeFunction<true>},
    {"kalam_ilike", 3, true, LikeFunction<true>},
    {"kalam_reverse", 1, true, Reverse},
    {"kalam_repeat", 2, true, Repeat},
    {"kalam_concat", -1, true, Concat},
    {"kalam_json_text", 2, true, Json<true>},
    {"kalam_json_get", 2, true, Json<false>},
    {"kalam_date_part", 2, true, DatePart},
    {"kalam_date_trunc", 2, true, DateTrunc},
});

void FreeState(void *state) {
    delete static_cast<StatePtr *>(state);
}

}  // namespace

int RegisterFunctions(sqlite3 *connection, const FunctionSources &sources) {
    const auto state = std::make_shared<State>(State{sources, std::nullopt});
    for (const Row &row : kFunctions) {
        const int flags = SQLITE_UTF8 | (row.deterministic ? SQLITE_DETERMINISTIC : 0);
        // SQLite frees the user data also when it refuses the function.
        const int code =
            sqlite3_create_function_v2(connection, row.name, row.arguments, flags, new StatePtr(state),
                                       row.function, nullptr, nullptr, FreeState);
        if (code != SQLITE_OK) return code;
    }
    return SQLITE_OK;
}

}  // namespace kalam::devserver::sql
