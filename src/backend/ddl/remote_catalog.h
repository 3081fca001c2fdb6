// What the server's catalog says about tables, columns and rows: the read-only questions that DDL asks before it
// changes anything. Called by the handlers of ddl/ and IMPORT FOREIGN SCHEMA. Each function is one or more remote
// calls; results are palloc'd.
#pragma once

#include <optional>

#include "backend/endpoint.h"
#include "backend/pg.h"
#include "backend/types/type_map.h"
#include "shm/known_tables.h"

namespace kalam::backend::ddl {

struct RemoteColumn {
    const char *name;
    const char *type_text;  // as the server prints it
    bool nullable;
    bool is_key;
    const char *comment;  // null: none
};

struct RemoteTable {
    const char *name;
    const char *type;     // shared, user, stream
    const char *options;  // JSON; null: none
    const char *comment;  // null: none
    List *columns;        // RemoteColumn, in order, without _seq and _deleted

    const RemoteColumn *Find(const char *column) const;
    const RemoteColumn *Key() const;  // null: none
    // Nothing for a table of the server's own.
    std::optional<shm::TableFacts> Facts() const;
};

// Whether a local column's remote type is the one that the server prints.
bool IsRemoteType(const types::ColumnType &local, const char *type_text);

// The table with its columns; null if there is none.
const RemoteTable *FindRemoteTable(const Endpoint *endpoint, const char *remote_namespace, const char *table);

// What the server says a table is; nothing if there is none of users' tables by that name.
std::optional<shm::TableFacts> FindTableFacts(const Endpoint *endpoint, const char *remote_namespace,
                                              const char *table);

// All tables of a namespace (RemoteTable), by name; reads on beyond the server's limit of rows per answer. NIL if
// there are none, or no such namespace.
List *ListRemoteTables(const Endpoint *endpoint, const char *remote_namespace);

bool RemoteNamespaceExists(const Endpoint *endpoint, const char *remote_namespace);

// Whether a column of this name was part of the table at any time: its old values would come back.
bool WasEverColumn(const Endpoint *endpoint, const char *remote_namespace, const char *table,
                   const char *column);

// Whether a table has a row for which the condition holds (null: any row), of whatever user.
bool HasRow(const Endpoint *endpoint, const char *remote_namespace, const char *table, const char *condition);

// How many rows a table has; the server counts hot ones up to its cap only.
long CountRows(const Endpoint *endpoint, const char *remote_namespace, const char *table);

// Whether a table has rows in cold storage, of whatever version: the server reads them all.
bool WasFlushed(const Endpoint *endpoint, const char *remote_namespace, const char *table);

}  // namespace kalam::backend::ddl
