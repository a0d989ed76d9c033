using System.Net.Sockets;
using System.Text;
using Farwire.Linux.DBus;

namespace Farwire.CommandLine.Connection;

/// <summary>The keyring of the desktop: what <c>secret-tool store --label=… application farwire host HOST user USER</c> has put there.</summary>
/// <remarks>Secret Service API, "OpenSession", "SearchItems", "GetSecret". A locked item is left alone: nobody is asked to open it here.</remarks>
internal static class SecretService
{
    private const string Name = "org.freedesktop.secrets";
    private const string Path = "/org/freedesktop/secrets";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>The password; null when there is no keyring, or it does not know.</summary>
    public static string? Find(Terminal terminal, string host, string user)
    {
        if (!OperatingSystem.IsLinux() || Address(terminal.Environment("DBUS_SESSION_BUS_ADDRESS")) is not { } bus)
        {
            return null;
        }

        using var patience = new CancellationTokenSource(Patience);
        try
        {
            return Task.Run(() => FindAsync(bus, host, user, patience.Token)).GetAwaiter().GetResult();
        }
        catch (Exception e) when (e is DBusException or OperationCanceledException)
        {
            return null; // the next place may know
        }
    }

    // 1. A session without encryption of its own: the bus is the user's. 2. Items with all these attributes. 3. The secret of the first.
    private static async Task<string?> FindAsync(UnixDomainSocketEndPoint bus, string host, string user, CancellationToken cancellationToken)
    {
        await using var connection = await DBusConnection.OpenAsync(bus, TimeProvider.System, cancellationToken).ConfigureAwait(false);
        var opened = await connection.CallAsync(
            new DBusCall(Name, Path, "org.freedesktop.Secret.Service", "OpenSession") { Signature = "sv", Arguments = w => w.String("plain").Variant("") }, cancellationToken).ConfigureAwait(false);
        var session = SessionOf(opened);
        var found = await connection.CallAsync(
            new DBusCall(Name, Path, "org.freedesktop.Secret.Service", "SearchItems")
            {
                Signature = "a{ss}",
                Arguments = w => w.Dictionary(KeyValuePair.Create("application", "farwire"), KeyValuePair.Create("host", host), KeyValuePair.Create("user", user)),
            },
            cancellationToken).ConfigureAwait(false);
        if (found.Body().Strings() is not [var item, ..])
        {
            return null;
        }

        var answer = await connection.CallAsync(
            new DBusCall(Name, item, "org.freedesktop.Secret.Item", "GetSecret") { Signature = "o", Arguments = w => w.String(session) }, cancellationToken).ConfigureAwait(false);
        return SecretOf(answer);
    }

    // v, o
    private static string SessionOf(DBusMessage opened)
    {
        var body = opened.Body();
        _ = body.Variant();
        return body.String();
    }

    // (oayays): session, parameters, secret, type
    private static string SecretOf(DBusMessage answer)
    {
        var body = answer.Body();
        body.Structure();
        _ = body.String();
        _ = body.Bytes();
        return Encoding.UTF8.GetString(body.Bytes());
    }

    // unix:path=/run/user/1000/bus,guid=…, the first of several
    private static UnixDomainSocketEndPoint? Address(string? addresses) =>
        addresses?.Split(';')[0] is { } first && first.StartsWith("unix:", StringComparison.Ordinal)
        && first["unix:".Length..].Split(',').Select(part => part.Split('=', 2)).FirstOrDefault(part => part is ["path" or "abstract", _]) is [var kind, var name]
            ? new UnixDomainSocketEndPoint(kind == "path" ? name : "\0" + name)
            : null;
}
