// The texts and codes of failures (report.h, client.h). Secrets never come here: only an endpoint's address
// is used.
#include "backend/report.h"

#include "backend/client.h"
#include "backend/row_violation.h"

extern "C" {
#include "catalog/namespace.h"
#include "mb/pg_wchar.h"
}

namespace kalam::backend {

using common::Cause;

namespace {

// What to say about a failure. Null: nothing.
struct Words {
    const char *message;
    const char *detail = nullptr;
    const char *hint = nullptr;
};

// How a message names the server; empty where the caller has not said which one.
const char *ServerWords(const Endpoint *endpoint) {
    return endpoint == nullptr ? "KalamDB server" : psprintf("KalamDB server \"%s\"", endpoint->address);
}

const char *NullIfEmpty(const char *text) {
    return text[0] == '\0' ? nullptr : text;
}

constexpr const char *kConnectHint =
    "Check that the server runs, and the options host and port of the foreign server.";
constexpr const char *kRetryHint = "Run the transaction again.";

Words WordsFor(Cause cause, const char *server, const char *text) {
    switch (cause) {
        case Cause::kNone:
        case Cause::kServer:
        case Cause::kConfig:
        case Cause::kBadRequest:
            return {.message =
                        text[0] == '\0' ? psprintf("%s refused the request without a reason", server) : text};
        case Cause::kConnect:
            return {.message = psprintf("could not connect to %s", server),
                    .detail = NullIfEmpty(text),
                    .hint = kConnectHint};
        case Cause::kTransport:
            return {.message = psprintf("transport error: the link to %s was lost", server),
                    .detail = NullIfEmpty(text)};
        case Cause::kTimeout:
            return {.message = psprintf("the request to %s timed out", server),
                    .detail = NullIfEmpty(text),
                    .hint = "Raise the foreign server's option timeout, or kalam.request_timeout."};
        case Cause::kSessionLost:
            return {.message = psprintf("%s has ended the session of this transaction", server),
                    .detail = NullIfEmpty(text),
                    .hint = kRetryHint};
        case Cause::kWorkerGone:
            return {.message = "transport error: the pg_kalam worker stopped before it answered",
                    .detail = NullIfEmpty(text),
                    .hint = "It restarts by itself; run the transaction again."};
        case Cause::kBadAnswer:
            return {.message = psprintf("could not read the answer of %s", server),
                    .detail = NullIfEmpty(text)};
        case Cause::kUnknownEndpoint:
            return {.message = "the pg_kalam worker does not know the server's options any more",
                    .hint = kRetryHint};
    }
    return {.message = text};
}

// The text in the database's encoding, or null if that does not have all its characters.
char *Converted(const char *utf8, int length) {
    const int encoding = GetDatabaseEncoding();
    if (encoding == PG_UTF8) return pg_verify_mbstr(PG_UTF8, utf8, length, true) ? pstrdup(utf8) : nullptr;
    const Oid conversion = FindDefaultConversionProc(PG_UTF8, encoding);
    if (!OidIsValid(conversion)) return nullptr;
    const int room = length * MAX_CONVERSION_GROWTH + 1;
    char *text = static_cast<char *>(palloc0(static_cast<Size>(room)));
    auto *source = reinterpret_cast<unsigned char *>(const_cast<char *>(utf8));
    auto *target = reinterpret_cast<unsigned char *>(text);
    const int done =
        pg_do_encoding_conversion_buf(conversion, PG_UTF8, encoding, source, length, target, room, true);
    return done == length ? text : nullptr;
}

// A server's words for a message. An error that cannot be spelt must not hide behind another one, so what the
// database's encoding does not have becomes a question mark.
char *Readable(std::string_view raw) {
    char *utf8 = pnstrdup(raw.data(), raw.size());
    char *text = Converted(utf8, static_cast<int>(strlen(utf8)));
    if (text != nullptr) return text;
    for (char *c = utf8; *c != '\0'; ++c) {
        if (IS_HIGHBIT_SET(*c)) *c = '?';
    }
    return utf8;
}

// The next action after an error in the server's own words, where the words do not tell it. Null: nothing to say.
const char *HintForServerText(std::string_view text) {
    if (text.find("already bound to data raft group") != text.npos) {
        return "A KalamDB transaction writes to shared tables or to the tables of one user: use one "
               "transaction "
               "for each.";
    }
    if (text.find("Not leader for") != text.npos) {
        return "The cluster has no leader for this data now, or it cannot be reached from here. Try again.";
    }
    return nullptr;
}

int SqlState(const char *five) {
    return MAKE_SQLSTATE(five[0], five[1], five[2], five[3], five[4]);
}

[[noreturn]] void Throw(const Answer &answer, const Endpoint *endpoint, const char *connect_hint, Oid relid) {
    const common::Status status = answer.head.status;
    const std::string_view raw(answer.body, answer.body_bytes);
    const Endpoint *asked = answer.endpoint != nullptr ? answer.endpoint : endpoint;
    Words words = WordsFor(status.cause, ServerWords(asked), Readable(raw));
    if (words.hint == nullptr) words.hint = HintForServerText(raw);
    if (connect_hint != nullptr && status.cause == Cause::kConnect) words.hint = connect_hint;
    const bool unknown = status.outcome == common::Outcome::kUnknown && status.cause != Cause::kServer;
    const RowViolation violation =
        status.cause == Cause::kServer ? ReadViolation(relid, words.message) : RowViolation{};
    ereport(ERROR, (errcode(SqlState(common::SqlStateFor(status, raw))), errmsg("%s", words.message),
                    words.detail != nullptr ? errdetail("%s", words.detail) : 0,
                    unknown ? errhint("The server may or may not have carried out the request.")
                    : words.hint != nullptr ? errhint("%s", words.hint)
                                            : 0,
                    ErrFields(violation)));
    pg_unreachable();
}

}  // namespace

void ThrowStatus(const Answer &answer, const Endpoint *endpoint, const char *connect_hint) {
    Throw(answer, endpoint, connect_hint, InvalidOid);
}

void ThrowRefusedWrite(const Answer &answer, const Endpoint *endpoint, Oid relid) {
    Throw(answer, endpoint, nullptr, relid);
}

void ThrowWorkerNotReady() {
    ereport(ERROR, (errcode(ERRCODE_CONNECTION_FAILURE), errmsg("the pg_kalam worker is not ready"),
                    errdetail("No worker took requests within kalam.worker_start_timeout."),
                    errhint("Look for the reason in the server log; max_worker_processes must leave room for "
                            "one more process.")));
    pg_unreachable();
}

void ThrowRequestTooLarge(uint64_t bytes, uint64_t limit) {
    ereport(ERROR, (errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
                    errmsg("a request of %llu bytes does not fit the request pool",
                           static_cast<unsigned long long>(bytes)),
                    errdetail("The pool holds %llu bytes.", static_cast<unsigned long long>(limit)),
                    errhint("Raise kalam.request_pool_size.")));
    pg_unreachable();
}

}  // namespace kalam::backend
