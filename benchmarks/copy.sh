#!/usr/bin/env bash
# Copies a file of 1 GB and 10,000 small ones to a service on loopback and back, and the same with scp where an SSH server lets this user in.
# Figures count only on a machine at rest. Usage: benchmarks/copy.sh [HOST-OF-SCP]
set -euo pipefail
cd "$(dirname "$0")/.."
dotnet build src/farwire -c Release --nologo -v quiet -clp:ErrorsOnly
dotnet build src/farwired -c Release --nologo -v quiet -clp:ErrorsOnly
farwire=$PWD/artifacts/bin/farwire/release/farwire
work=$(mktemp -d)
trap 'kill "$service" 2>/dev/null; rm -rf "$work"' EXIT
artifacts/bin/farwired/release/farwired run --ephemeral "$work/service" 2>/dev/null & service=$!
until [ -e "$work/service/connection.json" ]; do sleep 0.1; done

head -c 1000000000 /dev/urandom > "$work/large"
mkdir "$work/many"
for i in $(seq 10000); do echo "the content of file $i" > "$work/many/$i"; done

# measure NAME UNIT AMOUNT COMMAND…
measure() {
    local name=$1 unit=$2 amount=$3 begin; shift 3
    begin=$(date +%s%N)
    "$@" > /dev/null
    awk -v n="$name" -v u="$unit" -v a="$amount" -v t="$(( $(date +%s%N) - begin ))" 'BEGIN { printf "| %-24s | %8.0f %s |\n", n, a / (t / 1e9), u }'
}

cp=("$farwire" cp -q --connect "$work/service/connection.json")
measure "1 GB there" MB/s 1000 "${cp[@]}" "$work/large" ":$work/large2"
measure "1 GB here" MB/s 1000 "${cp[@]}" ":$work/large2" "$work/large3"
measure "10,000 files there" files/s 10000 "${cp[@]}" "$work/many" ":$work/many2"
measure "10,000 files here" files/s 10000 "${cp[@]}" ":$work/many2" "$work/many3"
cmp "$work/large" "$work/large3" && diff -r "$work/many" "$work/many3"
if [ $# -gt 0 ]; then
    measure "1 GB there, scp" MB/s 1000 scp -q -o BatchMode=yes "$work/large" "$1:$work/large4"
    measure "10,000 files there, scp" files/s 10000 scp -q -r -o BatchMode=yes "$work/many" "$1:$work/many4"
fi
