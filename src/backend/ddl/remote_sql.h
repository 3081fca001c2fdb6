// Writes KalamDB's DDL from shapes. Names are never quoted (the server takes quotes for a part of table names) and
// have passed catalog::CheckRemoteName. Called by the handlers of ddl/. Makes no remote call; every result is
// palloc'd.
#pragma once

#include "backend/ddl/table_shape.h"
#include "backend/pg.h"

namespace kalam::backend::ddl {

// 'it''s'
char *QuoteLiteral(const char *text);

char *CreateNamespaceSql(const char *remote_namespace);

// CREATE SHARED TABLE app.items (id BIGINT PRIMARY KEY DEFAULT SNOWFLAKE_ID(), ...) WITH (flush_policy = '...')
char *CreateTableSql(const TableShape &shape);

// DROP TABLE IF EXISTS app.items: does not mind a table that is gone already.
char *DropTableSql(const catalog::TableIdentity &identity);

char *AddColumnSql(const TableShape &shape, const ColumnShape &column, bool not_null);
char *DropColumnSql(const catalog::TableIdentity &identity, const char *remote_name);
char *SetNotNullSql(const TableShape &shape, const ColumnShape &column, bool not_null);
// `text`: as RemoteDefaultText gives it; null drops the default.
char *SetDefaultSql(const TableShape &shape, const ColumnShape &column, const char *text);
char *ModifyColumnSql(const TableShape &shape, const ColumnShape &column, bool not_null);
char *SetAccessLevelSql(const TableShape &shape, const char *level);
// Gives a column its value in all rows of a shared table. `literal` as RemoteLiteral or RemoteDefaultText give it.
char *FillColumnSql(const TableShape &shape, const char *remote_name, const char *literal);

// Who may read a shared table: the one option that can change.
inline constexpr char kAccessLevelOption[] = "access_level";

// Whether an option of a foreign table is one of KalamDB's CREATE TABLE, forwarded under its own name; the
// others say which table it is.
bool IsForwardedOption(const char *name);

// Asks for a job of this kind ("drop", "flush") on the table that has not ended.
const char *UnfinishedJobSql(const char *kind, const catalog::TableIdentity &identity);

}  // namespace kalam::backend::ddl
