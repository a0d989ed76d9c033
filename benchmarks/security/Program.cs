// Measures what proof and sealing cost the service, in one run, and prints a table:
//   CPU of the service for a Get, clear and sealed by NTLM and (with KRB5_CONFIG, KRB5_KTNAME and tickets: security.sh) by Kerberos;
//   CPU of the service for a handshake: NTLM, CredSSP and Kerberos beside TLS, and how many of them a core does in a second;
//   how fast one core seals and opens a message of 500 KB, by each of them;
//   how long a program takes to start and end, directly and through the broker (as root); --starts shows this alone.
using Farwire.Benchmarks.Security;
using Farwire.Client.Connection;

var kerberos = Environment.GetEnvironmentVariable("KRB5_KTNAME") is { Length: > 0 };
var gets = args.Contains("--quick") ? 500 : 4000;
var shakes = args.Contains("--quick") ? 50 : 400;
if (args.Contains("--starts"))
{
    await BrokerStarts.ShowAsync(shakes);
    return 0;
}

await using var service = await MeasuredService.StartAsync();

var load = File.Exists("/proc/loadavg") ? (await File.ReadAllTextAsync("/proc/loadavg")).Split(' ')[0] : "?";
Console.WriteLine($"{Environment.ProcessorCount} processors; load before: {load}. On a machine that is not at rest the times are too long, the ratios about right.");
Console.WriteLine($"{"measured",-44}{"figure",14}{"ratio",9}");

// In turn, and the least of three: the first ones pay for what the service compiles meanwhile.
var methods = new List<(string Name, AuthenticationMethod Method)> { ("in clear, Basic", AuthenticationMethod.Basic), ("sealed by NTLM", AuthenticationMethod.Negotiate) };
if (kerberos)
{
    methods.Add(("sealed by Kerberos", AuthenticationMethod.Kerberos));
}

var costs = methods.ToDictionary(m => m.Method, _ => TimeSpan.MaxValue);
for (var round = 0; round < 4; round++)
{
    foreach (var (_, method) in methods)
    {
        var cost = await service.GetsAsync(method, gets);
        costs[method] = cost < costs[method] ? cost : costs[method];
    }
}

foreach (var (name, method) in methods)
{
    Show($"CPU of a Get {name}", costs[method], costs[method] / costs[AuthenticationMethod.Basic]);
}

var tls = await service.TlsHandshakesAsync(shakes);
Show("CPU of a TLS handshake (P-256)", tls, 1);
await ShakeAsync("NTLM", AuthenticationMethod.Negotiate);
await ShakeAsync("CredSSP with NTLM", AuthenticationMethod.CredSsp);
if (kerberos)
{
    await ShakeAsync("Kerberos", AuthenticationMethod.Kerberos);
}

Throughput.Show(kerberos);
await BrokerStarts.ShowAsync(shakes);
return 0;

async Task ShakeAsync(string name, AuthenticationMethod method)
{
    var cost = await service.HandshakesAsync(method, shakes);
    Show($"CPU of a connection and handshake, {name}", cost, cost / tls);
    Console.WriteLine($"{$"handshakes of a core, {name}",-44}{TimeSpan.FromSeconds(1) / cost,9:0} /s");
}

static void Show(string what, TimeSpan cost, double ratio) => Console.WriteLine($"{what,-44}{cost.TotalMicroseconds,11:0} µs{ratio,9:0.00}");
