// Which tables a remote transaction has changed, read, and is about (remote_xact.h). Called by xact.cc and remote_xact.cc.
#include "backend/remote_xact.h"

namespace kalam::backend {

namespace {

bool Names(const List *tables, const TableName &table) {
    ListCell *cell;
    foreach (cell, tables) {
        const std::string_view name(static_cast<const char *>(lfirst(cell)));
        if (name.size() == table.namespace_name.size() + 1 + table.table_name.size() &&
            name.starts_with(table.namespace_name) && name.ends_with(table.table_name) &&
            name[table.namespace_name.size()] == '.')
            return true;
    }
    return false;
}

List *AddTable(List *tables, const TableName &table) {
    if (Names(tables, table)) return tables;
    const MemoryContext old = MemoryContextSwitchTo(TopTransactionContext);
    tables = lappend(tables, psprintf("%.*s.%.*s", static_cast<int>(table.namespace_name.size()),
                                      table.namespace_name.data(), static_cast<int>(table.table_name.size()),
                                      table.table_name.data()));
    MemoryContextSwitchTo(old);
    return tables;
}

}  // namespace

bool HasChanged(const RemoteXact *remote, const TableName &table) {
    return Names(remote->changed, table);
}

void NoteChanged(RemoteXact *remote, const TableName &table) {
    remote->changed = AddTable(remote->changed, table);
}

bool WasReadSinceBegin(const RemoteXact *remote, const TableName &table) {
    return Names(remote->read_since, table);
}

void NoteKind(RemoteXact *remote, common::TableType type) {
    if (remote->has_kind) return;
    remote->has_kind = true;
    remote->of_shared = type == common::TableType::kShared;
}

void NoteRead(RemoteXact *remote, const TableName &table) {
    if (remote->open) remote->read_since = AddTable(remote->read_since, table);
}

}  // namespace kalam::backend
