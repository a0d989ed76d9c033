param($p, $x, $offset, $length, $ticks, $mode)
begin {function sumof($s) { ([BitConverter]::ToString([Security.Cryptography.SHA256]::Create().ComputeHash($s)) -replace '-', '').ToLowerInvariant() }
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
