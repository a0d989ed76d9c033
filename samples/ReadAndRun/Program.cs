// Reads a computer's operating system, lists its largest processes, and runs a command on it.
//   FARWIRE_PASSWORD=… dotnet run --project samples/ReadAndRun https://HOST:5986/wsman USER [SHA-256 of its certificate]
using Farwire.Client;
using Farwire.Client.Connection;
using Farwire.Client.Enumeration;
using Farwire.Protocol.Enumeration;
using Farwire.Protocol.Faults;

if (args is not [var address, var user, ..])
{
    Console.Error.WriteLine("ReadAndRun takes an address and a user; the password is in FARWIRE_PASSWORD.");
    return 64;
}

const string cimv2 = "http://schemas.microsoft.com/wbem/wsman/1/wmi/root/cimv2";
try
{
    await using var client = new WSManClient(new WSManConnectionOptions
    {
        Address = new Uri(address),
        User = user,
        Password = Environment.GetEnvironmentVariable("FARWIRE_PASSWORD"),
        CertificateSha256 = args.ElementAtOrDefault(2),
    });

    var system = await client.GetInstanceAsync(cimv2 + "/Win32_OperatingSystem");
    Console.WriteLine($"{system["CSName"]} runs {system["Caption"]}");

    var large = new EnumerationRequest { Filter = Filter.Wql("select Name, WorkingSetSize from Win32_Process where WorkingSetSize > 10000000") };
    await foreach (var process in client.EnumerateInstancesAsync(cimv2 + "/*", large))
    {
        Console.WriteLine($"{process["WorkingSetSize"].AsUInt64() / 1_000_000,6} MB  {process["Name"]}");
    }

    await using var shell = await client.OpenShellAsync();
    var outcome = await shell.RunAsync("sort", "three\none\ntwo\n"u8.ToArray());
    Console.WriteLine($"sort ended with {outcome.ExitCode}: {outcome.StandardOutput.ReplaceLineEndings(" ")}");
    return 0;
}
catch (WSManFaultException e) // the service said no
{
    Console.Error.WriteLine($"{e.Fault.Message} (0x{e.Fault.Code:X8})");
    return 70;
}
catch (WSManTransportException e) // the way there or back broke
{
    Console.Error.WriteLine($"{e.Message} {e.Fix}");
    return 69;
}
