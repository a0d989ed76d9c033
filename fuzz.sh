#!/usr/bin/env bash
# Breaks what strangers may send and looks what the readers do: ./fuzz.sh [TARGET|all] [count] [seed]; a million each by default.
set -euo pipefail
cd "$(dirname "$0")"
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
dotnet build tests/Fuzz -c Release --nologo -v quiet -clp:ErrorsOnly
exec dotnet artifacts/bin/Fuzz/release/Fuzz.dll "$@"
