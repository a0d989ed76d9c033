#!/usr/bin/env bash
# Builds the service, the command and the driver, and measures remote shells; prints a table.
set -euo pipefail
cd "$(dirname "$0")/.."
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
dotnet build benchmarks/shells -c Release --nologo -v quiet -clp:ErrorsOnly
exec dotnet artifacts/bin/shells/release/shells.dll "$@"
