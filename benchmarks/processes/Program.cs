using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

// How long it takes to list all processes over WS-Management, compared with ps in the same run.
//   dotnet run -c Release --project benchmarks/processes [-- COUNT...]
// For each COUNT (100, 1000 and 10000 when none is given) that many sleeping processes are added; the best of several rounds counts.

const int Rounds = 7;
var counts = args.Length > 0 ? args.Select(a => int.Parse(a, CultureInfo.InvariantCulture)).ToArray() : [100, 1_000, 10_000];
var root = AppContext.BaseDirectory;
while (!File.Exists(Path.Combine(root, "Farwire.slnx")))
{
    root = Path.GetDirectoryName(root) ?? throw new InvalidOperationException("This program lies outside of the repository.");
}

var folder = Path.Combine(Path.GetTempPath(), "farwire-benchmark-" + Guid.NewGuid().ToString("N"));
using var service = Process.Start(new ProcessStartInfo(Path.Combine(root, "artifacts/bin/farwired/release/farwired"), ["run", "--ephemeral", folder]) { RedirectStandardError = true })!;
while (!File.Exists(Path.Combine(folder, "connection.json")))
{
    Thread.Sleep(20);
}

var connection = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "connection.json"))).RootElement;
using var client = new HttpClient { BaseAddress = new Uri(connection.GetProperty("http").GetString()!) };
client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(
    "Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{connection.GetProperty("user").GetString()}:{connection.GetProperty("password").GetString()}")));

Console.WriteLine($"{"processes",9} {"ps aux",9} {"all",9} {"ratio",6} {"bytes",11} {"two",9} {"ratio",6} {"CPU ps",9} {"CPU all",9} {"CPU two",9}");
try
{
    foreach (var count in counts)
    {
        using var sleepers = Process.Start(new ProcessStartInfo("setsid", ["sh", "-c", $"i=0; while [ $i -lt {count} ]; do sleep 100000 & i=$((i+1)); done; echo ready; wait"]) { RedirectStandardOutput = true })!;
        sleepers.StandardOutput.ReadLine();
        try
        {
            var ps = await BestAsync(PsAsync, ChildrenTime);
            var all = await BestAsync(() => EnumerateAsync("select * from Win32_Process"), ServiceTime);
            var two = await BestAsync(() => EnumerateAsync("select Name,ProcessId from Win32_Process"), ServiceTime);
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{count,9} {ps.Milliseconds,7:F1}ms {all.Milliseconds,7:F1}ms {all.Milliseconds / ps.Milliseconds,6:F2} {all.Result,11} {two.Milliseconds,7:F1}ms {two.Milliseconds / ps.Milliseconds,6:F2} {ps.Processor,7:F1}ms {all.Processor,7:F1}ms {two.Processor,7:F1}ms"));
        }
        finally
        {
            Process.Start("kill", ["-KILL", "--", "-" + sleepers.Id.ToString(CultureInfo.InvariantCulture)]).WaitForExit();
            sleepers.WaitForExit();
        }
    }
}
finally
{
    Process.Start("kill", [service.Id.ToString(CultureInfo.InvariantCulture)]).WaitForExit();
    service.WaitForExit();
}

async Task<(double Milliseconds, double Processor, long Result)> BestAsync(Func<Task<long>> run, Func<double> processorTime)
{
    var result = await run(); // for warming up
    var (best, before) = (double.MaxValue, processorTime());
    for (var round = 0; round < Rounds; round++)
    {
        var watch = Stopwatch.StartNew();
        result = await run();
        best = Math.Min(best, watch.Elapsed.TotalMilliseconds);
    }

    return (best, (processorTime() - before) / Rounds, result);
}

double ServiceTime() => Ticks($"/proc/{service.Id}/stat", 11);

// Of the children that were waited for: all the rounds of ps together.
static double ChildrenTime() => Ticks("/proc/self/stat", 13);

// Two fields of ticks of 10 ms, user and system.
static double Ticks(string stat, int at)
{
    var fields = File.ReadAllText(stat).Split(") ")[1].Split(' ');
    return 10.0 * (long.Parse(fields[at], CultureInfo.InvariantCulture) + long.Parse(fields[at + 1], CultureInfo.InvariantCulture));
}

static async Task<long> PsAsync()
{
    using var ps = Process.Start(new ProcessStartInfo("ps", ["aux"]) { RedirectStandardOutput = true })!;
    var length = await DrainAsync(ps.StandardOutput.BaseStream);
    await ps.WaitForExitAsync();
    return length;
}

async Task<long> EnumerateAsync(string query)
{
    var total = 0L;
    var body = $"<n:Enumerate><w:OptimizeEnumeration/><w:MaxElements>32000</w:MaxElements><w:Filter Dialect=\"http://schemas.microsoft.com/wbem/wsman/1/WQL\">{query}</w:Filter></n:Enumerate>";
    var action = "Enumerate";
    while (true)
    {
        var (length, head, tail) = await AskAsync(action, body);
        total += length;
        if (tail.Contains("EndOfSequence", StringComparison.Ordinal))
        {
            return total;
        }

        var context = Regex.Match(head + tail, "<n:EnumerationContext>([^<]+)<").Groups[1].Value;
        (action, body) = ("Pull", $"<n:Pull><n:EnumerationContext>{context}</n:EnumerationContext><n:MaxElements>32000</n:MaxElements></n:Pull>");
    }
}

async Task<(long Length, string Head, string Tail)> AskAsync(string action, string body)
{
    using var content = new StringContent(
        "<s:Envelope xmlns:s=\"http://www.w3.org/2003/05/soap-envelope\" xmlns:a=\"http://schemas.xmlsoap.org/ws/2004/08/addressing\" xmlns:w=\"http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd\""
        + " xmlns:n=\"http://schemas.xmlsoap.org/ws/2004/09/enumeration\"><s:Header><a:To>http://x/wsman</a:To>"
        + $"<a:Action>http://schemas.xmlsoap.org/ws/2004/09/enumeration/{action}</a:Action><a:MessageID>uuid:{Guid.NewGuid()}</a:MessageID>"
        + "<w:ResourceURI>http://schemas.microsoft.com/wbem/wsman/1/wmi/root/cimv2/*</w:ResourceURI></s:Header><s:Body>" + body + "</s:Body></s:Envelope>",
        Encoding.UTF8, "application/soap+xml");
    using var request = new HttpRequestMessage(HttpMethod.Post, "") { Content = content };
    using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    var stream = await response.Content.ReadAsStreamAsync();

    // The ends of the envelope say how to go on; what lies between is thrown away.
    var buffer = new byte[128 * 1024];
    var (length, head, tail) = (0L, "", "");
    for (int read; (read = await stream.ReadAsync(buffer)) > 0; length += read)
    {
        head = head.Length < 4096 ? head + Encoding.UTF8.GetString(buffer, 0, Math.Min(read, 4096)) : head;
        var last = Encoding.UTF8.GetString(buffer, Math.Max(0, read - 1024), Math.Min(read, 1024));
        tail = last.Length < 1024 ? (tail + last)[Math.Max(0, tail.Length + last.Length - 2048)..] : last;
    }

    return response.IsSuccessStatusCode ? (length, head, tail) : throw new InvalidOperationException($"The service answered {response.StatusCode}: {head}");
}

static async Task<long> DrainAsync(Stream stream)
{
    var buffer = new byte[128 * 1024];
    var length = 0L;
    for (int read; (read = await stream.ReadAsync(buffer)) > 0; length += read)
    {
    }

    return length;
}
