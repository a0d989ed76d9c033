// Measures what proof and sealing cost the service, in one run, and prints a table:
//   CPU of the service for a Get, clear and sealed by NTLM and (with KRB5_CONFIG, KRB5_KTNAME and tickets: security.sh) by Kerberos;
//   CPU of the service for a handshake: NTLM and Kerberos beside TLS;
//   how fast one core seals and opens a message of 500 KB.
using Farwire.Benchmarks.Security;
using Farwire.Client.Connection;

var kerberos = Environment.GetEnvironmentVariable("KRB5_KTNAME") is { Length: > 0 };
var gets = args.Contains("--quick") ? 500 : 4000;
var shakes = args.Contains("--quick") ? 50 : 400;
await using var service = await MeasuredService.StartAsync();

Console.WriteLine($"{"measured",-44}{"figure",14}{"ratio",9}");
var clear = await service.GetsAsync(AuthenticationMethod.Basic, gets);
Show("CPU of a Get in clear, Basic", clear, 1);
await GetAsync("NTLM", AuthenticationMethod.Negotiate);
if (kerberos)
{
    await GetAsync("Kerberos", AuthenticationMethod.Kerberos);
}

var tls = await service.TlsHandshakesAsync(shakes);
Show("CPU of a TLS handshake (P-256)", tls, 1);
await ShakeAsync("NTLM", AuthenticationMethod.Negotiate);
if (kerberos)
{
    await ShakeAsync("Kerberos", AuthenticationMethod.Kerberos);
}

Throughput.Show();
return 0;

async Task GetAsync(string name, AuthenticationMethod method)
{
    var cost = await service.GetsAsync(method, gets);
    Show($"CPU of a Get sealed by {name}", cost, cost / clear);
}

async Task ShakeAsync(string name, AuthenticationMethod method)
{
    var cost = await service.HandshakesAsync(method, shakes);
    Show($"CPU of a connection and handshake, {name}", cost, cost / tls);
}

static void Show(string what, TimeSpan cost, double ratio) => Console.WriteLine($"{what,-44}{cost.TotalMicroseconds,11:0} µs{ratio,9:0.00}");
