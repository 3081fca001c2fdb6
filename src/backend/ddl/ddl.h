// The entrance to everything that mirrors DDL: CREATE, ALTER and DROP of kalam tables act on KalamDB too.
// Called once by module.cc. The hooks themselves (ddl.cc) only look a statement's node tag up in one table
// and hand it to the file of its kind; a statement about anything else passes through after that one look.
#pragma once

#include "backend/pg.h"

namespace kalam::backend::ddl {

// Installs ProcessUtility_hook and object_access_hook, before whatever others installed. From _PG_init.
void InitDdl();

}  // namespace kalam::backend::ddl
