#!/usr/bin/env bash
# Builds Farwire, starts the service on loopback for this run alone, and shows what it does. Leaves nothing behind but the build in artifacts/.
set -euo pipefail
cd "$(dirname "$0")"

usage() {
    cat <<'TEXT'
usage: ./quickstart.sh [--keep] [--no-build]

Builds Farwire (where sources are newer than the last build), starts its service on free loopback ports with a certificate and a user made for
this run, and shows commands with their output. Then it ends the service and removes what it wrote.

  --keep       leave the service running, and say how to connect and how to end it
  --no-build   use what is built
TEXT
}

keep=no build=yes
for argument in "$@"; do
    case $argument in
        --keep) keep=yes ;;
        --no-build) build=no ;;
        -h|--help) usage; exit 0 ;;
        *) echo "quickstart.sh: '$argument' is not an option of it." >&2; usage >&2; exit 64 ;;
    esac
done

say() { printf '\n== %s\n' "$1"; }

[ "$(uname -s)" = Linux ] || { echo "quickstart.sh: Farwire's service runs on Linux alone; run this in a container or in WSL." >&2; exit 78; }
command -v dotnet >/dev/null || { echo "quickstart.sh: the .NET SDK is missing; see https://dotnet.microsoft.com/download for .NET 10." >&2; exit 78; }
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

stamp=artifacts/quickstart.stamp
if [ $build = yes ] && { [ ! -e $stamp ] || [ -n "$(find src Directory.*.props global.json -newer $stamp -print -quit)" ]; }; then
    say "build (the first time takes a minute or two)"
    mkdir -p artifacts
    touch $stamp.new
    for program in farwired farwire; do
        dotnet build src/$program -c Release --nologo -v quiet "-clp:ErrorsOnly;NoSummary" --disable-build-servers
    done
    mv $stamp.new $stamp
fi

PATH=$PWD/artifacts/bin/farwire/release:$PWD/artifacts/bin/farwired/release:$PATH
command -v farwire farwired >/dev/null || { echo "quickstart.sh: nothing is built yet; leave out --no-build." >&2; exit 78; }

folder=$(mktemp -u "${TMPDIR:-/tmp}/farwire-quickstart-XXXXXXXXXX") # the service makes it, and removes it when it ends
log=

clean() {
    status=$?
    trap - EXIT INT TERM HUP
    [ -z "$log" ] || rm -f "$log"
    service=${!-} # and not what is set beside it: a signal may come between the two
    if [ -n "$service" ]; then
        say "end the service, and remove what it wrote"
        kill "$service" 2>/dev/null || true
        wait "$service" 2>/dev/null || true
        rm -rf "$folder"
    fi
    exit $status
}
trap clean EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
trap 'exit 129' HUP
log=$(mktemp "${TMPDIR:-/tmp}/farwire-log-XXXXXXXXXX")

say "start the service: farwired run --ephemeral $folder"
setsid farwired run --ephemeral "$folder" </dev/null >/dev/null 2>"$log" &
service=$!
until [ -e "$folder/connection.json" ]; do
    kill -0 "$service" 2>/dev/null || { cat "$log" >&2; echo "quickstart.sh: the service did not start." >&2; exit 1; }
    sleep 0.05
done
cat "$log"

# Shows a command, runs it beside connection.json, and expects an exit code.
show() {
    local wanted=${2:-0} code=0
    printf '\n$ %s\n' "$1"
    (cd "$folder" && bash -c "$1") 2>&1 || code=$?
    [ "$wanted" = 0 ] || echo "(exit code $code)"
    [ "$code" = "$wanted" ] || { echo "quickstart.sh: the command ended with $code instead of $wanted." >&2; exit 1; }
}

say "who is there?"
show 'farwire winrm identify --connect connection.json'
say "this machine's operating system"
show 'farwire winrm get wmicimv2/Win32_OperatingSystem --connect connection.json'
say "a query: three properties of the first processes"
show 'farwire winrm enumerate "wmicimv2/*" -dialect:wql -filter:"select Name,ProcessId,WorkingSetSize from Win32_Process where ProcessId < 100" --connect connection.json'
say "the file systems"
show 'farwire winrm enumerate wmicimv2/Win32_LogicalDisk --connect connection.json'
say "a remote pipeline with standard input, output, error, and an exit code"
show "printf 'three\none\ntwo\n' | farwire winrs --connect connection.json 'sort | tr a-z A-Z; echo this goes to standard error >&2; exit 3'" 3
say "the query once more, as JSON"
show 'farwire winrm enumerate "wmicimv2/*" -dialect:wql -filter:"select Name,ProcessId,WorkingSetSize from Win32_Process where ProcessId < 100" --connect connection.json -o json'

if [ $keep = yes ]; then
    rm -f "$log"
    trap - EXIT INT TERM HUP
    value() { sed -n "s/^ *\"$1\": \"\(.*\)\",\$/\1/p" "$folder/connection.json"; }
    say "the service goes on; how to connect"
    cat <<TEXT

With Farwire:
    $PWD/artifacts/bin/farwire/release/farwire winrs --connect $folder/connection.json 'uname -a'

With pywinrm:
    python3 -c '
    import json, winrm
    c = json.load(open("$folder/connection.json"))
    session = winrm.Session(c["https"], auth=(c["user"], c["password"]), ca_trust_path="$folder/certificate.pem")
    print(session.run_cmd("uname", ["-a"]).std_out.decode())'

With curl:
    curl --silent --cacert $folder/certificate.pem --user $(value user):$(value password) --header 'Content-Type: application/soap+xml;charset=UTF-8' --data '
    <s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Header/><s:Body>
    <i:Identify xmlns:i="http://schemas.dmtf.org/wbem/wsman/identity/1/wsmanidentity.xsd"/>
    </s:Body></s:Envelope>' $(value https)

To end it, and to remove $folder:
    kill $service
TEXT
fi
