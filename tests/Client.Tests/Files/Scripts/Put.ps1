
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
foreach ($f in $input) {
    $part = beside $f.p $f.x
    try {
        $bytes = [byte[]]$f.b
        if (([BitConverter]::ToString([Security.Cryptography.SHA256]::Create().ComputeHash($bytes)) -replace '-', '') -ne $f.h) { throw 'what arrived is not what was sent.' }
        [IO.File]::WriteAllBytes($part, $bytes)
        finish $part $f.p $f.t $f.m
    } catch { [IO.File]::Delete($part); @{ p = $f.p; e = [string]$_.Exception.Message } }
}
