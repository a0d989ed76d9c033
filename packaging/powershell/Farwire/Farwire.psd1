@{
    RootModule = 'Farwire.psm1'
    ModuleVersion = '0.1.0'
    GUID = '3f0d8f0a-6f0f-4f53-9d5d-0b8d5d5b7d1e'
    Author = 'The Farwire authors'
    CompanyName = 'Farwire'
    Copyright = 'Apache-2.0'
    Description = 'The WSMan cmdlets and the drive WSMan: for PowerShell on Linux and macOS, by the command farwire.'
    PowerShellVersion = '7.2'
    CompatiblePSEditions = @('Core')
    FormatsToProcess = @('Farwire.format.ps1xml')
    FunctionsToExport = @(
        'Test-WSMan', 'Get-WSManInstance', 'Set-WSManInstance', 'New-WSManInstance', 'Remove-WSManInstance', 'Invoke-WSManAction', 'Connect-WSMan', 'Disconnect-WSMan',
        'New-WSManSessionOption', 'Set-WSManQuickConfig', 'Enable-WSManCredSSP', 'Disable-WSManCredSSP', 'Get-WSManCredSSP')
    CmdletsToExport = @()
    VariablesToExport = @()
    AliasesToExport = @()
}
