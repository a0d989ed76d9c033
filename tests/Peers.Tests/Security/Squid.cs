namespace Farwire.Peers.Tests.Security;

/// <summary>The proxy squid, on loopback, with a folder of its own.</summary>
internal static class Squid
{
    /// <summary>Starts it.</summary>
    /// <param name="rules">Who may use it, in squid's words, given its folder, where files that they name can be written.</param>
    public static Task<Daemon> StartAsync(Func<string, Task<string>> rules) => Daemon.StartAsync("/usr/sbin/squid", async (folder, port) =>
    {
        await File.WriteAllTextAsync(Path.Combine(folder, "squid.conf"), $"""
            http_port 127.0.0.1:{port}
            visible_hostname localhost
            pid_filename none
            pinger_enable off
            netdb_filename none
            shutdown_lifetime 0 seconds
            cache deny all
            access_log stdio:{folder}/access.log
            cache_log {folder}/cache.log
            coredump_dir {folder}
            {await rules(folder)}

            """);
        return ["-N", "-f", Path.Combine(folder, "squid.conf")];
    });

    /// <summary>Writes the user into the folder's file <c>users</c>; the answer is the program that asks it.</summary>
    public static async Task<string> BasicAsync(string folder, string user, string password)
    {
        var hash = (await Commands.RunAsync("openssl", ["passwd", "-6", password])).Output.Trim();
        await File.WriteAllTextAsync(Path.Combine(folder, "users"), $"{user}:{hash}\n");
        return $"auth_param basic program /usr/lib/squid/basic_ncsa_auth {folder}/users";
    }

    /// <summary>Only those who prove themselves.</summary>
    public const string KnownOnly = "acl known proxy_auth REQUIRED\nhttp_access allow known\nhttp_access deny all";
}
