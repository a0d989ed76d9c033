$n = 0
foreach ($p in $input) {
    try {
        $bytes = [IO.File]::ReadAllBytes($p)
        @{ n = $n; b = $bytes; h = ([BitConverter]::ToString([Security.Cryptography.SHA256]::Create().ComputeHash($bytes)) -replace '-', '').ToLowerInvariant() }
    } catch { @{ n = $n; e = [string]$_.Exception.Message } }
    $n++
}
