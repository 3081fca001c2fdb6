// The one way PostgreSQL's headers come into the PG zone: first, and with C linkage. Every file of
// src/backend and src/worker includes this before anything else. Version differences between PostgreSQL 15
// and 18 have their home in pg_compat.h.
#pragma once

extern "C" {
#include "postgres.h"
// fmgr.h, and what nearly every file needs
#include "fmgr.h"
#include "lib/stringinfo.h"
#include "nodes/pg_list.h"
#include "utils/elog.h"
#include "utils/memutils.h"
#include "utils/palloc.h"
}

#include "backend/pg_compat.h"
