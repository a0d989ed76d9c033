$ErrorActionPreference = 'Stop'; foreach ($p in $input) { [void][IO.Directory]::CreateDirectory($p) }
