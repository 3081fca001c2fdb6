-- Run once by the image's entrypoint, in the database that POSTGRES_DB names.
CREATE EXTENSION IF NOT EXISTS pg_kalam;
