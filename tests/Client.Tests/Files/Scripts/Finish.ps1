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
