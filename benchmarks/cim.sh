#!/usr/bin/env bash
# Measures CIM: WQL beside filters by hand, and with a real systemd in namespaces (root) how long the built service takes to answer beside
# systemctl, dpkg-query and ps. An archive of MOF files may be given.
set -euo pipefail
cd "$(dirname "$0")/.."
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
for project in benchmarks/cim src/farwired; do dotnet build $project -c Release --nologo -v quiet -clp:ErrorsOnly; done
dotnet artifacts/bin/cim/release/cim.dll "$@"
work=$(mktemp -d)
bash tests/Peers.Tests/Fixtures/systemd/run-systemd.sh "$work" &
outer=$!
until init=$(pgrep -P $outer systemd) && nsenter -t "$init" -a systemctl is-system-running 2>/dev/null | grep -qE "running|degraded"; do sleep 0.2; done
trap 'kill -KILL $init 2>/dev/null || true; wait $outer 2>/dev/null || true; rm -rf "$work"' EXIT
DBUS_SYSTEM_BUS_ADDRESS=unix:path=/proc/$init/root/run/dbus/system_bus_socket dotnet artifacts/bin/cim/release/cim.dll answers "$init"
