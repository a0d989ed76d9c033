using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Farwire.Benchmarks.Load.Servers;

/// <summary>What everything is compared with: bare Kestrel that reads the body whole and answers bytes it was given.</summary>
internal static class ReferenceServer
{
    /// <param name="folder">Holds <c>identify.xml</c> and <c>get.xml</c>, the bytes to answer at /identify and /get.</param>
    public static async Task RunAsync(string folder)
    {
        var answers = new Dictionary<string, byte[]>
        {
            ["/identify"] = await File.ReadAllBytesAsync(Path.Combine(folder, "identify.xml")),
            ["/get"] = await File.ReadAllBytesAsync(Path.Combine(folder, "get.xml")),
        };
        using var certificate = Certificates.Make();
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(new IPEndPoint(IPAddress.Loopback, 0), listen => listen.Protocols = HttpProtocols.Http1);
            kestrel.Listen(new IPEndPoint(IPAddress.Loopback, 0), listen =>
            {
                listen.Protocols = HttpProtocols.Http1;
                listen.UseHttps(certificate);
            });
        });
        await using var application = builder.Build();
        application.Run(http => AnswerAsync(http, answers[http.Request.Path.Value!]));
        await application.StartAsync();
        ConnectionFile.Write(folder, application, certificate);
        await Stopped.ByTheDriver();
    }

    private static async Task AnswerAsync(HttpContext http, byte[] answer)
    {
        var reader = http.Request.BodyReader;
        while (true)
        {
            var result = await reader.ReadAsync();
            reader.AdvanceTo(result.Buffer.End);
            if (result.IsCompleted)
            {
                break;
            }
        }

        http.Response.ContentType = "application/soap+xml;charset=UTF-8";
        http.Response.ContentLength = answer.Length;
        await http.Response.BodyWriter.WriteAsync(answer);
    }
}
