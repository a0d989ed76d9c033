param($p)
if ($p -eq '' -or $p -eq '~') { $p = $HOME } elseif ($p -match '^~[/\\]') { $p = Join-Path $HOME $p.Substring(2) }
$found = if (Test-Path -LiteralPath $p) { $p } elseif ($p -match '[*?\[]') { @(Resolve-Path -Path $p -ErrorAction SilentlyContinue | ForEach-Object { $_.ProviderPath }) }
if (-not $found) { $found = $p }
foreach ($f in $found) { $ExecutionContext.SessionState.Path.GetUnresolvedProviderPathFromPSPath($f).Replace([IO.Path]::DirectorySeparatorChar, [char]'/') }
