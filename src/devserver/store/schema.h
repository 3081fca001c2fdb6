// What the catalog knows of one table: its columns in the order scans give them, and its options.
// A TableDef is immutable once published: DDL makes a new one. Read by everything that touches rows.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "devserver/arrow/ipc_writer.h"
#include "devserver/sql/statement.h"
#include "devserver/values/kalam_type.h"

namespace kalam::devserver {

// Cells of a stored row lie at slots; a name keeps its slot for the table's life, so that a column dropped and
// added again finds its old values, as in KalamDB. System columns have no slot.
inline constexpr int kSeqSlot = -1;
inline constexpr int kDeletedSlot = -2;

struct Column {
    std::string name;
    KalamType type;
    bool not_null = false;
    bool key = false;
    int slot = 0;
    int64_t id = 0;  // 1.., never reused
    sql::DefaultValue default_value;

    bool system() const { return slot < 0; }
};

struct TableDef {
    int64_t id = 0;
    sql::TableName name;
    sql::TableKind kind = sql::TableKind::kShared;
    std::vector<Column> columns;  // declared ones, _seq, _deleted, then those added by ALTER
    std::string storage_id;
    bool use_user_storage = false;
    std::optional<sql::FlushPolicy> flush_policy;
    uint64_t ttl_seconds = 0;
    sql::AccessLevel access_level = sql::AccessLevel::kPrivate;
    int64_t version = 1;
    int64_t created_us = 0;
    int64_t updated_us = 0;
    std::vector<std::string> slots;  // slot -> name; grows only

    int FindColumn(std::string_view column) const;  // index into columns, or -1; exact spelling
    int KeyColumn() const;                          // index into columns, or -1
    int64_t NextColumnId() const;
    // The slot of a name, added to `slots` when new.
    int SlotOf(const std::string &column);
    bool PerUser() const { return kind != sql::TableKind::kShared; }
    // The oldest _seq a stream's rows may have at `now_ms`; 0 for other tables.
    int64_t OldestSeq(int64_t now_ms) const;
    std::string Colon() const { return name.ns + ":" + name.table; }
};

using TableDefPtr = std::shared_ptr<const TableDef>;

// The column as a field of an Arrow answer.
arrow::Field FieldOf(const Column &column);

// The two columns every table gets after its declared ones.
Column SeqColumn(int64_t id);
Column DeletedColumn(int64_t id);

// What system.tables shows as options.
std::string OptionsJson(const TableDef &def);

}  // namespace kalam::devserver
