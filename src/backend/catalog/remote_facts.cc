// Asks for the facts of a table and remembers them (remote_facts.h).
#include "backend/catalog/remote_facts.h"

#include "backend/clock.h"
#include "backend/ddl/remote_catalog.h"
#include "backend/shared_memory.h"
#include "common/keyed_hash.h"

namespace kalam::backend::catalog {

namespace {

uint64_t HashOf(const Endpoint *endpoint, const char *remote_namespace, const char *table) {
    common::KeyedHash hash(RequireRegion().header().secret);
    for (const char *part : {"known table", endpoint->address, remote_namespace, table}) {
        hash.Append(part, strlen(part) + 1);
    }
    const common::KeyedHash::Digest digest = hash.Finish();
    uint64_t word;
    memcpy(&word, digest.data(), sizeof word);
    return word;
}

uint64_t HashOf(const Endpoint *endpoint, const TableIdentity *identity) {
    return HashOf(endpoint, identity->remote_namespace, identity->remote_table);
}

std::optional<shm::TableFacts> Recall(const Endpoint *endpoint, const TableIdentity *identity) {
    return RequireRegion().known_tables().Find(HashOf(endpoint, identity), MonotonicUs());
}

// From the server; nothing where it has no such table, or one of its own.
std::optional<shm::TableFacts> Ask(const Endpoint *endpoint, const TableIdentity *identity) {
    const std::optional<shm::TableFacts> facts =
        ddl::FindTableFacts(endpoint, identity->remote_namespace, identity->remote_table);
    if (facts) LearnFacts(endpoint, identity->remote_namespace, identity->remote_table, *facts);
    return facts;
}

}  // namespace

void RequireDeclaredType(const Endpoint *endpoint, const TableIdentity *identity) {
    std::optional<shm::TableFacts> facts = Recall(endpoint, identity);
    // Asked again before anybody is refused: the table may be a new one.
    if (!facts || facts->type != identity->type) facts = Ask(endpoint, identity);
    if (!facts || facts->type == identity->type) return;
    ereport(ERROR,
            (errcode(ERRCODE_WRONG_OBJECT_TYPE),
             errmsg("KalamDB table \"%s.%s\" is a %s table, but foreign table \"%s\" says it is %s",
                    identity->remote_namespace, identity->remote_table, common::NameOf(facts->type).data(),
                    identity->qualified_name, common::NameOf(identity->type).data()),
             errhint("IMPORT FOREIGN SCHEMA %s LIMIT TO (%s) makes a foreign table for it as it is.",
                     identity->remote_namespace, identity->remote_table)));
}

bool IsForAdministrators(const Endpoint *endpoint, const TableIdentity *identity) {
    std::optional<shm::TableFacts> facts = Recall(endpoint, identity);
    if (!facts) facts = Ask(endpoint, identity);
    return !facts || facts->for_administrators;
}

void LearnFacts(const Endpoint *endpoint, const char *remote_namespace, const char *table,
                shm::TableFacts facts) {
    RequireRegion().known_tables().Learn(HashOf(endpoint, remote_namespace, table), facts, MonotonicUs());
}

void ForgetFacts(const Endpoint *endpoint, const TableIdentity *identity) {
    RequireRegion().known_tables().Forget(HashOf(endpoint, identity));
}

void ForgetAllFacts() {
    RequireRegion().known_tables().ForgetAll();
}

}  // namespace kalam::backend::catalog
