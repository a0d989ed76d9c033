#!/usr/bin/env bash
# Builds Farwire with warnings as errors and runs every test; the last line counts them.
set -euo pipefail
cd "$(dirname "$0")"

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
results=artifacts/test-results
rm -rf "$results" && mkdir -p "$results"

missing=()
while read -r package; do
    dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing+=("$package")
done < tests/packages.txt
if [ ${#missing[@]} -gt 0 ]; then
    sudo=$([ "$(id -u)" = 0 ] || echo sudo)
    echo "== install ${missing[*]} (Debian packages that the tests talk to)"
    $sudo apt-get update -qq >/dev/null 2>&1 || true
    if ! $sudo apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null 2>&1; then
        for package in "${missing[@]}"; do # one that is not to be had does not take the others with it
            $sudo apt-get install -y -qq --no-install-recommends "$package" >/dev/null 2>&1 || echo "   could not install $package; its tests are skipped"
        done
    fi
fi

# PowerShell itself, for tests against it: MIT, a tool among NuGet's packages, in this folder alone.
pwsh=7.6.9
if [ ! -x artifacts/tools/pwsh ]; then
    echo "== install PowerShell $pwsh into artifacts/tools (the tests talk to it)"
    timeout 300 dotnet tool install PowerShell --version "$pwsh" --tool-path artifacts/tools >/dev/null 2>&1 \
        || echo "   could not install it; its tests are skipped"
fi

echo "== build (Release, warnings are errors)"
dotnet build Farwire.slnx -c Release --nologo -v quiet

# Shells let what runs in the background ignore Ctrl-C, and nohup lets it ignore the end of a terminal; tests of both need them heard.
status=0
for project in tests/*.Tests/*.csproj; do
    name=$(basename "$project" .csproj)
    echo "== $name"
    env --default-signal=INT,QUIT,HUP dotnet "artifacts/bin/$name/release/$name.dll" -noLogo -noColor -xml "$results/$name.xml" || status=1
done

dotnet artifacts/bin/Conformance/release/Conformance.dll docs/checklist.tsv docs/conformance-notes.tsv "$results" docs/conformance.md || status=1

total() { cat "$results"/*.xml | grep -o "<assembly [^>]*" | grep -o " $1=\"[0-9]*\"" | tr -dc '0-9\n' | awk '{n+=$1} END {print n+0}'; }
echo "$(total passed) passed, $(( $(total failed) + $(total errors) )) failed, $(total skipped) skipped"
exit $status
