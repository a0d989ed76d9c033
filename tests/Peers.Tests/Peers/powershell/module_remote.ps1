# The cmdlets of the module Farwire against a service: module_remote.ps1 MODULE CONNECTION.JSON. Prints a line for each step.
param($Module, $File)
$ErrorActionPreference = 'Stop'
$PSStyle.OutputRendering = 'PlainText'
Import-Module $Module
"cmdlets: $((Get-Command -Module Farwire | Sort-Object Name).Name -join ' ')"
$told = Get-Content -Raw $File | ConvertFrom-Json
$at = @{ ComputerName = '127.0.0.1'; Port = ([uri]$told.https).Port; UseSSL = $true }
$who = $at + @{ Authentication = 'Basic'; Credential = [pscredential]::new($told.user, (ConvertTo-SecureString $told.password -AsPlainText -Force)) }
$skip = @{ SessionOption = New-WSManSessionOption -SkipCACheck -SkipCNCheck -OperationTimeout 30000 }

"unknown: $((Test-WSMan @at -Pin $told.certificateSha256).ProductVersion)"
"known: $((Test-WSMan @who @skip).ProductVendor)"
"no such issuer: $(try { Test-WSMan @at } catch { $_.FullyQualifiedErrorId })"
$os = Get-WSManInstance wmicimv2/Win32_OperatingSystem @who @skip
"get: $($os.GetType().Name) $($os.CSName -eq [Environment]::MachineName)"
"fragment: $((Get-WSManInstance wmicimv2/Win32_OperatingSystem -Fragment CSName -ConnectionFile $File).InnerText -eq [Environment]::MachineName)"
$here = Get-WSManInstance wmicimv2/* -Enumerate -Dialect wql -Filter "select Handle from Win32_Process where Handle='$PID'" -ConnectionFile $File
"query: $($here.Handle -eq $PID)"
$epr = Get-WSManInstance wmicimv2/Win32_OperatingSystem -Enumerate -ReturnType EPR -ConnectionFile $File
"references: $($epr.LocalName)"
$both = Get-WSManInstance wmicimv2/Win32_OperatingSystem -Enumerate -ReturnType ObjectAndEPR -ConnectionFile $File
"both: $(@($both.ChildNodes | ForEach-Object LocalName) -join ' ')"
"related: $(@(Get-WSManInstance wmicimv2/* -Enumerate -Dialect association -Filter '{Object=Win32_ComputerSystem?Name=nobody}' -ConnectionFile $File -ErrorAction SilentlyContinue).Count)"
$started = Invoke-WSManAction Create wmicimv2/Win32_Process -ValueSet @{ CommandLine = "printf 'it`"s'" } -ConnectionFile $File
"invoke: $($started.LocalName) $($started.ReturnValue)"
"set: $((Set-WSManInstance winrm/config/winrs -ValueSet @{ MaxShellsPerUser = 41 } -ConnectionFile $File).MaxShellsPerUser)"
"what if: $(Set-WSManInstance winrm/config/winrs -ValueSet @{ MaxShellsPerUser = 5 } -ConnectionFile $File -WhatIf 6>&1)"
"fault: $(try { Get-WSManInstance wmicimv2/Win32_Nothing -SelectorSet @{ Name = 'x' } -ConnectionFile $File } catch { '{0} 0x{1:X8}' -f $_.FullyQualifiedErrorId, $_.Exception.Code })"
"goes on: $(@(Get-WSManInstance wmicimv2/Win32_Nothing -Enumerate -ConnectionFile $File -ErrorAction SilentlyContinue).Count) $($Error[0].Exception.GetType().Name)"
Connect-WSMan @who @skip
"drive: $((Get-ChildItem WSMan:\).Name -join ' ') $(Test-Path WSMan:\127.0.0.1\Service\Auth\Basic)"
Disconnect-WSMan 127.0.0.1
"drive: $((Get-ChildItem WSMan:\).Name -join ' ')"
"not there: $(try { Disconnect-WSMan 127.0.0.1 } catch { $_.FullyQualifiedErrorId })"
