param($p, $offset, $piece)
$ErrorActionPreference = 'Stop'
function sumof($s) { ([BitConverter]::ToString([Security.Cryptography.SHA256]::Create().ComputeHash($s)) -replace '-', '').ToLowerInvariant() }
function sum($path) {
    $s = New-Object IO.FileStream $path, ([IO.FileMode]::Open), ([IO.FileAccess]::Read), ([IO.FileShare]::ReadWrite)
    try { sumof $s } finally { $s.Dispose() }
}
$from = New-Object IO.FileStream $p, ([IO.FileMode]::Open), ([IO.FileAccess]::Read), ([IO.FileShare]::ReadWrite)
try {
    [void]$from.Seek($offset, [IO.SeekOrigin]::Begin)
    $buffer = New-Object byte[] $piece
    while (($read = $from.Read($buffer, 0, $piece)) -gt 0) {
        if ($read -lt $piece) { $last = New-Object byte[] $read; [Array]::Copy($buffer, $last, $read); , $last } else { , $buffer.Clone() }
    }
} finally { $from.Dispose() }
sum $p
