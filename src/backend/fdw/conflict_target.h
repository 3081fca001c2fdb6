// INSERT ... ON CONFLICT (key) DO NOTHING. Called by module.cc.
#pragma once

namespace kalam::backend::fdw {

// Registers the planner hook. Once, from _PG_init.
void InitConflictTarget();

}  // namespace kalam::backend::fdw
