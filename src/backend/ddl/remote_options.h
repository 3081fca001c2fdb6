// The options of a remote table as system.tables shows them (JSON), read for IMPORT FOREIGN SCHEMA and for what is known of
// tables (catalog/remote_facts.h). Called by remote_catalog.cc and import_schema.cc. Makes no remote call.
#pragma once

#include "backend/pg.h"

namespace kalam::backend::ddl {

// Whether the options say that only administrators may read the table. `options` may be null.
bool SaysForAdministrators(const char *options);

// The options that are not the server's defaults (DefElem), as CREATE TABLE ... WITH takes them. `options` may be null.
List *ImportedOptions(const char *options);

}  // namespace kalam::backend::ddl
