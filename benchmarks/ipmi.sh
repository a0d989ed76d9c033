#!/usr/bin/env bash
# Builds the driver and measures reading a controller's sensors beside ipmitool and FreeIPMI, and polling a thousand controllers; prints two tables.
set -euo pipefail
cd "$(dirname "$0")/.."
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
dotnet build benchmarks/ipmi -c Release --nologo -v quiet -clp:ErrorsOnly
exec dotnet artifacts/bin/ipmi/release/ipmi.dll "$@"
