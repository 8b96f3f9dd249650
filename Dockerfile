# fasterapi-server with Debian 13's own packages, its CPython 3.13 among them.
#
#   docker build -t fasterapi .
#   docker run --read-only -p 8000:8000 fasterapi
#
# An app of yours: FROM fasterapi, COPY it below /app, and ENV APP=module:attribute.

FROM debian:trixie AS build
RUN apt-get update \
 && apt-get install --yes --no-install-recommends \
      g++ cmake ninja-build ccache pkg-config python3-dev libboost-dev libspdlog-dev \
      nlohmann-json3-dev libsimdjson-dev libssl-dev zlib1g-dev libexpat1-dev python3-starlette \
 && rm -rf /var/lib/apt/lists/*
WORKDIR /source
COPY CMakeLists.txt CMakePresets.json ./
COPY cmake/ cmake/
COPY include/ include/
COPY src/ src/
COPY python_apps/ python_apps/
COPY scripts/lib/server_training.py scripts/lib/server_training_app.py scripts/lib/
ENV CCACHE_DIR=/ccache
RUN --mount=type=cache,target=/ccache \
    cmake --preset training \
 && cmake --build build/training \
 && python3 scripts/lib/server_training.py build/training/fasterapi-server \
 && cmake --preset profiled -DFASTERAPI_TESTS=OFF -DCMAKE_INSTALL_PREFIX=/usr/local \
 && cmake --build build/profiled \
 && cmake --install build/profiled --strip

FROM debian:trixie AS runtime
# libpython itself is inside the server, its standard library is not. python3 is for the health
# check and for `python3 -m venv` in images made from this one; Starlette and the others are for apps
# that use what is built on them.
RUN apt-get update \
 && apt-get install --yes --no-install-recommends \
      libpython3.13-stdlib python3 libexpat1 zlib1g libspdlog1.15 libsimdjson25 ca-certificates \
      python3-starlette python3-python-multipart python3-jinja2 \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --uid 10001 --user-group --no-create-home --home-dir /app --shell /usr/sbin/nologin fasterapi
COPY --from=build /usr/local/ /usr/local/
COPY config/container.json /etc/fasterapi/server.json
WORKDIR /app
COPY python_apps/basic_app.py python_apps/basic_app.py
# By number, so that an orchestrator can see that it is not root.
USER 10001:10001
ENV PORT=8000
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=3s --start-period=5s --retries=3 CMD ["python3", "-I", "-c", \
  "import os, urllib.request as web; web.urlopen(f'http://127.0.0.1:{os.environ[\"PORT\"]}/health', timeout=2)"]
# The server is process 1: it handles SIGTERM itself and reaps what it starts.
STOPSIGNAL SIGTERM
ENTRYPOINT ["/usr/local/bin/fasterapi-server"]
CMD ["--config", "/etc/fasterapi/server.json"]
