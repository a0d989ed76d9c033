# The WSMan cmdlets of Windows for PowerShell on other systems: the same names, parameters and objects, by the command farwire.
# Beyond them each takes -ConnectionFile (a connection.json) and -Pin (the SHA-256 of the service's certificate).
Set-StrictMode -Version 1.0

# The drive needs classes. They are compiled once for each version, into a folder of the user's own.
function Import-Class {
    $sources = "$PSScriptRoot/Command.cs", "$PSScriptRoot/Drive.cs"
    $hash = [BitConverter]::ToString([Security.Cryptography.SHA256]::HashData([Text.Encoding]::UTF8.GetBytes((@($sources | ForEach-Object { (Get-FileHash -LiteralPath $_).Hash }) -join '')))).Replace('-', '').Substring(0, 16)
    $caches = if ($env:XDG_CACHE_HOME) { $env:XDG_CACHE_HOME } else { Join-Path $HOME '.cache' }
    $folder = Join-Path $caches 'farwire' "module-$($PSVersionTable.PSVersion)-$hash"
    if (-not (Test-Path -LiteralPath "$folder/Farwire.Module.dll")) {
        $made = "$folder.$PID"
        [void](New-Item -ItemType Directory -Force $made)
        if (-not $IsWindows) { [IO.File]::SetUnixFileMode($made, 'UserRead, UserWrite, UserExecute') }
        Add-Type -Path $sources -OutputAssembly "$made/Farwire.Module.dll" -OutputType Library -IgnoreWarnings -WarningAction SilentlyContinue
        try { [IO.Directory]::Move($made, $folder) } catch { if (-not (Test-Path -LiteralPath "$folder/Farwire.Module.dll")) { throw } else { Remove-Item -Recurse -LiteralPath $made } } # another session was faster
    }

    Import-Module "$folder/Farwire.Module.dll"
}

Import-Class

$Aliases = @{ ClientCertificate = 'certificate'; Credssp = 'credssp' }
$ProxyAccess = @{ ProxyIEConfig = 'ie_settings'; ProxyWinHttpConfig = 'winhttp_settings'; ProxyAutoDetect = 'auto_detect'; ProxyNoProxyServer = 'no_proxy' }

# Who is asked, as words of the command winrm, from the parameters that the cmdlets share.
function Get-Connection([hashtable]$Told) {
    $words = [Collections.Generic.List[string]]::new()
    $secrets = @{}
    $name = 'localhost'
    if ($Told.ConnectionFile) {
        $words.AddRange([string[]]@('--connect', (Convert-Path -LiteralPath $Told.ConnectionFile)))
        $name = ([uri](Get-Content -Raw -LiteralPath $Told.ConnectionFile | ConvertFrom-Json).https).Host
    } elseif ($Told.ConnectionURI) {
        $words.Add("-remote:$($Told.ConnectionURI)")
        $name = $Told.ConnectionURI.Host
    } elseif ($Told.ComputerName) {
        $name = $Told.ComputerName
        $computer = if ($name.Contains(':') -and -not $name.StartsWith('[')) { "[$name]" } else { $name }
        $port = if ($Told.Port) { $Told.Port } elseif ($Told.UseSSL) { 5986 } else { 5985 }
        $words.Add("-remote:$(if ($Told.UseSSL) { 'https' } else { 'http' })://${computer}:$port/$(if ($Told.ApplicationName) { $Told.ApplicationName } else { 'wsman' })")
    }

    if ($Told.Pin) { $words.AddRange([string[]]@('--pin', $Told.Pin)) }
    if ($Told.CertificateThumbprint) { $words.Add("-certificate:$($Told.CertificateThumbprint)") }
    if ($Told.Authentication -and "$($Told.Authentication)" -ne 'Default') {
        $words.Add("-authentication:$(if ($Aliases["$($Told.Authentication)"]) { $Aliases["$($Told.Authentication)"] } else { "$($Told.Authentication)".ToLowerInvariant() })")
        if ("$($Told.Authentication)" -eq 'Credssp') { foreach ($to in Get-Delegate) { $words.AddRange([string[]]@('--delegate-to', $to)) } }
    }

    if ($Told.Credential -and $Told.Credential -ne [pscredential]::Empty) {
        $words.Add("-username:$($Told.Credential.UserName.TrimStart('\'))")
        $secrets.FARWIRE_PASSWORD = $Told.Credential.GetNetworkCredential().Password
    }

    if ($o = $Told.SessionOption) {
        if ($o.SkipCACheck) { $words.Add('-skipCAcheck') }
        if ($o.SkipCNCheck) { $words.Add('-skipCNcheck') }
        if ($o.SkipRevocationCheck) { $words.Add('-skipRevocationCheck') }
        if ($o.UseEncryption -eq $false) { $words.Add('-unencrypted') }
        if ($o.UseUtf16) { $words.Add('-encoding:utf-16') }
        if ($o.SPNPort) { $words.Add('-SPNPort') }
        if ($o.OperationTimeout) { $words.Add("-timeout:$($o.OperationTimeout)") }
        if ($o.ProxyAccessType) { $words.Add("-proxyaccess:$($ProxyAccess[$o.ProxyAccessType])") }
        if ($o.ProxyAuthentication) { $words.Add("-proxyauthentication:$($o.ProxyAuthentication.ToLowerInvariant())") }
        if ($o.ProxyCredential) {
            $words.Add("-proxyusername:$($o.ProxyCredential.UserName)")
            $secrets.FARWIRE_PROXY_PASSWORD = $o.ProxyCredential.GetNetworkCredential().Password
        }
    }

    [Farwire.Connection]::new($name, $words.ToArray(), $secrets)
}

# URI?Key=Value+Key=Value
function Get-Resource($Uri, [hashtable]$Selectors) {
    if (-not $Selectors -or $Selectors.Count -eq 0) { return "$Uri" }
    "$Uri$(if ("$Uri".Contains('?')) { '+' } else { '?' })$(@($Selectors.GetEnumerator() | ForEach-Object { "$($_.Key)=$($_.Value)" }) -join '+')"
}

# @{Key="Value";Key="Value"}: a list is a key that comes again.
function Get-Values([hashtable]$Values, [string]$Begin = '@') {
    $pairs = foreach ($pair in $Values.GetEnumerator()) {
        if ($null -eq $pair.Value) { "$($pair.Key)=`$null" } else { foreach ($value in @($pair.Value)) { "$($pair.Key)=$([Farwire.Command]::Quoted($value))" } }
    }
    "$Begin{$($pairs -join ';')}"
}

function Get-Options([hashtable]$Told) {
    if ($Told.OptionSet) { "-options:$(Get-Values $Told.OptionSet '')" }
    if ($Told.Dialect) { "-dialect:$(if ($Told.Dialect.OriginalString -in 'wql', 'selector', 'association') { $Told.Dialect.OriginalString } else { $Told.Dialect.AbsoluteUri })" }
    if ($Told.Fragment) { "-fragment:$($Told.Fragment)" }
}

function Get-Body([hashtable]$Told) {
    if ($Told.FilePath) { "-file:$(Convert-Path -LiteralPath $Told.FilePath)" } else { Get-Values $(if ($Told.ValueSet) { $Told.ValueSet } else { @{} }) }
}

# Elements as they come; a fault is an error record with its number.
function Invoke-Farwire([Management.Automation.PSCmdlet]$Caller, [Farwire.Connection]$Connection, [string[]]$Words) {
    try {
        [Farwire.Command]::Read($Connection, [string[]]($Words + '-format:xml'))
    } catch {
        $why = $_.Exception
        while ($why.InnerException -and $why -isnot [Farwire.WSManFaultException]) { $why = $why.InnerException }
        $Caller.WriteError([Management.Automation.ErrorRecord]::new($why, 'WsManError', 'InvalidOperation', $Connection.Name))
    }
}

function Get-DelegateFile { Join-Path $(if ($env:XDG_CONFIG_HOME) { $env:XDG_CONFIG_HOME } else { Join-Path $HOME '.config' }) 'farwire' 'credssp-delegates' }

function Get-Delegate { if (Test-Path -LiteralPath (Get-DelegateFile)) { Get-Content -LiteralPath (Get-DelegateFile) } }

<#
.SYNOPSIS
Tells whether WS-Management answers at a computer, and who does.
.EXAMPLE
Test-WSMan web1 -UseSSL
.EXAMPLE
Test-WSMan -ConnectionFile ./connection.json -Authentication Basic
#>
function Test-WSMan {
    [CmdletBinding()]
    [OutputType([xml])]
    param(
        [Parameter(Position = 0, ValueFromPipeline)][Alias('CN')][string]$ComputerName,
        [Alias('Auth', 'AM')][ValidateSet('None', 'Default', 'Digest', 'Negotiate', 'Basic', 'Kerberos', 'ClientCertificate', 'Credssp')][string]$Authentication,
        [int]$Port, [switch]$UseSSL, [string]$ApplicationName, [Alias('cred', 'c')][pscredential]$Credential, [string]$CertificateThumbprint,
        [string]$ConnectionFile, [string]$Pin, [object]$SessionOption)
    process {
        $told = @{} + $PSBoundParameters
        if (-not $ComputerName -and -not $ConnectionFile) { $told.ComputerName = 'localhost' }
        if (-not $Authentication -and -not $Credential -and -not $CertificateThumbprint -and -not $ConnectionFile) { $told.Authentication = 'None' }
        Invoke-Farwire $PSCmdlet (Get-Connection $told) 'identify'
    }
}

<#
.SYNOPSIS
Reads a resource, or with -Enumerate all of a kind.
.EXAMPLE
Get-WSManInstance wmicimv2/Win32_Service -SelectorSet @{ Name = 'ssh' } -ComputerName web1 -UseSSL -Credential ann
.EXAMPLE
Get-WSManInstance wmicimv2/* -Enumerate -Dialect wql -Filter "select Name from Win32_Service where State='Running'" -ConnectionFile ./connection.json
#>
function Get-WSManInstance {
    [CmdletBinding(DefaultParameterSetName = 'GetInstance')]
    [OutputType([Xml.XmlElement])]
    param(
        [Parameter(Mandatory, Position = 0, ValueFromPipelineByPropertyName)][Alias('RURI')][uri]$ResourceURI,
        [Parameter(Mandatory, ParameterSetName = 'Enumerate')][switch]$Enumerate,
        [Parameter(ParameterSetName = 'Enumerate')][string]$Filter,
        [Parameter(ParameterSetName = 'Enumerate')][switch]$Associations,
        [Parameter(ParameterSetName = 'Enumerate')][Alias('RT')][ValidateSet('Object', 'EPR', 'ObjectAndEPR')][string]$ReturnType = 'Object',
        [Parameter(ParameterSetName = 'Enumerate')][switch]$Shallow,
        [Parameter(ParameterSetName = 'Enumerate')][Alias('UBPO', 'Base')][switch]$BasePropertiesOnly,
        [Parameter(ParameterSetName = 'GetInstance')][string]$Fragment,
        [Parameter(Position = 1, ValueFromPipeline)][hashtable]$SelectorSet, [uri]$Dialect, [Alias('OS')][hashtable]$OptionSet,
        [Alias('CN')][string]$ComputerName, [Alias('CURI', 'CU')][uri]$ConnectionURI, [int]$Port, [Alias('SSL')][switch]$UseSSL, [string]$ApplicationName,
        [Alias('Auth', 'AM')][ValidateSet('None', 'Default', 'Digest', 'Negotiate', 'Basic', 'Kerberos', 'ClientCertificate', 'Credssp')][string]$Authentication,
        [Alias('cred', 'c')][pscredential]$Credential, [string]$CertificateThumbprint, [Alias('SO')][object]$SessionOption, [string]$ConnectionFile, [string]$Pin)
    process {
        $words = @($(if ($Enumerate) { 'enumerate' } else { 'get' }), (Get-Resource $ResourceURI.OriginalString $SelectorSet)) + @(Get-Options $PSBoundParameters)
        if ($Enumerate) {
            $words += "-returntype:$($ReturnType.ToLowerInvariant())"
            if ($Filter) { $words += "-filter:$Filter" }
            if ($Associations) { $words += '-associations' }
            if ($Shallow) { $words += '-shallow' }
            if ($BasePropertiesOnly) { $words += '-basepropertiesonly' }
        }

        Invoke-Farwire $PSCmdlet (Get-Connection $PSBoundParameters) $words
    }
}

<#
.SYNOPSIS
Changes a resource, and gives it as it is then.
.EXAMPLE
Set-WSManInstance winrm/config/winrs -ValueSet @{ MaxShellsPerUser = 40 }
#>
function Set-WSManInstance {
    [CmdletBinding(SupportsShouldProcess)]
    [OutputType([Xml.XmlElement])]
    param(
        [Parameter(Mandatory, Position = 0, ValueFromPipelineByPropertyName)][Alias('RURI')][uri]$ResourceURI,
        [Parameter(Position = 1, ValueFromPipeline)][hashtable]$SelectorSet, [hashtable]$ValueSet, [Alias('Path')][string]$FilePath,
        [string]$Fragment, [uri]$Dialect, [Alias('OS')][hashtable]$OptionSet,
        [Alias('CN')][string]$ComputerName, [Alias('CURI', 'CU')][uri]$ConnectionURI, [int]$Port, [Alias('SSL')][switch]$UseSSL, [string]$ApplicationName,
        [Alias('Auth', 'AM')][ValidateSet('None', 'Default', 'Digest', 'Negotiate', 'Basic', 'Kerberos', 'ClientCertificate', 'Credssp')][string]$Authentication,
        [Alias('cred', 'c')][pscredential]$Credential, [string]$CertificateThumbprint, [Alias('SO')][object]$SessionOption, [string]$ConnectionFile, [string]$Pin)
    process {
        $resource = Get-Resource $ResourceURI.OriginalString $SelectorSet
        if ($PSCmdlet.ShouldProcess($resource)) {
            Invoke-Farwire $PSCmdlet (Get-Connection $PSBoundParameters) (@('set', $resource, (Get-Body $PSBoundParameters)) + @(Get-Options $PSBoundParameters))
        }
    }
}

<#
.SYNOPSIS
Makes a resource, and gives the reference to it.
.EXAMPLE
New-WSManInstance winrm/config/Listener -SelectorSet @{ Transport = 'HTTPS'; Address = '*' } -ValueSet @{ CertificateThumbprint = '…' }
#>
function New-WSManInstance {
    [CmdletBinding(SupportsShouldProcess)]
    [OutputType([Xml.XmlElement])]
    param(
        [Parameter(Mandatory, Position = 0)][Alias('RURI')][uri]$ResourceURI,
        [Parameter(Position = 1)][hashtable]$SelectorSet, [hashtable]$ValueSet, [Alias('Path')][string]$FilePath, [Alias('OS')][hashtable]$OptionSet,
        [Alias('CN')][string]$ComputerName, [Alias('CURI', 'CU')][uri]$ConnectionURI, [int]$Port, [Alias('SSL')][switch]$UseSSL, [string]$ApplicationName,
        [Alias('Auth', 'AM')][ValidateSet('None', 'Default', 'Digest', 'Negotiate', 'Basic', 'Kerberos', 'ClientCertificate', 'Credssp')][string]$Authentication,
        [Alias('cred', 'c')][pscredential]$Credential, [string]$CertificateThumbprint, [Alias('SO')][object]$SessionOption, [string]$ConnectionFile, [string]$Pin)
    $resource = Get-Resource $ResourceURI.OriginalString $SelectorSet
    if ($PSCmdlet.ShouldProcess($resource)) {
        Invoke-Farwire $PSCmdlet (Get-Connection $PSBoundParameters) (@('create', $resource, (Get-Body $PSBoundParameters)) + @(Get-Options $PSBoundParameters))
    }
}

<#
.SYNOPSIS
Removes a resource.
.EXAMPLE
Remove-WSManInstance winrm/config/Listener -SelectorSet @{ Transport = 'HTTP'; Address = '*' }
#>
function Remove-WSManInstance {
    [CmdletBinding(SupportsShouldProcess)]
    param(
        [Parameter(Mandatory, Position = 0)][Alias('RURI')][uri]$ResourceURI,
        [Parameter(Mandatory, Position = 1, ValueFromPipeline)][hashtable]$SelectorSet, [Alias('OS')][hashtable]$OptionSet,
        [Alias('CN')][string]$ComputerName, [Alias('CURI', 'CU')][uri]$ConnectionURI, [int]$Port, [Alias('SSL')][switch]$UseSSL, [string]$ApplicationName,
        [Alias('Auth', 'AM')][ValidateSet('None', 'Default', 'Digest', 'Negotiate', 'Basic', 'Kerberos', 'ClientCertificate', 'Credssp')][string]$Authentication,
        [Alias('cred', 'c')][pscredential]$Credential, [string]$CertificateThumbprint, [Alias('SO')][object]$SessionOption, [string]$ConnectionFile, [string]$Pin)
    process {
        $resource = Get-Resource $ResourceURI.OriginalString $SelectorSet
        if ($PSCmdlet.ShouldProcess($resource)) {
            Invoke-Farwire $PSCmdlet (Get-Connection $PSBoundParameters) (@('delete', $resource) + @(Get-Options $PSBoundParameters))
        }
    }
}

<#
.SYNOPSIS
Runs a method of a resource, and gives what it answers.
.EXAMPLE
Invoke-WSManAction StartService wmicimv2/Win32_Service -SelectorSet @{ Name = 'ssh' } -ConnectionFile ./connection.json
#>
function Invoke-WSManAction {
    [CmdletBinding(SupportsShouldProcess)]
    [OutputType([Xml.XmlElement])]
    param(
        [Parameter(Mandatory, Position = 0)][string]$Action,
        [Parameter(Mandatory, Position = 1, ValueFromPipelineByPropertyName)][Alias('RURI')][uri]$ResourceURI,
        [Parameter(Position = 2, ValueFromPipeline)][hashtable]$SelectorSet, [hashtable]$ValueSet, [Alias('Path')][string]$FilePath, [Alias('OS')][hashtable]$OptionSet,
        [Alias('CN')][string]$ComputerName, [Alias('CURI', 'CU')][uri]$ConnectionURI, [int]$Port, [Alias('SSL')][switch]$UseSSL, [string]$ApplicationName,
        [Alias('Auth', 'AM')][ValidateSet('None', 'Default', 'Digest', 'Negotiate', 'Basic', 'Kerberos', 'ClientCertificate', 'Credssp')][string]$Authentication,
        [Alias('cred', 'c')][pscredential]$Credential, [string]$CertificateThumbprint, [Alias('SO')][object]$SessionOption, [string]$ConnectionFile, [string]$Pin)
    process {
        $resource = Get-Resource $ResourceURI.OriginalString $SelectorSet
        if ($PSCmdlet.ShouldProcess($resource, $Action)) {
            Invoke-Farwire $PSCmdlet (Get-Connection $PSBoundParameters) (@('invoke', $Action, $resource, (Get-Body $PSBoundParameters)) + @(Get-Options $PSBoundParameters))
        }
    }
}

<#
.SYNOPSIS
Adds a computer to the drive WSMan:.
.EXAMPLE
Connect-WSMan web1 -UseSSL -Credential ann; Get-ChildItem WSMan:\web1\Service
#>
function Connect-WSMan {
    [CmdletBinding(DefaultParameterSetName = 'ComputerName')]
    param(
        [Parameter(Position = 0, ParameterSetName = 'ComputerName')][Alias('CN')][string]$ComputerName = 'localhost',
        [Parameter(ParameterSetName = 'URI')][Alias('CURI', 'CU')][uri]$ConnectionURI, [Parameter(Mandatory, ParameterSetName = 'File')][string]$ConnectionFile,
        [int]$Port, [Alias('SSL')][switch]$UseSSL, [string]$ApplicationName, [hashtable]$OptionSet,
        [Alias('Auth', 'AM')][ValidateSet('None', 'Default', 'Digest', 'Negotiate', 'Basic', 'Kerberos', 'ClientCertificate', 'Credssp')][string]$Authentication,
        [Alias('cred', 'c')][pscredential]$Credential, [string]$CertificateThumbprint, [Alias('SO')][object]$SessionOption, [string]$Pin)
    $connection = Get-Connection $PSBoundParameters
    if ($null -ne (Invoke-Farwire $PSCmdlet $connection 'get', 'winrm/config')) { [Farwire.Computers]::Connect($connection) }
}

<#
.SYNOPSIS
Takes a computer from the drive WSMan:.
#>
function Disconnect-WSMan {
    [CmdletBinding()]
    param([Parameter(Position = 0)][Alias('CN')][string]$ComputerName)
    if ($ComputerName -in '', 'localhost') {
        $PSCmdlet.WriteError([Management.Automation.ErrorRecord]::new([InvalidOperationException]::new('This computer stays on the drive.'), 'DisconnectLocalhost', 'InvalidOperation', $ComputerName))
    } elseif (-not [Farwire.Computers]::Disconnect($ComputerName)) {
        $PSCmdlet.WriteError([Management.Automation.ErrorRecord]::new([ArgumentException]::new("'$ComputerName' is not on the drive."), 'NotConnected', 'InvalidArgument', $ComputerName))
    }
}

<#
.SYNOPSIS
Makes the options of a connection, for -SessionOption.
#>
function New-WSManSessionOption {
    [CmdletBinding()]
    [Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSUseShouldProcessForStateChangingFunctions', '', Justification = 'It changes nothing.')]
    param(
        [ValidateSet('ProxyIEConfig', 'ProxyWinHttpConfig', 'ProxyAutoDetect', 'ProxyNoProxyServer')][string]$ProxyAccessType,
        [ValidateSet('Basic', 'Digest', 'Negotiate')][string]$ProxyAuthentication, [pscredential]$ProxyCredential,
        [switch]$SkipCACheck, [switch]$SkipCNCheck, [switch]$SkipRevocationCheck, [ValidateRange(0, 65535)][int]$SPNPort,
        [Alias('OperationTimeoutMSec')][ValidateRange(0, [int]::MaxValue)][int]$OperationTimeout, [switch]$NoEncryption, [switch]$UseUTF16)
    if ($ProxyAuthentication -and -not $ProxyAccessType) { throw [ArgumentException]::new('-ProxyAuthentication needs -ProxyAccessType.') }
    if ($ProxyCredential -and -not $ProxyAuthentication) { throw [ArgumentException]::new('-ProxyCredential needs -ProxyAuthentication.') }
    [pscustomobject]@{
        PSTypeName = 'Farwire.SessionOption'
        ProxyAccessType = $ProxyAccessType; ProxyAuthentication = $ProxyAuthentication; ProxyCredential = $ProxyCredential
        SkipCACheck = [bool]$SkipCACheck; SkipCNCheck = [bool]$SkipCNCheck; SkipRevocationCheck = [bool]$SkipRevocationCheck
        SPNPort = $SPNPort; OperationTimeout = $OperationTimeout; UseEncryption = -not $NoEncryption; UseUtf16 = [bool]$UseUTF16
    }
}

<#
.SYNOPSIS
Sets this computer up to be managed: service, listener, firewall.
#>
function Set-WSManQuickConfig {
    [CmdletBinding(SupportsShouldProcess)]
    param([switch]$UseSSL, [switch]$Force, [switch]$SkipNetworkProfileCheck)
    if ($SkipNetworkProfileCheck) { Write-Verbose 'This system has no network profiles; nothing was checked.' }
    $question = 'It starts the service, makes a listener and opens its port in the firewall.'
    if ($PSCmdlet.ShouldProcess('this computer', 'Set-WSManQuickConfig') -and ($Force -or $PSCmdlet.ShouldContinue($question, 'WinRM Quick Configuration'))) {
        try {
            [Farwire.Command]::Say((Get-Connection @{}), [string[]](@('quickconfig', '-quiet') + @(if ($UseSSL) { '-transport:https' }))).Trim()
        } catch {
            $PSCmdlet.WriteError([Management.Automation.ErrorRecord]::new($_.Exception.GetBaseException(), 'WsManError', 'InvalidOperation', 'localhost'))
        }
    }
}

<#
.SYNOPSIS
Lets CredSSP hand passwords on: from this computer to others (Client), or take them (Server).
.EXAMPLE
Enable-WSManCredSSP -Role Client -DelegateComputer *.corp.example -Force
#>
function Enable-WSManCredSSP {
    [CmdletBinding(SupportsShouldProcess)]
    [OutputType([Xml.XmlElement])]
    param(
        [Parameter(Mandatory, Position = 0)][ValidateSet('Client', 'Server')][string]$Role,
        [Parameter(Position = 1)][string[]]$DelegateComputer, [switch]$Force)
    if ($Role -eq 'Client' -and -not $DelegateComputer) { throw [ArgumentException]::new('-Role Client needs -DelegateComputer: whom passwords may be given to.') }
    if ($Role -eq 'Server' -and $DelegateComputer) { throw [ArgumentException]::new('-DelegateComputer is for -Role Client.') }
    $question = 'CredSSP gives the password itself to the other computer.'
    if ($PSCmdlet.ShouldProcess($Role, 'Enable-WSManCredSSP') -and ($Force -or $PSCmdlet.ShouldContinue($question, 'CredSSP'))) {
        if ($Role -eq 'Client') {
            [void](New-Item -ItemType Directory -Force (Split-Path (Get-DelegateFile)))
            @(Get-Delegate) + @($DelegateComputer | ForEach-Object { "WSMAN/$_" }) | Where-Object { $_ } | Select-Object -Unique | Set-Content -LiteralPath (Get-DelegateFile)
        }

        Invoke-Farwire $PSCmdlet (Get-Connection @{}) 'set', "winrm/config/$Role/auth".ToLowerInvariant().Replace('server', 'service'), '@{CredSSP="true"}'
    }
}

<#
.SYNOPSIS
Ends what Enable-WSManCredSSP allowed.
#>
function Disable-WSManCredSSP {
    [CmdletBinding(SupportsShouldProcess)]
    param([Parameter(Mandatory, Position = 0)][ValidateSet('Client', 'Server')][string]$Role)
    if ($PSCmdlet.ShouldProcess($Role, 'Disable-WSManCredSSP')) {
        if ($Role -eq 'Client') { Remove-Item -LiteralPath (Get-DelegateFile) -ErrorAction Ignore }
        [void](Invoke-Farwire $PSCmdlet (Get-Connection @{}) 'set', "winrm/config/$Role/auth".ToLowerInvariant().Replace('server', 'service'), '@{CredSSP="false"}')
    }
}

<#
.SYNOPSIS
Tells what CredSSP may do on this computer, in the sentences of Windows.
#>
function Get-WSManCredSSP {
    [CmdletBinding()]
    [OutputType([string])]
    param()
    $here = Get-Connection @{}
    $delegates = @(Get-Delegate)
    $client = Invoke-Farwire $PSCmdlet $here 'get', 'winrm/config/client/auth'
    $server = Invoke-Farwire $PSCmdlet $here 'get', 'winrm/config/service/auth'
    if ($client -and $server) {
        if ($client.CredSSP -eq 'true' -and $delegates) { "The machine is configured to allow delegating fresh credentials to the following target(s): $($delegates.ToLowerInvariant() -join ',')" }
        else { 'The machine is not configured to allow delegating fresh credentials.' }
        if ($server.CredSSP -eq 'true') { 'This computer is configured to receive credentials from a remote client computer.' }
        else { 'This computer is not configured to receive credentials from a remote client computer.' }
    }
}
