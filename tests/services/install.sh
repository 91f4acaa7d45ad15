#!/usr/bin/env bash
# Installs every real part that the tests use, where it is not there yet: PostgreSQL, net-snmp's snmpd, Chromium, poppler-utils, restic, borg, InfluxDB 2.
# Debian 12, Ubuntu 24.04 and newer. The tests start private servers of their own; none that a package brings is started.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)

note() { printf 'services: %s\n' "$*"; }
stop() { printf 'services: %s\n' "$*" >&2; exit 1; }

has_postgres() { compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || command -v initdb >/dev/null; }
has_snmpd() { { command -v snmpd || [ -x /usr/sbin/snmpd ]; } >/dev/null && command -v snmpget >/dev/null; }
has_chromium() { command -v chromium chromium-browser google-chrome >/dev/null; }
has_poppler() { command -v pdfinfo && command -v pdftotext && command -v pdfimages; } >/dev/null

has_backup_programs() { command -v restic && command -v borg; } >/dev/null

as_root=()
packages=()
has_postgres || packages+=(postgresql)
has_snmpd || packages+=(snmpd snmp)
has_chromium || packages+=(chromium)
has_poppler || packages+=(poppler-utils)
has_backup_programs || packages+=(restic borgbackup)
command -v gcc >/dev/null || packages+=(gcc libc6-dev)
command -v pkg-config >/dev/null || packages+=(pkg-config)

install_packages() {
    command -v apt-get >/dev/null || stop "no apt-get here: install ${packages[*]} by hand"
    if [ "$(id -u)" -ne 0 ]; then
        command -v sudo >/dev/null || stop "root is needed once: apt-get install ${packages[*]}"
        as_root=(sudo)
    fi
    # A package's own server would take port 161 or 5432 for nothing: the policy says no for as long as we install.
    local policy=/usr/sbin/policy-rc.d
    if [ ! -e "$policy" ]; then
        printf '#!/bin/sh\nexit 101\n' | "${as_root[@]}" tee "$policy" >/dev/null
        "${as_root[@]}" chmod +x "$policy"
        trap '"${as_root[@]}" rm -f /usr/sbin/policy-rc.d' EXIT
    fi
    note "apt-get install ${packages[*]}"
    "${as_root[@]}" apt-get update -qq
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${packages[@]}" >/dev/null
}

[ ${#packages[@]} -eq 0 ] || install_packages
has_postgres || stop "initdb is still not there after installing postgresql"
has_snmpd || stop "snmpd or snmpget is still not there after installing snmpd and snmp"
has_chromium || stop "no chromium: on Ubuntu the package is a snap; install Google Chrome or Debian's chromium instead"
"$here/install_influxd.sh"
note "PostgreSQL, snmpd, Chromium and InfluxDB are here"
