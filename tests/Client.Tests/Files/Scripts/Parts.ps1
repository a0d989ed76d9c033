function sumof($s) { ([BitConverter]::ToString([Security.Cryptography.SHA256]::Create().ComputeHash($s)) -replace '-', '').ToLowerInvariant() }
function sum($path) {
    $s = New-Object IO.FileStream $path, ([IO.FileMode]::Open), ([IO.FileAccess]::Read), ([IO.FileShare]::ReadWrite)
    try { sumof $s } finally { $s.Dispose() }
}
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
$begin = beside $args[0] $args[1]
foreach ($part in [IO.Directory]::GetFiles([IO.Path]::GetDirectoryName($begin), '*' + $args[1] + '*')) {
    if ($part.StartsWith($begin, [StringComparison]::Ordinal)) {
        try { @{ h = sum $part; l = (New-Object IO.FileInfo $part).Length; x = $part.Substring($begin.Length) } } catch { }
    }
}
