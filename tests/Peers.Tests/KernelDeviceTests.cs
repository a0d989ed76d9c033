using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Farwire.TestKit.Bmc;

namespace Farwire.Peers.Tests;

/// <summary>The kernel's own device of a controller: Linux in QEMU, whose KCS interface leads to OpenIPMI's simulator, and the built service in it.</summary>
/// <remarks>The machine has this one's files, read only; its processor is emulated, and therefore slow.</remarks>
public sealed partial class KernelDeviceTests
{
    private const string Qemu = "/usr/bin/qemu-system-x86_64";

    // virtio and 9p for the files, the rest for the device.
    private static readonly string[] Modules = ["virtio_pci", "9pnet_virtio", "9p", "ipmi_si", "ipmi_devintf"];

    [Fact]
    [Trait("Feature", "IPM-01")]
    [Trait("Feature", "IPM-12")]
    [Trait("Peer", "ipmi_sim, Linux")]
    public async Task The_service_of_a_machine_speaks_with_its_controller_through_the_kernel()
    {
        Assert.SkipWhen(SimulatedBmc.Missing is not null, SimulatedBmc.Missing ?? "");
        foreach (var program in (string[])[Qemu, "/bin/busybox", "/usr/bin/cpio", "/usr/bin/curl", "/sbin/modprobe"])
        {
            Commands.Need(program);
        }

        var kernel = Directory.EnumerateFiles("/boot", "vmlinuz-*").Order(StringComparer.Ordinal).LastOrDefault(file => Directory.Exists(ModulesOf(file) + "/kernel/drivers/char/ipmi"));
        Assert.SkipWhen(kernel is null, "no kernel with the IPMI drivers is in /boot");
        await using var bmc = await SimulatedBmc.StartAsync(withSystemInterface: true);
        using var folder = new Scratch();
        var image = await MakeImageAsync(folder.Path, kernel!);

        var console = await BootAsync(kernel!, image, bmc.SystemPort);

        var answers = Answers().Matches(console).Select(m => XElement.Parse(m.Value)).ToList();
        Assert.True(answers.Count == 3, console);
        var output = answers[0].Descendants().Where(e => e.Parent?.Name.LocalName == "RequestResponse_OUTPUT").ToLookup(e => e.Name.LocalName, e => e.Value);
        Assert.Equal("0", output["CompletionCode"].Single());
        Assert.Equal(
            (await bmc.IpmitoolAsync("raw", "6", "1")).Trim().Split(' ').Select(b => Convert.ToByte(b, 16).ToString(CultureInfo.InvariantCulture)).Prepend("0"), output["ResponseData"]);
        Assert.Equal("193", answers[1].Descendants().Single(e => e.Name.LocalName == "CompletionCode").Value); // a command that there is not

        // At its start the service told the controller that the system has started, and ipmitool lists it.
        Assert.Contains("OS Boot", await bmc.IpmitoolAsync("sel", "list"), StringComparison.Ordinal);
        Assert.Contains(answers[2].Descendants(), e => e.Name.LocalName == "Caption" && e.Value.StartsWith("OS Boot Assert", StringComparison.Ordinal));
    }

    private static string ModulesOf(string kernel) => "/lib/modules/" + Path.GetFileName(kernel)["vmlinuz-".Length..];

    private static async Task<string> MakeImageAsync(string folder, string kernel)
    {
        var root = Directory.CreateDirectory(Path.Combine(folder, "root")).FullName;
        foreach (var directory in (string[])["bin", "proc", "sys", "dev", "host", "mod"])
        {
            Directory.CreateDirectory(Path.Combine(root, directory));
        }

        File.Copy("/bin/busybox", Path.Combine(root, "bin", "busybox"));
        var version = Path.GetFileName(kernel)["vmlinuz-".Length..];
        var shown = await Commands.RunAsync("/sbin/modprobe", ["-S", version, "--show-depends", "-a", .. Modules]);
        Assert.True(shown.ExitCode == 0, shown.Errors);
        var files = shown.Output.Split('\n').Where(line => line.StartsWith("insmod ", StringComparison.Ordinal)).Select(line => line.Split(' ')[1]).Distinct().ToList();
        files.ForEach(file => File.Copy(file, Path.Combine(root, "mod", Path.GetFileName(file))));
        await File.WriteAllLinesAsync(Path.Combine(root, "mod", "order"), files.Select(file => Path.GetFileName(file)!));
        File.Copy(Path.Combine(AppContext.BaseDirectory, "Peers", "kernel_init.sh"), Path.Combine(root, "init"));
        await File.WriteAllTextAsync(Path.Combine(root, "script"), Script());
        await Commands.RunAsync("chmod", ["755", Path.Combine(root, "init")]);
        var image = Path.Combine(folder, "initrd");
        var packed = await Commands.RunAsync("/bin/sh", ["-c", $"cd '{root}' && find . | cpio -o -H newc --quiet > '{image}'"]);
        Assert.True(packed.ExitCode == 0, packed.Errors);
        return image;
    }

    private static async Task<string> BootAsync(string kernel, string image, int systemPort)
    {
        var outcome = await Commands.RunAsync(
            "timeout",
            [
                "480", Qemu, "-machine", "q35", "-cpu", "max", "-accel", "tcg,thread=multi", "-smp", "2", "-m", "2048", "-nographic", "-no-reboot", "-nodefaults", "-serial", "stdio",
                "-kernel", kernel, "-initrd", image, "-append", "console=ttyS0 quiet panic=-1",
                "-virtfs", "local,path=/,mount_tag=root,security_model=none,readonly=on,multidevs=remap",
                "-chardev", string.Create(CultureInfo.InvariantCulture, $"socket,id=bmc,host=127.0.0.1,port={systemPort},reconnect=1"),
                "-device", "ipmi-bmc-extern,chardev=bmc,id=bmc0", "-device", "isa-ipmi-kcs,bmc=bmc0",
            ]);
        return outcome.Output + outcome.Errors;
    }

    private static string Script()
    {
        const string ipmi = "http://schemas.microsoft.com/wbem/wsman/1/wmi/root/wmi/Microsoft_IPMI";
        var first = Request(ipmi + "/RequestResponse", ipmi, "<w:Selector Name=\"InstanceName\">$(hostname)</w:Selector>", Raw(6, 1));
        var unknown = Request(ipmi + "/RequestResponse", ipmi, "<w:Selector Name=\"InstanceName\">$(hostname)</w:Selector>", Raw(6, 0x7A));
        var log = Request(
            "http://schemas.xmlsoap.org/ws/2004/09/enumeration/Enumerate", "http://schemas.microsoft.com/wbem/wsman/1/wmi/root/hardware/LogRecord", "",
            "<n:Enumerate><w:OptimizeEnumeration/><w:MaxElements>100</w:MaxElements></n:Enumerate>");
        return $$"""
            export DOTNET_TieredPGO=0 DOTNET_EnableDiagnostics=0 DOTNET_ROOT={{Path.GetDirectoryName(Environment.ProcessPath)}}
            mkdir /tmp/etc /tmp/state /tmp/run
            {{RunningService.Program("farwired")}} run --alone --config-dir /tmp/etc --state-dir /tmp/state --socket /tmp/run/local.sock &
            for i in $(seq 2000); do [ -e /tmp/run/boot-told ] && break; sleep 0.2; done
            ask() { curl -s --unix-socket /tmp/run/local.sock -H 'Content-Type: application/soap+xml;charset=UTF-8' --data-binary @- http://localhost/wsman; echo; }
            ask <<X
            {{first}}
            X
            ask <<X
            {{unknown}}
            X
            ask <<X
            {{log}}
            X
            """;

        static string Raw(int function, int command) =>
            $"<p:RequestResponse_INPUT xmlns:p=\"{ipmi}\"><p:NetworkFunction>{function}</p:NetworkFunction><p:Lun>0</p:Lun><p:ResponderAddress>32</p:ResponderAddress><p:Command>{command}</p:Command><p:RequestDataSize>0</p:RequestDataSize></p:RequestResponse_INPUT>";
    }

    private static string Request(string action, string uri, string selectors, string body) => $"""
        <s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope" xmlns:a="http://schemas.xmlsoap.org/ws/2004/08/addressing" xmlns:n="http://schemas.xmlsoap.org/ws/2004/09/enumeration" xmlns:w="http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd"><s:Header><a:To>http://localhost/wsman</a:To><a:ReplyTo><a:Address>http://schemas.xmlsoap.org/ws/2004/08/addressing/role/anonymous</a:Address></a:ReplyTo><a:Action>{action}</a:Action><a:MessageID>uuid:1</a:MessageID><w:ResourceURI>{uri}</w:ResourceURI><w:SelectorSet>{selectors}</w:SelectorSet></s:Header><s:Body>{body}</s:Body></s:Envelope>
        """;

    [GeneratedRegex("<s:Envelope .*?</s:Envelope>", RegexOptions.Singleline)]
    private static partial Regex Answers();

    private sealed class Scratch : IDisposable
    {
        public string Path { get; } = Directory.CreateTempSubdirectory("farwire-kernel-").FullName;

        public void Dispose() => Directory.Delete(Path, recursive: true);
    }
}
