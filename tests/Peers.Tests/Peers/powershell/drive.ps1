# The drive WSMan: of the module Farwire: drive.ps1 MODULE PORT. Prints a line for each step.
param($Module, $Port)
$ErrorActionPreference = 'Stop'
$PSStyle.OutputRendering = 'PlainText'
Import-Module $Module
"computers: $((Get-ChildItem WSMan:\).Name -join ' ')"
Set-Location WSMan:\localhost
"settings: $((Get-ChildItem | ForEach-Object { '{0}={1}' -f $_.Name, $_.Type }) -join ' ')"
Set-Location Client
"names: $((Get-ChildItem -Name) -join ' ')"
"item: $((Get-Item DefaultPorts\HTTP).Value) $((Get-Item ..\Shell\MaxShellsPerUser).Type)"
Set-Item TrustedHosts 'a.example' -Force
"set: $((Get-Item TrustedHosts).Value)"
Set-Item TrustedHosts 'b.example,A.example' -Concatenate -Force
"concatenated: $((Get-Item TrustedHosts).Value)"
Set-Item TrustedHosts '' -Force
"emptied: '$((Get-Item TrustedHosts).Value)'"
"not a list: $(try { Set-Item NetworkDelayms 1 -Concatenate } catch { $_.Exception.Message })"
"refused: $(try { Set-Item ..\MaxTimeoutms 'soon' } catch { $_.Exception.GetBaseException().GetType().Name })"
Set-Item ..\Service\Auth\Basic $false
"false: $((Get-Item ..\Service\Auth\Basic).Value)"
"what if: $(Set-Item ..\MaxTimeoutms 70000 -WhatIf) $((Get-Item ..\MaxTimeoutms).Value)"
"asked: $(try { Set-Item TrustedHosts * } catch { 'somebody must be asked' })"
Set-Location WSMan:\localhost\Listener
$made = New-Item -Address IP:127.0.0.1 -Transport HTTP -Port $Port -Path .
"made: $($made.Keys -join ' ')"
"listener: $((Get-ChildItem).Count) $((Get-Item "$($made.Name)\Port").Value -eq $Port)"
Set-Item "$($made.Name)\Enabled" $false
"disabled: $((Get-Item "$($made.Name)\Enabled").Value)"
Remove-Item $made.Name -Recurse
"removed: $(@(Get-ChildItem).Count)"
"path: $((Get-Location).Path.Replace('/', '\'))"
"nothing: $(Test-Path WSMan:\localhost\Nothing) $(try { Get-Item WSMan:\localhost\Nothing } catch { $_.Exception.GetType().Name })"
"shown: $((Get-ChildItem WSMan:\localhost\Client | Out-String) -match 'Type +Name +SourceOfValue +Value')"
