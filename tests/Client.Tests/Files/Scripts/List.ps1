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
