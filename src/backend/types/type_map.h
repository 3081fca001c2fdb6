// The one table between PostgreSQL's types and KalamDB's, read in both directions: what a column is declared
// as on the server (CREATE, ALTER), what a server's column becomes here (IMPORT FOREIGN SCHEMA, FILE and
// EMBEDDING in column lists), how its cells travel, whether an equality can be pushed, whether it can be a
// key. Called by ddl/, fdw/, functions/. Makes no remote call. Raises where it says so.
//
//   ColumnType type = ResolveColumnType({.type = att->atttypid, .typmod = att->atttypmod,
//                                        .kalam_type = identity.kalam_type, .is_key = attnum == key,
//                                        .column_name = NameStr(att->attname)});
//   sql << RemoteTypeText(type);           // DECIMAL(10, 2)
//   RowEncoder, ColumnDecoder              // row_encoder.h, column_decoder.h
#pragma once

#include <string_view>

#include "backend/pg.h"

namespace kalam::backend::types {

// KalamDB's column types.
enum class RemoteKind : uint8_t {
    kBoolean,
    kSmallInt,
    kInt,
    kBigInt,
    kFloat,
    kDouble,
    kText,
    kJson,
    kFile,
    kDate,
    kTime,
    kTimestamp,
    kDateTime,
    kBytes,
    kUuid,
    kDecimal,    // precision, scale
    kEmbedding,  // dimension
};

constexpr bool IsInteger(RemoteKind kind) {
    return kind == RemoteKind::kSmallInt || kind == RemoteKind::kInt || kind == RemoteKind::kBigInt;
}

// Kinds whose cells are UTF-8 text.
constexpr bool IsTextLike(RemoteKind kind) {
    return kind == RemoteKind::kText || kind == RemoteKind::kJson || kind == RemoteKind::kFile;
}

// A type of KalamDB with its parameters.
struct RemoteType {
    RemoteKind kind;
    int16_t precision = 0;  // kDecimal: 1..38
    int16_t scale = 0;      // kDecimal: 0..precision
    int32_t dimension = 0;  // kEmbedding: 1..8192
};

// How equality on a column can be asked of the server (Scan filters, keys). Everything pushed is checked
// again locally, so pushing may only return too many rows, never too few.
enum class PushKind : uint8_t { kNone, kInteger, kBoolean, kText };

// How a local value is laid out, so which codec handles it. Follows the base type of a domain.
enum class LocalKind : uint8_t {
    kBool,
    kInt2,
    kInt4,
    kInt8,
    kFloat4,
    kFloat8,
    kVarlenaText,  // text, varchar, json: the bytes are the text
    kBpchar,       // stored without its padding, padded again when read
    kName,
    kDate,
    kTime,
    kTimestamp,
    kTimestampTz,
    kBytea,
    kUuid,
    kNumeric,
    kFloat4Array,  // one dimension, no NULLs
    kVector,       // pgvector's type, through its text form
    kOther,        // through its text form (enum, jsonb, arrays, ranges, composites, ...)
};

// What a column is on both sides. Plain data, no pointers: copy it freely, keep it as long as you like.
struct ColumnType {
    Oid declared;  // as in pg_attribute
    int32 typmod;  // of the declared type, or of the base type for a domain that sets one
    Oid base;      // declared, or what a domain stands for
    LocalKind local;
    RemoteType remote;
    PushKind push;
    bool usable_as_key;                             // the server can store rows keyed by this column
    bool by_value;                                  // of the declared type, as in pg_type
    int16 length;                                   // of the declared type, as in pg_type
    Oid output_function, input_function, io_param;  // of the base type
};

// What decides a column's type.
struct ColumnDeclaration {
    Oid type;
    int32 typmod = -1;
    const char *kalam_type = nullptr;   // column option `kalam_type`; null: follows the local type
    bool is_key = false;                // the row identity: a uuid is TEXT remotely
    const char *column_name = nullptr;  // for messages
};

// Raises, with a hint: 0A000 numeric without precision, or with one that DECIMAL cannot have; pseudo-types; a
// `kalam_type` that does not go with the local type (HV024), or that is none (HV024).
ColumnType ResolveColumnType(const ColumnDeclaration &column);

// Raises 0A000 with the list of types that work when the type cannot be a key: the server creates such tables
// and then refuses every row.
void RequireUsableAsKey(const ColumnType &type, const char *column_name);

// The type as KalamDB's DDL spells it: INT, DECIMAL(10, 2), EMBEDDING(3). palloc'd.
char *RemoteTypeText(const RemoteType &type);
inline char *RemoteTypeText(const ColumnType &type) {
    return RemoteTypeText(type.remote);
}

// Whether every value that a column may hold survives MODIFY COLUMN from one type to the other: equal,
// widening, or to TEXT where the stored value's text is PostgreSQL's text of it. The server accepts other
// changes and then cannot read the table.
bool SurvivesTypeChange(const ColumnType &from, const ColumnType &to);

// Reads a type as KalamDB prints it (system.columns.data_type, the `kalam_type` option; any case, with or
// without blanks): false for other text. Does not raise.
bool ParseRemoteType(std::string_view text, RemoteType *type);

// The local side of a remote type.
struct LocalType {
    Oid type;
    int32 typmod;
    const char *sql;         // schema-qualified, with its parameters: for CREATE FOREIGN TABLE; palloc'd
    const char *kalam_type;  // the column option to set where the local type does not tell (FILE, TIME for
                             // nothing, EMBEDDING as real[], ...); null: none needed. palloc'd
};

// EMBEDDING(n) is vector(n) where pgvector is installed in this database, real[] elsewhere. FILE is jsonb,
// JSON json (its text is kept). A key column that is UUID stays uuid and gets kalam_type UUID.
LocalType LocalTypeFor(const RemoteType &remote, bool is_key = false);

// The column types that only KalamDB has (FILE, EMBEDDING(n)), as a parsed type name without a schema
// spells them: true and the local type. `modifiers` are the constants in the parentheses. Names that
// PostgreSQL knows are the caller's to look up first. Raises 22023 for EMBEDDING without exactly one
// dimension of 1..8192.
bool LocalTypeForTypeName(const char *name, List *modifiers, LocalType *local);

// Whether an equality under this collation may be pushed (a non-deterministic one, no).
bool CollationAllowsPush(Oid collation);

// Appends a value as Scan filters and `pk_value` spell it (UTF-8, no quotes): 5, true, the text itself.
// For types with a PushKind and for keys (also DOUBLE). May detoast into the current context.
void AppendKeyText(StringInfo out, const ColumnType &type, Datum value);

// Converts text between the database's encoding and the wire's. The result is `text` itself where nothing
// changes, else palloc'd. Raise 22021/22P05 on characters that the other side does not have.
std::string_view ToUtf8(std::string_view text);
std::string_view FromUtf8(std::string_view text);

}  // namespace kalam::backend::types
