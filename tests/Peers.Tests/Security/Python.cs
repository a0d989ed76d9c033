using System.Diagnostics;
using System.Text;
using System.Text.Json;

namespace Farwire.Peers.Tests.Security;

/// <summary>Clients and services in Python that others' libraries do the work of.</summary>
internal static class Python
{
    private static readonly Lock Once = new();
    private static string? _legacy;

    /// <summary>Skips the test when a module is not there.</summary>
    public static async Task NeedAsync(string module, string package)
    {
        var probe = await Commands.RunAsync("/usr/bin/python3", ["-c", "import " + module]);
        Assert.SkipUnless(probe.ExitCode == 0, $"{package} is not installed");
    }

    /// <summary>Skips the test when python3-gssapi or, for NTLM, gss-ntlmssp is not there.</summary>
    public static async Task NeedGssapiAsync(bool ntlm)
    {
        await NeedAsync("gssapi", "python3-gssapi");
        Assert.SkipUnless(!ntlm || Directory.Exists("/etc/gss/mech.d") && Directory.EnumerateFiles("/etc/gss/mech.d").Any(f => f.Contains("ntlm", StringComparison.Ordinal)), "gss-ntlmssp is not installed");
    }

    /// <summary>Runs a script of Peers/ with an environment, and what it reads.</summary>
    public static Task<Outcome> RunAsync(string script, IEnumerable<string> arguments, IReadOnlyDictionary<string, string> environment, string input = "") =>
        Commands.RunAsync("/usr/bin/env", [.. Variables(environment), "/usr/bin/python3", "-W", "ignore", Script(script), .. arguments], Encoding.UTF8.GetBytes(input));

    /// <summary>Runs gss_client.py and reads its answer.</summary>
    public static async Task<JsonElement> AskAsync(object question, IReadOnlyDictionary<string, string> environment)
    {
        var outcome = await RunAsync("gss_client.py", [], environment, JsonSerializer.Serialize(question));
        Assert.True(outcome.ExitCode == 0, outcome.Errors);
        return JsonDocument.Parse(outcome.Output).RootElement;
    }

    /// <summary>Starts gss_server.py; its port comes back.</summary>
    public static async Task<(Process Process, int Port)> ServeAsync(object question, IReadOnlyDictionary<string, string> environment)
    {
        var start = new ProcessStartInfo("/usr/bin/python3", ["-W", "ignore", Script("gss_server.py")]) { RedirectStandardInput = true, RedirectStandardOutput = true };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        var process = Process.Start(start)!;
        await process.StandardInput.WriteLineAsync(JsonSerializer.Serialize(question));
        await process.StandardInput.FlushAsync();
        return (process, int.Parse((await process.StandardOutput.ReadLineAsync())!, System.Globalization.CultureInfo.InvariantCulture));
    }

    /// <summary>The environment in which OpenSSL knows MD4, which Python's NTLM clients need.</summary>
    public static IReadOnlyDictionary<string, string> Legacy
    {
        get
        {
            lock (Once)
            {
                if (_legacy is null)
                {
                    _legacy = Path.Combine(Path.GetTempPath(), $"farwire-openssl-{Environment.ProcessId}.cnf");
                    File.WriteAllText(_legacy, "openssl_conf=i\n[i]\nproviders=p\n[p]\ndefault=d\nlegacy=l\n[d]\nactivate=1\n[l]\nactivate=1\n");
                    AppDomain.CurrentDomain.ProcessExit += (_, _) => File.Delete(_legacy);
                }

                return new Dictionary<string, string> { ["OPENSSL_CONF"] = _legacy };
            }
        }
    }

    public static string Script(string name) => Path.Combine(AppContext.BaseDirectory, "Peers", name);

    private static IEnumerable<string> Variables(IReadOnlyDictionary<string, string> environment) => environment.Select(v => $"{v.Key}={v.Value}");
}
