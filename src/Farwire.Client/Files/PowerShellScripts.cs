namespace Farwire.Client.Files;

/// <summary>What PowerShell does at the other end of a copy. Every version since 3 can read it, on Windows and elsewhere.</summary>
/// <remarks>Values come as parameters and as input, never as parts of the code, so no name needs quoting.</remarks>
internal static class PowerShellScripts
{
    /// <summary>Names that a pattern stands for, or the path itself; absolute, with slashes.</summary>
    public const string Expand = """
        param($p)
        if ($p -eq '' -or $p -eq '~') { $p = $HOME } elseif ($p -match '^~[/\\]') { $p = Join-Path $HOME $p.Substring(2) }
        $found = if (Test-Path -LiteralPath $p) { $p } elseif ($p -match '[*?\[]') { @(Resolve-Path -Path $p -ErrorAction SilentlyContinue | ForEach-Object { $_.ProviderPath }) }
        if (-not $found) { $found = $p }
        foreach ($f in $found) { $ExecutionContext.SessionState.Path.GetUnresolvedProviderPathFromPSPath($f).Replace([IO.Path]::DirectorySeparatorChar, [char]'/') }
        """;

    /// <summary>What is at a place and below it: kind, length, ticks, mode, the length of the path, path and link as one text.</summary>
    public const string List = """
        param($p)
        $ErrorActionPreference = 'Stop'
        function tell($i, $path) {
            $link = [bool]($i.Attributes -band [IO.FileAttributes]::ReparsePoint)
            $kind = if ($link -and $path -ne '') { 'l' } elseif ($i -is [IO.DirectoryInfo]) { 'd' } elseif ($i.Attributes -band [IO.FileAttributes]::Device) { 'o' } else { 'f' }
            $length = if ($kind -eq 'f') { $i.Length } else { 0 }
            $mode = if ($i.PSObject.Properties['UnixFileMode'] -and [int]$i.UnixFileMode -ge 0) { [int]$i.UnixFileMode } else { -1 }
            $to = if ($kind -eq 'l') { [string]@($i.Target)[0] } else { '' }
            '{0}|{1}|{2}|{3}|{4}|{5}{6}' -f $kind, $length, $i.LastWriteTimeUtc.Ticks, $mode, $path.Length, $path, $to
        }
        function walk($d, $path) {
            foreach ($i in $d.GetFileSystemInfos()) {
                $below = if ($path -eq '') { $i.Name } else { "$path/$($i.Name)" }
                tell $i $below
                if ($i -is [IO.DirectoryInfo] -and -not ($i.Attributes -band [IO.FileAttributes]::ReparsePoint)) { walk $i $below }
            }
        }
        if ([IO.Directory]::Exists($p)) { $d = New-Object IO.DirectoryInfo $p; tell $d ''; walk $d '' } elseif (-not $p.EndsWith('/.') -and [IO.File]::Exists($p)) { tell (New-Object IO.FileInfo $p) '' }
        """;

    /// <summary>The SHA-256 of files, in their order; an empty text for one that cannot be read.</summary>
    public const string Hash = Sum + """

        foreach ($p in $input) { try { sum $p } catch { '' } }
        """;

    /// <summary>Makes folders.</summary>
    public const string MakeFolders = "$ErrorActionPreference = 'Stop'; foreach ($p in $input) { [void][IO.Directory]::CreateDirectory($p) }";

    /// <summary>Writes files: each input is path, bytes, ticks, mode, sum and the suffix of its part; each output the path of a failure and why.</summary>
    public const string Put = Move + """

        foreach ($f in $input) {
            $part = beside $f.p $f.x
            try {
                $bytes = [byte[]]$f.b
                if (([BitConverter]::ToString([Security.Cryptography.SHA256]::Create().ComputeHash($bytes)) -replace '-', '') -ne $f.h) { throw 'what arrived is not what was sent.' }
                [IO.File]::WriteAllBytes($part, $bytes)
                finish $part $f.p $f.t $f.m
            } catch { [IO.File]::Delete($part); @{ p = $f.p; e = [string]$_.Exception.Message } }
        }
        """;

    /// <summary>The ends of names, the lengths and the sums of what earlier copies have left. What another works on cannot be read, and is none of it.</summary>
    public const string Parts = Sum + Move + """

        $begin = beside $args[0] $args[1]
        foreach ($part in [IO.Directory]::GetFiles([IO.Path]::GetDirectoryName($begin), '*' + $args[1] + '*')) {
            if ($part.StartsWith($begin, [StringComparison]::Ordinal)) {
                try { @{ h = sum $part; l = (New-Object IO.FileInfo $part).Length; x = $part.Substring($begin.Length) } } catch { }
            }
        }
        """;

    /// <summary>Writes a large file: the pieces are the input, after them the sum of the whole. Nobody writes to a part that is whole.</summary>
    public const string PutLarge = """
        param($p, $x, $offset, $length, $ticks, $mode)
        begin {
        """ + Sum + Move + """

            $ErrorActionPreference = 'Stop'
            $part = beside $p $x
            $to = New-Object IO.FileStream $part, $(if ($offset -gt 0) { [IO.FileMode]::Open } else { [IO.FileMode]::CreateNew }), ([IO.FileAccess]::ReadWrite), ([IO.FileShare]::None)
            if ($to.Length -ne $offset) { $to.Dispose(); throw 'another copy of this file is under way.' }
            [void]$to.Seek(0, [IO.SeekOrigin]::End)
            $want = $null
        }
        process { if ($_ -is [byte[]]) { $to.Write($_, 0, $_.Length) } else { $want = [string]$_ } }
        end {
            try {
                if ($to.Length -ne $length) { throw 'the copy was cut.' }
                [void]$to.Seek(0, [IO.SeekOrigin]::Begin)
                $sum = sumof $to
            } finally { $to.Dispose() }
            if ($sum -ne $want) { [IO.File]::Delete($part); throw 'what arrived is not what was sent; the part was removed.' }
            finish $part $p $ticks $mode
        }
        """;

    /// <summary>Reads files: each output is the number of a file, its bytes and their sum, or why not.</summary>
    public const string Get = """
        $n = 0
        foreach ($p in $input) {
            try {
                $bytes = [IO.File]::ReadAllBytes($p)
                @{ n = $n; b = $bytes; h = ([BitConverter]::ToString([Security.Cryptography.SHA256]::Create().ComputeHash($bytes)) -replace '-', '').ToLowerInvariant() }
            } catch { @{ n = $n; e = [string]$_.Exception.Message } }
            $n++
        }
        """;

    /// <summary>Reads a large file from an offset, in pieces, and after them the sum of the whole.</summary>
    public const string GetLarge = """
        param($p, $offset, $piece)
        $ErrorActionPreference = 'Stop'

        """ + Sum + """

        $from = New-Object IO.FileStream $p, ([IO.FileMode]::Open), ([IO.FileAccess]::Read), ([IO.FileShare]::ReadWrite)
        try {
            [void]$from.Seek($offset, [IO.SeekOrigin]::Begin)
            $buffer = New-Object byte[] $piece
            while (($read = $from.Read($buffer, 0, $piece)) -gt 0) {
                if ($read -lt $piece) { $last = New-Object byte[] $read; [Array]::Copy($buffer, $last, $read); , $last } else { , $buffer.Clone() }
            }
        } finally { $from.Dispose() }
        sum $p
        """;

    /// <summary>Makes links, and gives folders their times and permissions.</summary>
    public const string Finish = """
        $ErrorActionPreference = 'Stop'
        function islink($path, $to) { $i = New-Object IO.FileInfo $path; ($i.Attributes -ne -1) -and ($i.Attributes -band [IO.FileAttributes]::ReparsePoint) -and [string]@($i.Target)[0] -eq $to }
        foreach ($f in $input) {
            if ($f.k -eq 'l') {
                if (islink $f.p $f.l) { continue }
                if ([IO.File]::Exists($f.p)) { [IO.File]::Delete($f.p) }
                try { [void](New-Item -ItemType SymbolicLink -Path $f.p -Value $f.l -Force) } catch { if (-not (islink $f.p $f.l)) { throw } }
            } else {
                $d = New-Object IO.DirectoryInfo $f.p
                if ($f.m -ge 0 -and $d.PSObject.Properties['UnixFileMode']) { $d.UnixFileMode = $f.m }
                [IO.Directory]::SetLastWriteTimeUtc($f.p, (New-Object DateTime $f.t, ([DateTimeKind]::Utc)))
            }
        }
        """;

    private const string Sum = """
        function sumof($s) { ([BitConverter]::ToString([Security.Cryptography.SHA256]::Create().ComputeHash($s)) -replace '-', '').ToLowerInvariant() }
        function sum($path) {
            $s = New-Object IO.FileStream $path, ([IO.FileMode]::Open), ([IO.FileAccess]::Read), ([IO.FileShare]::ReadWrite)
            try { sumof $s } finally { $s.Dispose() }
        }
        """;

    // Only the newer .NET can rename over a file; on Windows Replace does the same.
    private const string Move = """

        function beside($path, $suffix) {
            $name = [IO.Path]::GetFileName($path); if ($name.Length -gt 180) { $name = $name.Substring(0, 90) + $name.Substring($name.Length - 90) }
            [IO.Path]::Combine([IO.Path]::GetDirectoryName($path), '.' + $name + $suffix)
        }
        function finish($part, $path, $ticks, $mode) {
            if ([IO.Directory]::Exists($path)) { throw 'a folder stands where the file shall be.' }
            [IO.File]::SetLastWriteTimeUtc($part, (New-Object DateTime $ticks, ([DateTimeKind]::Utc)))
            if ($mode -ge 0 -and ('IO.UnixFileMode' -as [type]) -and [IO.Path]::DirectorySeparatorChar -eq '/') { [IO.File]::SetUnixFileMode($part, $mode) }
            if ([IO.File].GetMethod('Move', [type[]]@([string], [string], [bool]))) { [IO.File]::Move($part, $path, $true) }
            elseif ([IO.File]::Exists($path)) { [IO.File]::Replace($part, $path, [NullString]::Value) }
            else { [IO.File]::Move($part, $path) }
        }
        """;
}
