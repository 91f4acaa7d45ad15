#!/usr/bin/env bash
# A real InfluxDB 2 server for the tests, built from its Go module where the vendor's packages are out of reach.
#
#   tests/services/install_influxd.sh [--print-path]
#
# The binary goes to ${XDG_CACHE_HOME:-~/.cache}/natvakt/services/influxd, outside every checkout, and is built once: 5 to 15
# minutes on two cores. A binary of the wanted version that is there, or that NATVAKT_INFLUXD names, is left alone.
#
# Needs a C compiler, pkg-config, cargo (Rust) and Go 1.21 or newer, which fetches the Go that InfluxDB asks for.
# What stands in the way, and how it is passed:
#   - `go install` refuses modules that carry a replace line: a module of our own repeats that line and requires InfluxDB.
#   - InfluxDB's query engine is Rust, found through InfluxData's own pkg-config, which has to be built first.
#   - That Rust code denies warnings which newer compilers have more of: a wrapper lowers them. RUSTFLAGS would not reach build scripts.
set -euo pipefail

readonly INFLUXDB=v2.8.0
readonly FLUX=v0.196.1
readonly PKG_CONFIG_MODULE=github.com/influxdata/pkg-config@v0.2.14
readonly NATS_REPLACE='github.com/nats-io/nats-streaming-server v0.11.2 => github.com/influxdata/nats-streaming-server v0.11.3-0.20201112040610-c277f7560803'
readonly INFLUXDB_SUM='h1:eMF4RH3f+xnonwUAODav4EJxRD6164dbSqPoKp0wFIg='
readonly INFLUXDB_MOD_SUM='h1:o9EF50Zom/8MX+7zuovTmGSqKNvLRmHrz/A3dr0E6o4='

cache=${XDG_CACHE_HOME:-$HOME/.cache}/natvakt/services
target=${NATVAKT_INFLUXD:-$cache/influxd}
build=$cache/influxd-build

note() { printf 'influxd: %s (%d s)\n' "$*" "$SECONDS" >&2; }
stop() { printf 'influxd: %s\n' "$*" >&2; exit 1; }

is_wanted() { [ -x "$1" ] && "$1" version 2>/dev/null | grep -qF "InfluxDB $INFLUXDB "; }

# Runs a step with its output in a log that is shown only when the step fails.
quietly() {
    local log=$build/$1.log
    shift
    if ! "$@" >"$log" 2>&1; then
        tail -30 "$log" >&2
        return 1
    fi
}

check_tools() {
    local tool missing=()
    for tool in go cargo rustc gcc pkg-config; do
        command -v "$tool" >/dev/null || missing+=("$tool")
    done
    [ ${#missing[@]} -eq 0 ] || stop "not found: ${missing[*]}. Install them (Debian: apt-get install gcc pkg-config golang rustc cargo;
newer Go: https://go.dev/dl), or name a ready influxd $INFLUXDB in NATVAKT_INFLUXD"
}

write_module() {
    local sources
    sources=$(cd "$build" && GOFLAGS=-mod=mod go mod download -json "github.com/influxdata/influxdb/v2@$INFLUXDB" |
        python3 -c 'import json, sys; print(json.load(sys.stdin)["Dir"])') || stop "the Go module of InfluxDB $INFLUXDB cannot be fetched"
    mkdir -p "$build/module"
    printf 'module natvakt.invalid/influxd\n\ngo 1.24.0\n\nrequire (\n\tgithub.com/influxdata/flux %s\n\tgithub.com/influxdata/influxdb/v2 %s\n)\n\nreplace %s\n' \
        "$FLUX" "$INFLUXDB" "$NATS_REPLACE" >"$build/module/go.mod"
    {
        cat "$sources/go.sum"
        printf 'github.com/influxdata/influxdb/v2 %s %s\n' "$INFLUXDB" "$INFLUXDB_SUM"
        printf 'github.com/influxdata/influxdb/v2 %s/go.mod %s\n' "$INFLUXDB" "$INFLUXDB_MOD_SUM"
    } >"$build/module/go.sum"
}

build_query_engine() {
    mkdir -p "$build/bin"
    quietly pkg-config env GOBIN="$build/bin" go install "$PKG_CONFIG_MODULE"
    printf '#!/bin/sh\nexec "$@" --cap-lints warn\n' >"$build/bin/rustc-lenient"
    chmod +x "$build/bin/rustc-lenient"
    export PKG_CONFIG=$build/bin/pkg-config RUSTC_WRAPPER=$build/bin/rustc-lenient
    if command -v rustup >/dev/null; then
        RUSTUP_TOOLCHAIN=$(cd / && rustup show active-toolchain | cut -d' ' -f1)
        export RUSTUP_TOOLCHAIN # Flux names a toolchain of 2023 in its own folder
    fi
    (cd "$build/module" && CGO_ENABLED=1 go list -deps github.com/influxdata/influxdb/v2/cmd/influxd >/dev/null)
    # A copy of the sources that an interrupted run left half done is taken for whole: once more from nothing.
    (cd "$build/module" && quietly libflux "$PKG_CONFIG" --cflags flux) || {
        rm -rf "$(go env GOCACHE)/pkgconfig/github.com/influxdata/flux@$FLUX"
        (cd "$build/module" && quietly libflux "$PKG_CONFIG" --cflags flux)
    }
}

build_server() {
    (cd "$build/module" && CGO_ENABLED=1 quietly influxd go build -trimpath -mod=readonly -buildvcs=false \
        -tags sqlite_foreign_keys,sqlite_json \
        -ldflags "-s -w -X main.version=$INFLUXDB -X main.commit=module -X main.date=1970-01-01T00:00:00Z" \
        -o "$target.new" github.com/influxdata/influxdb/v2/cmd/influxd)
    mv -f "$target.new" "$target"
}

case ${1:-} in
    "") ;;
    --print-path) printf '%s\n' "$target"; exit 0 ;;
    *) printf 'usage: %s [--print-path]\n' "$0" >&2; exit 2 ;;
esac

if is_wanted "$target"; then
    note "$INFLUXDB is at $target"
    exit 0
fi
[ -z "${NATVAKT_INFLUXD:-}" ] || stop "NATVAKT_INFLUXD=$target is not InfluxDB $INFLUXDB: name another file, or unset it to have one built"
check_tools
mkdir -p "$build"
exec 9>"$build/lock"
flock 9 # another checkout may be building it just now
if is_wanted "$target"; then
    note "$INFLUXDB is at $target"
    exit 0
fi
note "fetching the modules of InfluxDB $INFLUXDB"
write_module
note "building the query engine (Rust)"
build_query_engine
note "building the server (Go)"
build_server
is_wanted "$target" || stop "$target does not answer as InfluxDB $INFLUXDB"
note "$INFLUXDB is at $target"
