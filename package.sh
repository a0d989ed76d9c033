#!/usr/bin/env bash
# Makes what people install, in artifacts/packages: see usage().
set -euo pipefail
cd "$(dirname "$0")"

usage() {
    cat <<'TEXT'
usage: ./package.sh [--output DIR] [--version VERSION] [--quick] [WHAT…]

  deb         Debian packages for amd64: farwired (the service), farwire (the commands), farwire-libraries (what both are made of)
  linux-x64   single files of both programs, with all they need
  win-x64     a single file of the commands, with all it needs
  portable    both programs for every system that .NET 10 runs on, and starters for Unix and Windows
  tool        the commands as a .NET tool, for 'dotnet tool install'
  nuget       the libraries as NuGet packages
  completion  man pages and completion for bash, zsh and fish alone

--quick compiles nothing ahead and compresses little: to try the packages, not to hand them out.

Without WHAT it makes all of them. Checksums stand in SHA256SUMS, what everything is made of in farwire.spdx.json, and what was run on this machine
and what was only built in BUILT.txt.
TEXT
}

output=artifacts/packages version='' what=() ahead=true compression='-Zxz -z1'
while [ $# -gt 0 ]; do
    case $1 in
        --output) output=$2; shift ;;
        --version) version=$2; shift ;;
        --quick) ahead=false compression='-Zgzip -z1' ;;
        -h|--help) usage; exit 0 ;;
        deb|linux-x64|win-x64|portable|tool|nuget|completion) what+=("$1") ;;
        *) echo "package.sh: '$1' is nothing it makes." >&2; usage >&2; exit 64 ;;
    esac
    shift
done
[ ${#what[@]} -gt 0 ] || what=(deb linux-x64 win-x64 portable tool nuget)
[ -n "$version" ] || version=$(sed -n 's:.*<Version>\(.*\)</Version>.*:\1:p' Directory.Build.props)

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
mkdir -p "$output"
output=$(cd "$output" && pwd)
stage=$(mktemp -d "${TMPDIR:-/tmp}/farwire-package-XXXXXXXXXX")
trap 'rm -rf "$stage"' EXIT
built=()
wants() { [[ " ${what[*]} " == *" $1 "* ]]; }
say() { printf '== %s\n' "$1"; }

# What is built for packages has a place of its own: the programs of the repository may be running, and a build must not change them under way.
build=$PWD/artifacts/packaging

# publish PROGRAM DIR [OPTION…]
publish() {
    local program=$1 folder=$2
    shift 2
    dotnet publish "src/$program" -c Release --nologo -v quiet -clp:ErrorsOnly -p:ArtifactsPath="$build" -p:Version="$version" -p:DebugType=none -p:GenerateDocumentationFile=false -p:PublishReadyToRunComposite=false -o "$folder" "$@"
}

# The archive of a folder, the same from the same files.
archive() { tar --sort=name --owner=0 --group=0 --numeric-owner --mtime=@"${SOURCE_DATE_EPOCH:-0}" -C "$2" -czf "$output/$1" .; built+=("$1"); }

# pack PROJECTS [OPTION…]: the NuGet packages of the projects that a pattern names, in one build.
pack() {
    local projects=$1 step project
    shift
    cat > "$stage/pack.proj" <<TEXT
<Project>
  <ItemGroup><Packed Include="$PWD/$projects" /></ItemGroup>
  <Target Name="Restore"><MSBuild Projects="@(Packed)" Targets="Restore" /></Target>
  <Target Name="Pack"><MSBuild Projects="@(Packed)" Targets="Pack" BuildInParallel="true" /></Target>
</Project>
TEXT
    for step in Restore Pack; do
        dotnet msbuild "$stage/pack.proj" -t:$step --nologo -v:quiet -clp:ErrorsOnly -maxcpucount -p:Configuration=Release -p:ArtifactsPath="$build" -p:Version="$version" -p:PackageOutputPath="$output" "$@"
    done
    for project in $projects; do built+=("$(basename "$project" .csproj).$version.nupkg"); done
}

# A configuration of NuGet that knows what was made here, and nothing else.
source_alone() { printf '<configuration><packageSources><clear/><add key="made" value="%s"/></packageSources></configuration>\n' "$output"; }

# Man pages and completion come from the grammar of the commands themselves.
documentation() {
    local farwire=$1 farwired=$2 share=$3 page shell
    mkdir -p "$share"/man/man1 "$share"/man/man8 "$share"/bash-completion/completions "$share"/zsh/vendor-completions "$share"/fish/vendor_completions.d
    for page in $("$farwire" man); do
        "$farwire" man $page | gzip -9n > "$share/man/man1/$page.1.gz"
    done
    "$farwired" man | gzip -9n > "$share/man/man8/farwired.8.gz"
    "$farwire" completion bash > "$share/bash-completion/completions/farwire"
    for shell in winrm winrs wecutil; do ln -sf farwire "$share/bash-completion/completions/$shell"; done
    "$farwire" completion zsh > "$share/zsh/vendor-completions/_farwire"
    "$farwire" completion fish > "$share/fish/vendor_completions.d/farwire.fish"
    for shell in winrm winrs wecutil; do ln -sf farwire.fish "$share/fish/vendor_completions.d/$shell.fish"; done
}

# deb NAME DIR DEPENDS DESCRIPTION LONG: a package of what lies in DIR.
deb() {
    local name=$1 folder=$2 script file="$1_${version}_amd64.deb"
    mkdir -p "$folder/DEBIAN" "$folder/usr/share/doc/$name"
    cp LICENSE "$folder/usr/share/doc/$name/copyright"
    gzip -9nc CHANGELOG.md > "$folder/usr/share/doc/$name/changelog.gz"
    cat > "$folder/DEBIAN/control" <<TEXT
Package: $name
Version: $version
Architecture: amd64
Maintainer: The Farwire authors <farwire@localhost>
Installed-Size: $(du -sk --exclude=DEBIAN "$folder" | cut -f1)
Depends: $3
Section: admin
Priority: optional
Description: $4
 $5
TEXT
    for script in postinst prerm postrm; do
        [ ! -e "packaging/deb/$name.$script" ] || install -m 0755 "packaging/deb/$name.$script" "$folder/DEBIAN/$script"
    done
    [ ! -d "$folder/etc" ] || (cd "$folder" && find etc -type f -printf '/%p\n' | sort > DEBIAN/conffiles)
    (cd "$folder" && find . -type f -not -path './DEBIAN/*' -printf '%P\0' | sort -z | xargs -0 md5sum > DEBIAN/md5sums)
    dpkg-deb --root-owner-group $compression --build "$folder" "$output/$file" >/dev/null
    built+=("$file")
}

if wants completion && ! wants deb && ! wants linux-x64; then
    say "man pages and completion"
    publish farwire "$stage/tools"
    publish farwired "$stage/service"
    documentation "$stage/tools/farwire" "$stage/service/farwired" "$output/share"
fi

if wants deb; then
    say "Debian packages"
    libraries=$stage/deb/libraries tools=$stage/deb/tools service=$stage/deb/service lib=usr/lib/farwire
    mkdir -p "$libraries/$lib" "$tools"/{$lib,usr/bin,usr/share} "$service"/{$lib,usr/bin,usr/share,etc/default,etc/pam.d,etc/farwire,lib/systemd/system,lib/udev/rules.d}
    publish farwired "$libraries/$lib" -r linux-x64 --self-contained -p:PublishReadyToRun=$ahead
    publish farwire "$libraries/$lib" -r linux-x64 --self-contained -p:PublishReadyToRun=$ahead
    documentation "$libraries/$lib/farwire" "$libraries/$lib/farwired" "$tools/usr/share"
    mkdir -p "$service/usr/share/man" && mv "$tools/usr/share/man/man8" "$service/usr/share/man/"
    mv "$libraries/$lib"/farwire{,.dll,.deps.json,.runtimeconfig.json} "$tools/$lib/"
    mv "$libraries/$lib"/farwired{,.dll,.deps.json,.runtimeconfig.json} "$service/$lib/"
    for name in farwire winrm winrs wecutil; do ln -s ../lib/farwire/farwire "$tools/usr/bin/$name"; done
    mkdir -p "$tools/usr/share/farwire" && cp -r packaging/powershell "$tools/usr/share/farwire/"
    ln -s ../lib/farwire/farwired "$service/usr/bin/farwired"
    install -m 0644 packaging/farwired{.service,-collector.service,-collector.timer} "$service/lib/systemd/system/"
    install -m 0644 packaging/60-farwired.rules "$service/lib/udev/rules.d/"
    install -m 0644 packaging/default "$service/etc/default/farwired"
    install -m 0644 packaging/pam "$service/etc/pam.d/farwire"
    install -m 0644 packaging/farwired.yaml "$service/etc/farwire/farwired.yaml"
    deb farwire-libraries "$libraries" 'libc6, libgcc-s1, libstdc++6, zlib1g' 'Windows Remote Management, the parts that service and commands share' \
        'The libraries of Farwire, and the .NET runtime that they run on.'
    deb farwire "$tools" "farwire-libraries (= $version)" 'Windows Remote Management, the commands' 'winrm, winrs, wecutil and farwire manage computers through WS-Management.'
    deb farwired "$service" "farwire-libraries (= $version), farwire (= $version), passwd, util-linux" 'Windows Remote Management, the service' \
        'Makes this machine manageable through WS-Management. No port is open until one is asked for.'
fi

if wants linux-x64; then
    say "single files for linux-x64"
    single=$stage/linux-x64
    for program in farwire farwired; do
        publish $program "$single/bin" -r linux-x64 --self-contained -p:PublishSingleFile=true -p:PublishReadyToRun=$ahead -p:IncludeNativeLibrariesForSelfExtract=true
    done
    documentation "$single/bin/farwire" "$single/bin/farwired" "$single/share"
    for name in winrm winrs wecutil; do ln -s farwire "$single/bin/$name"; done
    mkdir -p "$single/lib/systemd/system"
    install -m 0644 packaging/farwired{.service,-collector.service,-collector.timer} "$single/lib/systemd/system/"
    cp -r packaging/powershell "$single/share/"
    cp LICENSE CHANGELOG.md "$single/"
    archive "farwire-$version-linux-x64.tar.gz" "$single"
fi

if wants win-x64; then
    say "single file for win-x64"
    publish farwire "$stage/win-x64" -r win-x64 --self-contained -p:PublishSingleFile=true -p:PublishReadyToRun=$ahead
    cp LICENSE CHANGELOG.md "$stage/win-x64/"
    archive "farwire-$version-win-x64.tar.gz" "$stage/win-x64"
fi

if wants portable; then
    say "portable archive"
    portable=$stage/portable
    for program in farwire farwired; do publish $program "$portable/lib" -p:UseAppHost=false; done
    mkdir -p "$portable/bin"
    for name in farwire winrm winrs wecutil farwired; do
        face=$([ $name = farwired ] || [ $name = farwire ] || echo $name)
        program=$([ $name = farwired ] && echo farwired || echo farwire)
        printf '#!/bin/sh\nexec dotnet "$(dirname "$(readlink -f "$0")")/../lib/%s.dll" %s"$@"\n' $program "${face:+$face }" > "$portable/bin/$name"
        chmod 0755 "$portable/bin/$name"
        printf '@dotnet "%%~dp0..\\lib\\%s.dll" %s%%*\r\n' $program "${face:+$face }" > "$portable/bin/$name.cmd"
    done
    "$portable/bin/farwire" --version >/dev/null
    "$portable/bin/farwired" --version >/dev/null
    cp LICENSE CHANGELOG.md "$portable/"
    archive "farwire-$version-portable.tar.gz" "$portable"
fi

if wants tool; then
    say "the commands as a .NET tool"
    pack src/farwire/farwire.csproj -p:AsTool=true
    source_alone > "$stage/nuget.config"
    NUGET_PACKAGES=$stage/packages dotnet tool install farwire --version "$version" --tool-path "$stage/tool" --configfile "$stage/nuget.config" >/dev/null
    "$stage/tool/farwire" --version >/dev/null
fi

if wants nuget; then
    say "NuGet packages"
    pack 'src/Farwire.*/*.csproj'
fi

say "what it is made of, and checksums"
for program in farwire farwired; do
    [ -e "$build/obj/$program/project.assets.json" ] || dotnet restore "src/$program" -v quiet -p:ArtifactsPath="$build"
done
dotnet run --project packaging/Sbom -c Release -v quiet -- "$version" "$output/farwire.spdx.json" "$build/obj/farwire/project.assets.json" "$build/obj/farwired/project.assets.json"
{
    echo "Farwire $version: what was run and what was only built"
    echo
    for file in "${built[@]}"; do
        case $file in
            *win-x64*) echo "built, not run    $file (no Windows was at hand)" ;;
            "farwire.$version.nupkg") echo "built and run     $file (on $(uname -s))" ;;
            *.nupkg) echo "built, not run    $file" ;;
            *portable*) echo "built and run     $file (on $(uname -s); not on Windows or macOS, for which it is meant too)" ;;
            *) echo "built and run     $file" ;;
        esac
    done
} > "$output/BUILT.txt"
(cd "$output" && sha256sum "${built[@]}" farwire.spdx.json > SHA256SUMS)
say "made in $output"
(cd "$output" && du -h "${built[@]}")
