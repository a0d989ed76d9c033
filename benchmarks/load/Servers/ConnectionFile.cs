using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;

namespace Farwire.Benchmarks.Load.Servers;

/// <summary><c>connection.json</c>, in the form of the ephemeral service, for the servers of this program.</summary>
internal static class ConnectionFile
{
    public static void Write(string folder, WebApplication application, X509Certificate2 certificate)
    {
        var addresses = application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.ToArray();
        Write(folder, addresses[0], "", "", addresses[1], Convert.ToHexStringLower(certificate.GetCertHash(HashAlgorithmName.SHA256)));
    }

    public static void Write(string folder, string http, string user, string password, string https = "", string certificateSha256 = "")
    {
        var path = Path.Combine(folder, "connection.json");
        File.WriteAllText(path + ".new", JsonSerializer.Serialize(
            new Dictionary<string, string> { ["http"] = http, ["https"] = https, ["user"] = user, ["password"] = password, ["certificateSha256"] = certificateSha256 }));
        File.Move(path + ".new", path);
    }
}

/// <summary>The end of a server: its standard input closes when the driver ends, however it ends.</summary>
internal static class Stopped
{
    public static Task ByTheDriver() => Console.OpenStandardInput().CopyToAsync(Stream.Null);
}
