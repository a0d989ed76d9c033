using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Farwire.Client;
using Farwire.Client.Connection;
using Farwire.Client.Enumeration;
using Farwire.Protocol.Enumeration;

namespace Farwire.Benchmarks.Cim;

/// <summary>How long the built service takes to answer over HTTP, beside the system's own tools: middle of fifteen rounds, each after the other.</summary>
internal static class Answers
{
    private const int Rounds = 15;
    private const string All = "http://schemas.microsoft.com/wbem/wsman/1/wmi/root/cimv2/*";

    /// <param name="init">The first process of the namespaces in which systemd runs.</param>
    public static async Task RunAsync(string init)
    {
        var folder = Directory.CreateTempSubdirectory("farwire-bench-").FullName;
        using var daemon = Process.Start(new ProcessStartInfo("artifacts/bin/farwired/release/farwired", ["run", "--ephemeral", folder]) { RedirectStandardError = true })!;
        try
        {
            while (!File.Exists(folder + "/connection.json"))
            {
                await Task.Delay(20);
            }

            var connection = JsonDocument.Parse(await File.ReadAllBytesAsync(folder + "/connection.json")).RootElement;
            await using var client = new WSManClient(new WSManConnectionOptions
            {
                Address = new Uri(connection.GetProperty("http").GetString()!),
                AllowUnencrypted = true,
                User = connection.GetProperty("user").GetString(),
                Password = connection.GetProperty("password").GetString(),
            });
            await CompareAsync(client, "services, name and state", "select Name,State from Win32_Service", "nsenter", "-t", init, "-a", "systemctl", "list-units", "--type=service", "--all", "--no-pager");
            await CompareAsync(client, "services, with start mode", "select Name,State,StartMode,ProcessId from Win32_Service", "nsenter", "-t", init, "-a", "systemctl", "list-unit-files", "--type=service", "--no-pager");
            await CompareAsync(client, "packages", "select Name,Version from Win32_Product", "dpkg-query", "-W");
            await CompareAsync(client, "processes, name and id", "select Name,ProcessId from Win32_Process", "ps", "-eo", "pid,comm");
            await CompareAsync(client, "processes, all of them", "select * from Win32_Process", "ps", "aux");
        }
        finally
        {
            daemon.Kill();
            await daemon.WaitForExitAsync();
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task CompareAsync(WSManClient client, string title, string query, string program, params string[] arguments)
    {
        List<double> ours = [], theirs = [];
        var items = 0;
        for (var round = -3; round < Rounds; round++)
        {
            var start = Stopwatch.GetTimestamp();
            items = 0;
            await foreach (var item in client.EnumerateAsync(All, new EnumerationRequest { Filter = Filter.Wql(query) }))
            {
                items++;
            }

            var mine = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
            start = Stopwatch.GetTimestamp();
            using (var tool = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!)
            {
                await tool.StandardOutput.ReadToEndAsync();
                await tool.WaitForExitAsync();
            }

            if (round >= 0)
            {
                ours.Add(mine);
                theirs.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            }
        }

        ours.Sort();
        theirs.Sort();
        var (us, them) = (ours[Rounds / 2], theirs[Rounds / 2]);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{title,-28} {items,6} items {us,8:F1} ms, {string.Join(' ', arguments.Prepend(program).SkipWhile(w => w is "nsenter" or "-t" or "-a" || w.All(char.IsAsciiDigit)).Take(2)),-24} {them,8:F1} ms: ratio {us / them:F2}"));
    }
}
