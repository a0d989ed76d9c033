# The cmdlets of the module Farwire that are about this computer: module_local.ps1 MODULE. Prints a line for each step.
param($Module)
$ErrorActionPreference = 'Stop'
$PSStyle.OutputRendering = 'PlainText'
Import-Module $Module
"before: $(@(Get-WSManInstance winrm/config/Listener -Enumerate).Count)"
"quick: $((Set-WSManQuickConfig -Force -SkipNetworkProfileCheck) -match 'HTTP://\*:5985')"
"listens: $((Get-WSManInstance winrm/config/Listener -Enumerate).Port)"
"answers: $((Test-WSMan).ProtocolVersion)"
$second = @{ SelectorSet = [ordered]@{ Address = 'IP:127.0.0.1'; Transport = 'HTTP' } }
"new: $((New-WSManInstance winrm/config/Listener @second -ValueSet @{ Port = 5999 }).LocalName)"
"get: $((Get-WSManInstance winrm/config/Listener @second).Port)"
"set: $((Set-WSManInstance winrm/config/Listener @second -ValueSet @{ Enabled = $false }).Enabled)"
Remove-WSManInstance winrm/config/Listener @second
"removed: $(@(Get-WSManInstance winrm/config/Listener -Enumerate).Count)"
"credssp: $((Get-WSManCredSSP) -join ' ')"
"server: $((Enable-WSManCredSSP -Role Server -Force).CredSSP)"
"client: $((Enable-WSManCredSSP -Role Client -DelegateComputer *.Corp.example -Force).CredSSP)"
"credssp: $((Get-WSManCredSSP) -join ' ')"
Disable-WSManCredSSP -Role Client
Disable-WSManCredSSP -Role Server
"credssp: $((Get-WSManCredSSP) -join ' ')"
"nobody: $(try { Enable-WSManCredSSP -Role Client -Force } catch { $_.Exception.GetType().Name })"
