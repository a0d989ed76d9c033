using System.Security.Cryptography;
using System.Text;
using Farwire.Peers.Tests.Administration;

namespace Farwire.Peers.Tests.Security;

/// <summary>What the built service and the built client tell of client certificates: never a private key, and never the password of a mapping.</summary>
public sealed class CertificateSecretTests
{
    private const string Wrong = "Tr0ub4dor&4";

    [Fact]
    public async Task Logs_answers_and_errors_hold_no_private_key_and_no_mapped_password()
    {
        using var chain = new AuthorityChain();
        using var strangers = new AuthorityChain();
        await using var service = await AdministeredService.StartWithAsync(
            ["--log-level", "trace"], ("authorities/root.pem", chain.RootPem), ("farwired.yaml", "Service: { Auth: { Certificate: true } }\n"));
        var address = await CertificateListener.OpenAsync(service);
        string File(string name) => Path.Combine(service.State, name);
        chain.Issue(File("client.pem"), "box1.example.org");
        strangers.Issue(File("stranger.pem"), "box1.example.org");

        // A key that is another's, and one that is cut short.
        var (own, other) = (System.IO.File.ReadAllText(File("client.pem")), System.IO.File.ReadAllText(File("stranger.pem")));
        System.IO.File.WriteAllText(File("mixed.pem"), own[..own.IndexOf(KeyLine, StringComparison.Ordinal)] + other[other.IndexOf(KeyLine, StringComparison.Ordinal)..]);
        System.IO.File.WriteAllText(File("cut.pem"), own[..(own.IndexOf(KeyLine, StringComparison.Ordinal) + 100)]);
        var mapping = $"winrm/config/service/certmapping?Issuer={chain.IssuerThumbprint}+Subject=*+URI=*";
        var told = new List<Outcome>();

        told.Add(await service.WinRmAsync("create", mapping, $"@{{UserName=\"ann\";Password=\"{AdministeredService.Password}\"}}"));
        foreach (var (file, code) in new[] { ("client.pem", 0), ("stranger.pem", 1), ("mixed.pem", 1), ("cut.pem", 1) })
        {
            var asked = await AskAsync(file);
            Assert.True(asked.ExitCode == code, file + asked.Output + asked.Errors);
            told.Add(asked);
        }

        told.Add(await service.WinRmAsync("set", mapping, $"@{{Password=\"{Wrong}\"}}"));
        told.Add(await AskAsync("client.pem"));
        Assert.Equal(1, told[^1].ExitCode);
        told.Add(await service.WinRmAsync("enumerate", "winrm/config/service/certmapping"));

        string[] everything = [service.Log, .. told.Select(one => one.Output + one.Errors)];
        string[] secrets = [AdministeredService.Password, Wrong, .. Keys(own), .. Keys(other), .. Keys(System.IO.File.ReadAllText(Path.Combine(service.Config, "certificates", "localhost.key")))];
        Assert.True(secrets.Length > 10);
        Assert.Contains("certmapping", service.Log, StringComparison.Ordinal); // trace tells whole messages
        Assert.All(everything, text => Assert.All(secrets, secret => Assert.DoesNotContain(secret, text, StringComparison.OrdinalIgnoreCase)));

        Task<Outcome> AskAsync(string file) => Commands.RunAsync(
            RunningService.Program("farwire"),
            ["winrm", "get", "wmicimv2/Win32_OperatingSystem", "-r:" + address, "-a:certificate", "-c:" + File(file), "--ca", CertificateListener.FileOf(service), "-skipRevocationCheck"]);
    }

    private const string KeyLine = "-----BEGIN PRIVATE KEY-----";

    // Each line of a key as it stands in the file, and the whole as other ways to write bytes.
    private static IEnumerable<string> Keys(string pem)
    {
        var block = pem[pem.IndexOf(KeyLine, StringComparison.Ordinal)..];
        var text = block.AsSpan()[PemEncoding.Find(block).Base64Data].ToString();
        var bytes = Convert.FromBase64String(text);
        return [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Skip(1).Where(line => line.Length > 20), Convert.ToBase64String(bytes), Convert.ToHexString(bytes), Encoding.Latin1.GetString(bytes)];
    }
}
