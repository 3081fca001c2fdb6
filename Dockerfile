# PostgreSQL with pg_kalam installed and preloaded, built from this tree on the official image.
#   docker build -t pg-kalam --build-arg PG_MAJOR=16 .
#   docker run -e POSTGRES_PASSWORD=... -p 5433:5432 pg-kalam
ARG PG_MAJOR=16

FROM postgres:${PG_MAJOR}-bookworm AS build
ARG PG_MAJOR
RUN apt-get update && apt-get install -y --no-install-recommends \
        build-essential meson ninja-build pkg-config postgresql-server-dev-${PG_MAJOR} \
        libgrpc++-dev libprotobuf-dev protobuf-compiler protobuf-compiler-grpc \
        libboost-dev rapidjson-dev libflatbuffers-dev flatbuffers-compiler libsqlite3-dev
COPY . /src
RUN meson setup /build /src -Dunit_tests=false -Ddevserver=false \
        -Dpg_config=/usr/lib/postgresql/${PG_MAJOR}/bin/pg_config \
    && DESTDIR=/install meson install -C /build

FROM postgres:${PG_MAJOR}-bookworm
RUN apt-get update \
    && apt-get install -y --no-install-recommends libgrpc++1.51 libprotobuf32 \
    && rm -rf /var/lib/apt/lists/*
COPY --from=build /install/ /
COPY scripts/docker-init.sql /docker-entrypoint-initdb.d/10-pg_kalam.sql
CMD ["postgres", "-c", "shared_preload_libraries=pg_kalam"]
