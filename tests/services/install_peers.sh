#!/usr/bin/env bash
# The two SNMP pollers that `make bench-peers` measures beside our agent: Telegraf and Prometheus' snmp_exporter.
#
#   tests/services/install_peers.sh [--print-path]
#
# Both go to ${XDG_CACHE_HOME:-~/.cache}/natvakt/services/peers, outside every checkout, and are made once.
#   - Telegraf is built from its Go module with the SNMP input alone (1 to 3 minutes; Go 1.25.5 or newer, or a Go that may fetch it).
#   - snmp_exporter is Debian's package, unpacked but not installed, so that no service is started. Elsewhere: put one in PATH.
# A telegraf or snmp_exporter of the wanted version that is there is left alone.
set -euo pipefail

readonly TELEGRAF=1.37.2
readonly TELEGRAF_TAGS=custom,inputs.snmp,inputs.internal,outputs.discard,outputs.file,outputs.influxdb_v2,serializers.influx,parsers.influx
readonly EXPORTER_PACKAGE=prometheus-snmp-exporter

folder=${XDG_CACHE_HOME:-$HOME/.cache}/natvakt/services/peers

note() { printf 'peers: %s (%d s)\n' "$*" "$SECONDS" >&2; }
stop() { printf 'peers: %s\n' "$*" >&2; exit 1; }

has_telegraf() { [ -x "$folder/telegraf" ] && "$folder/telegraf" --version 2>/dev/null | grep -qF "Telegraf $TELEGRAF"; }
has_exporter() { [ -x "$folder/snmp_exporter" ] && "$folder/snmp_exporter" --version 2>&1 | grep -q "^snmp_exporter, version"; }

build_telegraf() {
    command -v go >/dev/null || stop "go is not found: install Go 1.21 or newer (https://go.dev/dl), which fetches the Go that Telegraf asks for"
    note "building Telegraf $TELEGRAF (Go)"
    (cd / && GOBIN=$work CGO_ENABLED=0 GOFLAGS= nice go install -trimpath -tags "$TELEGRAF_TAGS" \
        -ldflags "-s -w -X github.com/influxdata/telegraf/internal.Version=$TELEGRAF" \
        "github.com/influxdata/telegraf/cmd/telegraf@v$TELEGRAF" >"$work/log" 2>&1) || { tail -20 "$work/log" >&2; stop "Telegraf cannot be built"; }
    mv -f "$work/telegraf" "$folder/telegraf"
}

unpack_exporter() {
    local found
    if found=$(command -v snmp_exporter || command -v prometheus-snmp-exporter); then
        ln -sf "$found" "$folder/snmp_exporter"
        return
    fi
    command -v apt-get >/dev/null || stop "no apt-get here: put a snmp_exporter in PATH (https://github.com/prometheus/snmp_exporter/releases)"
    note "unpacking Debian's $EXPORTER_PACKAGE"
    (cd "$work" && { apt-get download -qq "$EXPORTER_PACKAGE" 2>"$work/log" || { apt-get update -qq && apt-get download -qq "$EXPORTER_PACKAGE"; }; } &&
        dpkg -x "$EXPORTER_PACKAGE"_*.deb unpacked) || stop "$EXPORTER_PACKAGE cannot be fetched"
    install -m 755 "$work/unpacked/usr/bin/prometheus-snmp-exporter" "$folder/snmp_exporter"
}

case ${1:-} in
    "") ;;
    --print-path) printf '%s\n' "$folder"; exit 0 ;;
    *) printf 'usage: %s [--print-path]\n' "$0" >&2; exit 2 ;;
esac

mkdir -p "$folder"
exec 9>"$folder/lock"
flock 9 # another checkout may be making them just now
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
has_telegraf || build_telegraf
has_exporter || unpack_exporter
has_telegraf || stop "$folder/telegraf does not answer as Telegraf $TELEGRAF"
has_exporter || stop "$folder/snmp_exporter does not answer as snmp_exporter"
note "$("$folder/telegraf" --version), $("$folder/snmp_exporter" --version 2>&1 | head -1 | cut -d'(' -f1)are in $folder"
