using Farwire.Cim.Classes;
using Farwire.Cim.Instances;
using Farwire.Protocol.Addressing;
using Farwire.Protocol.Names;
using Farwire.Providers.Contract;

namespace Farwire.TestService;

/// <summary>Namespaces with the same content everywhere: services that need each other in root/cimv2, a class of every feature in root/fixed.</summary>
internal static class FixedPlace
{
    public static CimCatalog Catalog()
    {
        var test = new CimSchema("root/fixed").AddMof("""
            class T_Inner { string A; sint32 B; };
            class T_Base { [Key] string Name; [Write] string Description; };
            class T_Thing : T_Base {
              [Write] uint32 Count; [Write] string Words[]; [Write] datetime When; uint64 Fixed; [Write, EmbeddedInstance("T_Inner")] string Inner;
              [Static] uint32 Join([In] string Words[], [In] string Separator, [Out] string Joined);
              [Static] uint32 Mirror([In, EmbeddedInstance("T_Inner")] string Given, [In] uint16 Numbers[], [Out, EmbeddedInstance("T_Inner")] string Same, [Out] uint16 Doubled[], [Out] datetime Now);
              uint32 Add([In] uint32 Number, [Out] uint32 Sum);
              uint32 Nothing();
            };
            class T_Special : T_Thing { string Extra; };
            """);
        var (thing, special) = (test.Find("T_Thing")!, test.Find("T_Special")!);
        return new CimCatalog()
            .Add(test, new FixedProvider(thing, Thing(thing, "one"), Thing(thing, "two")), new FixedProvider(special, Special(special)))
            .AddMethods(test, new CimMethods(test, "T_Thing")
            {
                ["Join"] = (call, _) => ValueTask.FromResult(CimOutcome.Of(0, ("Joined", string.Join(call.Text("Separator") ?? "", call["Words"].AsArray())))),
                ["Mirror"] = (call, _) => ValueTask.FromResult(CimOutcome.Of(
                    7,
                    ("Same", call["Given"]),
                    ("Doubled", (CimValue[])[.. call["Numbers"].AsArray().Select(n => (CimValue)(n.AsUInt64() * 2))]),
                    ("Now", new CimDateTime(new DateTimeOffset(2020, 1, 2, 3, 4, 5, TimeSpan.Zero))))),
                ["Add"] = (call, _) => ValueTask.FromResult(call["Number"].IsNull
                    ? CimOutcome.Of(21)
                    : CimOutcome.Of(0, ("Sum", call.Target!["Count"].AsUInt64() + call["Number"].AsUInt64()))),
            })
            .Add(CimSchema.CimV2, Services(CimSchema.CimV2));
    }

    private static CimInstance Thing(CimClass cimClass, string name) => new(cimClass)
    {
        ["Name"] = name,
        ["Description"] = $"<{name}>",
        ["Count"] = 5u,
        ["Words"] = new[] { "red", "green", "blue" },
        ["Fixed"] = 77ul,
        ["Inner"] = new CimInstance(Inner) { ["A"] = "inside", ["B"] = -3 },
    };

    private static CimInstance Special(CimClass cimClass) => new(cimClass) { ["Name"] = "three", ["Count"] = 1u, ["Extra"] = "more" };

    // What the page "DMTF Profile Discovery Through Association Traversal" of the WinRM portal shows: WinRM needs RpcSs, a service, and HTTP, a driver.
    private static IEnumerable<ICimProvider> Services(CimSchema schema)
    {
        var (service, driver, needs) = (schema.Find("Win32_Service")!, schema.Find("Win32_SystemDriver")!, schema.Find("Win32_DependentService")!);
        yield return new FixedProvider(service, Named(service, "WinRM"), RemoteProcedureCall(service), Named(service, "Other"));
        var adapter = schema.Find("Win32_NetworkAdapterConfiguration")!;
        yield return new FixedProvider(adapter, new CimInstance(adapter) { ["Index"] = 1u, ["DNSServerSearchOrder"] = new[] { "192.0.2.53", "192.0.2.54" }, ["Description"] = "The first" });
        yield return new FixedProvider(driver, Named(driver, "HTTP"));
        yield return new FixedProvider(needs, Need(needs, "Win32_Service", "RpcSs", "WinRM"), Need(needs, "Win32_SystemDriver", "HTTP", "WinRM"), Need(needs, "Win32_Service", "RpcSs", "Other"));
    }

    private static CimInstance Named(CimClass cimClass, string name) => new(cimClass) { ["Name"] = name, ["DisplayName"] = $"The service {name}", ["State"] = "Running" };

    // As the page prints it.
    private static CimInstance RemoteProcedureCall(CimClass cimClass) => new(cimClass)
    {
        ["AcceptPause"] = false,
        ["AcceptStop"] = false,
        ["Caption"] = "Remote Procedure Call (RPC)",
        ["CheckPoint"] = 0u,
        ["CreationClassName"] = "Win32_Service",
        ["Description"] = "The RPCSS service is the Service Control Manager for COM and DCOM servers.",
        ["DesktopInteract"] = false,
        ["DisplayName"] = "Remote Procedure Call (RPC)",
        ["ErrorControl"] = "Normal",
        ["ExitCode"] = 0u,
        ["Name"] = "RpcSs",
        ["PathName"] = @"C:\Windows\system32\svchost.exe -k rpcss",
        ["ProcessId"] = 716u,
        ["ServiceSpecificExitCode"] = 0u,
        ["ServiceType"] = "Share Process",
        ["Started"] = true,
        ["StartMode"] = "Auto",
        ["StartName"] = @"NT AUTHORITY\NetworkService",
        ["State"] = "Running",
        ["Status"] = "OK",
        ["SystemCreationClassName"] = "Win32_ComputerSystem",
        ["SystemName"] = "myComputer",
        ["TagId"] = 0u,
        ["WaitHint"] = 0u,
    };

    private static CimInstance Need(CimClass cimClass, string antecedentClass, string antecedent, string dependent) => new(cimClass)
    {
        ["Antecedent"] = To(antecedentClass, antecedent),
        ["Dependent"] = To("Win32_Service", dependent),
    };

    private static EndpointReference To(string className, string name) => new() { ResourceUri = $"{ResourceUris.WmiCimV2}/{className}", Selectors = SelectorSet.Of(("Name", name)) };

    private static CimClass Inner { get; } = new CimSchema("root/fixed").AddMof("class T_Inner { string A; sint32 B; };").Find("T_Inner")!;
}
