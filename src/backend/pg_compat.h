// Differences between PostgreSQL 15, 16, 17 and 18, so that no other file asks for PG_VERSION_NUM. Included
// by backend/pg.h only.
#pragma once

#if PG_VERSION_NUM < 150000
#error "pg_kalam needs PostgreSQL 15 or later"
#endif
