using System.Globalization;
using System.Text;
using System.Xml.Linq;
using Farwire.Peers.Tests.Administration;

namespace Farwire.Peers.Tests.Tools;

/// <summary>
/// Each block of output that the WinRM documentation prints, from the built winrm, line for line: the service is a port that answers with the XML that
/// the block was made of. Values are the pages'; their misprints (https in the address, two properties on a line, blanks in the block of quotas) are
/// not repeated.
/// </summary>
public sealed class DocumentedOutputTests : IDisposable
{
    private const string Cimv2 = "http://schemas.microsoft.com/wbem/wsman/1/wmi/root/cimv2";

    private string _content = "";
    private readonly RecordingPeer _peer;

    public DocumentedOutputTests() => _peer = new RecordingPeer(_ => _content);

    [Fact] // dmtf-association-traversal.md, "Retrieving Instances of an Association Class"
    [Trait("Feature", "CLI-05")]
    public async Task Associations_of_a_service()
    {
        _content = List(Dependency("Win32_Service", "RpcSs"), Dependency("Win32_SystemDriver", "HTTP"));

        var output = await RunAsync(
            "enumerate", "wmicimv2/*", "-dialect:association", "-associations", "-filter:{object=win32_service?name=winrm;resultclassname=win32_dependentservice;role=dependent}");

        Assert.Equal(
            """
            Win32_DependentService
                Antecedent
                    Address = http://schemas.xmlsoap.org/ws/2004/08/addressing/role/anonymous
                    ReferenceParameters
                        ResourceURI = http://schemas.microsoft.com/wbem/wsman/1/wmi/root/cimv2/Win32_Service
                        SelectorSet
                            Selector: Name = RpcSs
                Dependent
                    Address = http://schemas.xmlsoap.org/ws/2004/08/addressing/role/anonymous
                    ReferenceParameters
                        ResourceURI = http://schemas.microsoft.com/wbem/wsman/1/wmi/root/cimv2/Win32_Service
                        SelectorSet
                            Selector: Name = WinRM
                TypeOfDependency = null

            Win32_DependentService
                Antecedent
                    Address = http://schemas.xmlsoap.org/ws/2004/08/addressing/role/anonymous
                    ReferenceParameters
                        ResourceURI = http://schemas.microsoft.com/wbem/wsman/1/wmi/root/cimv2/Win32_SystemDriver
                        SelectorSet
                            Selector: Name = HTTP
                Dependent
                    Address = http://schemas.xmlsoap.org/ws/2004/08/addressing/role/anonymous
                    ReferenceParameters
                        ResourceURI = http://schemas.microsoft.com/wbem/wsman/1/wmi/root/cimv2/Win32_Service
                        SelectorSet
                            Selector: Name = WinRM
                TypeOfDependency = null


            """,
            output);
    }

    [Fact] // dmtf-association-traversal.md, "Retrieving Instances of an Associated Class"
    [Trait("Feature", "CLI-05")]
    public async Task Services_that_a_service_needs()
    {
        _content = List(Service(
            "AcceptPause=false", "AcceptStop=false", "Caption=Remote Procedure Call (RPC)", "CheckPoint=0", "CreationClassName=Win32_Service", "Description=RPC", "DesktopInteract=false",
            "DisplayName=Remote Procedure Call (RPC)", "ErrorControl=Normal", "ExitCode=0", "InstallDate", "Name=RpcSs", @"PathName=C:\Windows\system32\svchost.exe -k rpcss", "ProcessId=716",
            "ServiceSpecificExitCode=0", "ServiceType=Share Process", "Started=true", "StartMode=Auto", @"StartName=NT AUTHORITY\NetworkService", "State=Running", "Status=OK",
            "SystemCreationClassName=Win32_ComputerSystem", "SystemName=myComputer", "TagId=0", "WaitHint=0"));

        var output = await RunAsync(
            "enumerate", "wmicimv2/*", "-dialect:association",
            "-filter:{object=win32_service?name=winrm;associationclassname=win32_dependentservice;resultclassname=win32_service;resultrole=antecedent;role=dependent}");

        Assert.Equal(
            """
            Win32_Service
                AcceptPause = false
                AcceptStop = false
                Caption = Remote Procedure Call (RPC)
                CheckPoint = 0
                CreationClassName = Win32_Service
                Description = RPC
                DesktopInteract = false
                DisplayName = Remote Procedure Call (RPC)
                ErrorControl = Normal
                ExitCode = 0
                InstallDate = null
                Name = RpcSs
                PathName = C:\Windows\system32\svchost.exe -k rpcss
                ProcessId = 716
                ServiceSpecificExitCode = 0
                ServiceType = Share Process
                Started = true
                StartMode = Auto
                StartName = NT AUTHORITY\NetworkService
                State = Running
                Status = OK
                SystemCreationClassName = Win32_ComputerSystem
                SystemName = myComputer
                TagId = 0
                WaitHint = 0


            """,
            output);
    }

    [Fact] // scripting-in-windows-remote-management.md; its XML ends with cim:Location, which the block does not show
    [Trait("Feature", "CLI-05")]
    public async Task A_service()
    {
        XNamespace cim = "http://schemas.dmtf.org/wbem/wscim/1/common";
        var service = XElement.Parse(Service(
            "AcceptPause=false", "AcceptStop=true", "Caption=Print Spooler", "CheckPoint=0", "CreationClassName=Win32_Service", "Description=Loads files to memory for later printing",
            "DesktopInteract=true", "DisplayName=Print Spooler", "ErrorControl=Normal", "ExitCode=0", "InstallDate", "Name=Spooler", @"PathName=C:\Windows\System32\spoolsv.exe", "ProcessId=1720",
            "ServiceSpecificExitCode=0", "ServiceType=Own Process", "Started=true", "StartMode=Auto", "StartName=LocalSystem", "State=Running", "Status=OK",
            "SystemCreationClassName=Win32_ComputerSystem", "SystemName=wsplab6-4", "TagId=0", "WaitHint=0"));
        service.Add(new XElement(cim + "Location", XElement.Parse(Reference("r", "Win32_Service", "Spooler")).Elements()));
        _content = service.ToString(SaveOptions.DisableFormatting);

        var output = await RunAsync("get", "wmicimv2/Win32_Service?Name=Spooler");

        Assert.Equal(
            """
            Win32_Service
                AcceptPause = false
                AcceptStop = true
                Caption = Print Spooler
                CheckPoint = 0
                CreationClassName = Win32_Service
                Description = Loads files to memory for later printing
                DesktopInteract = true
                DisplayName = Print Spooler
                ErrorControl = Normal
                ExitCode = 0
                InstallDate = null
                Name = Spooler
                PathName = C:\Windows\System32\spoolsv.exe
                ProcessId = 1720
                ServiceSpecificExitCode = 0
                ServiceType = Own Process
                Started = true
                StartMode = Auto
                StartName = LocalSystem
                State = Running
                Status = OK
                SystemCreationClassName = Win32_ComputerSystem
                SystemName = wsplab6-4
                TagId = 0
                WaitHint = 0


            """,
            output);
    }

    [Theory] // remote-shell-infrastructure-improvements.md, "Enumerating a Shell on a Local Host" and "Retrieving Information About a Specific Shell"
    [InlineData("enumerate", "shell")]
    [InlineData("get", "shell?ShellId=0A6E6A01-8AB2-4037-86CC-BFC826A1244E")]
    [Trait("Feature", "CLI-05")]
    public async Task Shells(string verb, string resource)
    {
        var command = Shell("0A6E6A01-8AB2-4037-86CC-BFC826A1244E", "http://schemas.microsoft.com/wbem/wsman/1/windows/shell/cmd", "stdin", "stdout stderr", "P0DT0H0M36S", "P0DT0H0M35S");
        _content = verb == "get" ? command : List(
            command,
            Shell("EE3F11CE-FB3C-4C4E-B113-6F4D643C97D8", "http://schemas.microsoft.com/powershell/Microsoft.PowerShell", "stdin pr", "stdout", "P0DT0H1M46S", "P0DT0H0M45S", "48MB", "0"));

        var output = await RunAsync(verb, resource);

        const string first = """
            Shell
                ShellId = 0A6E6A01-8AB2-4037-86CC-BFC826A1244E
                ResourceUri = http://schemas.microsoft.com/wbem/wsman/1/windows/shell/cmd
                Owner = FABRIKAM\myAccount
                ClientIP = ::1
                IdleTimeOut = PT180.000S
                InputStreams = stdin
                OutputStreams = stdout stderr
                ShellRunTime = P0DT0H0M36S
                ShellInactivity = P0DT0H0M35S


            """;
        const string second = """
            Shell
                ShellId = EE3F11CE-FB3C-4C4E-B113-6F4D643C97D8
                ResourceUri = http://schemas.microsoft.com/powershell/Microsoft.PowerShell
                Owner = FABRIKAM\myAccount
                ClientIP = ::1
                IdleTimeOut = PT180.000S
                InputStreams = stdin pr
                OutputStreams = stdout
                ShellRunTime = P0DT0H1M46S
                ShellInactivity = P0DT0H0M45S
                MemoryUsed = 48MB
                ChildProcesses = 0


            """;
        Assert.Equal(verb == "get" ? first : first + second, output);
    }

    [Fact] // quotas.md, "Retrieving Quota Configuration Information"
    [Trait("Feature", "CLI-05")]
    public async Task Quotas()
    {
        _content = """
            <cfg:Config xmlns:cfg="http://schemas.microsoft.com/wbem/wsman/1/config"><cfg:MaxEnvelopeSizekb>500</cfg:MaxEnvelopeSizekb><cfg:Winrs><cfg:AllowRemoteShellAccess>true</cfg:AllowRemoteShellAccess><cfg:IdleTimeout>7200000</cfg:IdleTimeout><cfg:MaxConcurrentUsers>10</cfg:MaxConcurrentUsers><cfg:MaxProcessesPerShell>25</cfg:MaxProcessesPerShell><cfg:MaxMemoryPerShellMB>1024</cfg:MaxMemoryPerShellMB><cfg:MaxShellsPerUser>30</cfg:MaxShellsPerUser></cfg:Winrs></cfg:Config>
            """;

        var output = await RunAsync("get", "winrm/config");

        Assert.Equal(
            """
            Config
                MaxEnvelopeSizekb = 500
                Winrs
                    AllowRemoteShellAccess = true
                    IdleTimeout = 7200000
                    MaxConcurrentUsers = 10
                    MaxProcessesPerShell = 25
                    MaxMemoryPerShellMB = 1024
                    MaxShellsPerUser = 30


            """,
            output);
    }

    [Fact] // installation-and-configuration-for-windows-remote-management.md, "To configure WinRM with default settings"
    [Trait("Feature", "CLI-05")]
    public async Task Quickconfig()
    {
        var port = LoopbackPort.Free();
        await using var service = await AdministeredService.StartAsync(("farwired.yaml", $"Service:\n  DefaultPorts: {{ HTTP: {port} }}\n  IPv4Filter: 127.0.0.1\n  IPv6Filter: \"\"\n"));

        var output = await service.AskAsync("quickconfig", "-q", "-force");

        // The page's listener is one for https; the list has what this machine lacked.
        Assert.EndsWith(
            $"\n\nWinRM has been updated for remote management.\n\nCreated a WinRM listener on HTTP://* to accept WS-Man requests to any IP on this machine.\nNow it listens at HTTP://*:{port}.\n",
            output,
            StringComparison.Ordinal);
    }

    [Theory] // layout unverified: no page prints these; they follow public transcripts
    [InlineData("identify", "IdentifyResponse\n    ProtocolVersion = http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd\n    ProductVendor = Microsoft Corporation\n    ProductVersion = OS: 10.0.20348 SP: 0.0 Stack: 3.0\n\n")]
    [InlineData("create winrm/config/listener?Address=*+Transport=HTTPS @{Port=5986}", "ResourceCreated\n    Address = http://schemas.xmlsoap.org/ws/2004/08/addressing/role/anonymous\n    ReferenceParameters\n        ResourceURI = http://schemas.microsoft.com/wbem/wsman/1/config/listener\n        SelectorSet\n            Selector: Address = *, Transport = HTTPS\n\n")]
    [InlineData("invoke StartService wmicimv2/Win32_Service?Name=Spooler", "StartService_OUTPUT\n    ReturnValue = 0\n\n")]
    [Trait("Feature", "CLI-05")]
    public async Task Blocks_that_no_page_prints_have_the_layout_of_transcripts(string line, string block)
    {
        _content = line.Split(' ')[0] switch
        {
            "identify" => """<i:IdentifyResponse xmlns:i="http://schemas.dmtf.org/wbem/wsman/identity/1/wsmanidentity.xsd"><i:ProtocolVersion>http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd</i:ProtocolVersion><i:ProductVendor>Microsoft Corporation</i:ProductVendor><i:ProductVersion>OS: 10.0.20348 SP: 0.0 Stack: 3.0</i:ProductVersion></i:IdentifyResponse>""",
            "create" => """<x:ResourceCreated xmlns:x="http://schemas.xmlsoap.org/ws/2004/09/transfer"><a:Address>http://schemas.xmlsoap.org/ws/2004/08/addressing/role/anonymous</a:Address><a:ReferenceParameters xmlns:w="http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd"><w:ResourceURI>http://schemas.microsoft.com/wbem/wsman/1/config/listener</w:ResourceURI><w:SelectorSet><w:Selector Name="Address">*</w:Selector><w:Selector Name="Transport">HTTPS</w:Selector></w:SelectorSet></a:ReferenceParameters></x:ResourceCreated>""",
            _ => $"<p:StartService_OUTPUT xmlns:p=\"{Cimv2}/Win32_Service\"><p:ReturnValue>0</p:ReturnValue></p:StartService_OUTPUT>",
        };

        Assert.Equal(block, await RunAsync(line.Split(' ')));
    }

    public void Dispose() => _peer.Dispose();

    private async Task<string> RunAsync(params string[] words)
    {
        var outcome = await Commands.RunAsync(
            RunningService.Program("farwire"), ["winrm", .. words, "-r:http://127.0.0.1:" + _peer.Port.ToString(CultureInfo.InvariantCulture), "-unencrypted", .. words[0] == "identify" ? (string[])["-a:none"] : []]);
        Assert.True(outcome.ExitCode == 0, outcome.Errors);
        return outcome.Output;
    }

    private static string List(params string[] items) => $"""
        <n:EnumerateResponse xmlns:n="http://schemas.xmlsoap.org/ws/2004/09/enumeration" xmlns:w="http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd"><n:EnumerationContext/><w:Items>{string.Concat(items)}</w:Items><w:EndOfSequence/></n:EnumerateResponse>
        """;

    private static string Service(params string[] properties)
    {
        XNamespace p = Cimv2 + "/Win32_Service", xsi = "http://www.w3.org/2001/XMLSchema-instance";
        return new XElement(
            p + "Win32_Service",
            new XAttribute(XNamespace.Xmlns + "p", p),
            new XAttribute(XNamespace.Xmlns + "xsi", xsi),
            properties.Select(property => property.Split('=', 2) is [var name, var value] ? new XElement(p + name, value) : new XElement(p + property, new XAttribute(xsi + "nil", "true"))))
            .ToString(SaveOptions.DisableFormatting);
    }

    private static string Dependency(string antecedentClass, string antecedent) => $"""
        <p:Win32_DependentService xmlns:p="{Cimv2}/Win32_DependentService" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">{Reference("Antecedent", antecedentClass, antecedent)}{Reference("Dependent", "Win32_Service", "WinRM")}<p:TypeOfDependency xsi:nil="true"/></p:Win32_DependentService>
        """;

    private static string Reference(string property, string className, string name) => $"""
        <p:{property} xmlns:p="{Cimv2}/Win32_DependentService" xmlns:a="http://schemas.xmlsoap.org/ws/2004/08/addressing" xmlns:w="http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd"><a:Address>http://schemas.xmlsoap.org/ws/2004/08/addressing/role/anonymous</a:Address><a:ReferenceParameters><w:ResourceURI>{Cimv2}/{className}</w:ResourceURI><w:SelectorSet><w:Selector Name="Name">{name}</w:Selector></w:SelectorSet></a:ReferenceParameters></p:{property}>
        """;

    private static string Shell(string id, string uri, string input, string output, string runTime, string inactivity, string? memory = null, string? children = null)
    {
        var shell = new StringBuilder("<rsp:Shell xmlns:rsp=\"http://schemas.microsoft.com/wbem/wsman/1/windows/shell\">");
        foreach (var (name, value) in new[]
        {
            ("ShellId", id), ("ResourceUri", uri), ("Owner", @"FABRIKAM\myAccount"), ("ClientIP", "::1"), ("IdleTimeOut", "PT180.000S"), ("InputStreams", input), ("OutputStreams", output),
            ("ShellRunTime", runTime), ("ShellInactivity", inactivity), ("MemoryUsed", memory), ("ChildProcesses", children),
        })
        {
            shell.Append(value is null ? "" : $"<rsp:{name}>{value}</rsp:{name}>");
        }

        return shell.Append("</rsp:Shell>").ToString();
    }
}
