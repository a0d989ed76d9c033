function sumof($s) { ([BitConverter]::ToString([Security.Cryptography.SHA256]::Create().ComputeHash($s)) -replace '-', '').ToLowerInvariant() }
function sum($path) {
    $s = New-Object IO.FileStream $path, ([IO.FileMode]::Open), ([IO.FileAccess]::Read), ([IO.FileShare]::ReadWrite)
    try { sumof $s } finally { $s.Dispose() }
}
foreach ($p in $input) { try { sum $p } catch { '' } }
