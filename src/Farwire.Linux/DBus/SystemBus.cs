using System.Net.Sockets;

namespace Farwire.Linux.DBus;

/// <summary>The system's message bus: connected at first use, and again after it was gone.</summary>
/// <remarks>D-Bus Specification, "Well-known Message Bus Instances".</remarks>
public sealed class SystemBus : IAsyncDisposable
{
    /// <summary>The address when the environment names none.</summary>
    public const string DefaultAddress = "unix:path=/run/dbus/system_bus_socket";

    private readonly TimeProvider _time;
    private readonly SemaphoreSlim _opening = new(1);
    private DBusConnection? _connection;

    /// <summary>The bus at <paramref name="address"/>; null takes that of the environment, or the usual one.</summary>
    public SystemBus(string? address = null, TimeProvider? time = null)
    {
        Address = address ?? Environment.GetEnvironmentVariable("DBUS_SYSTEM_BUS_ADDRESS") ?? DefaultAddress;
        _time = time ?? TimeProvider.System;
    }

    /// <summary>Where the bus is.</summary>
    public string Address { get; }

    /// <summary>The connection; null when this system has no bus.</summary>
    /// <exception cref="DBusException">The bus is there but does not want us.</exception>
    public async ValueTask<DBusConnection?> ConnectAsync(CancellationToken cancellationToken)
    {
        if (Volatile.Read(ref _connection) is { IsOpen: true } open)
        {
            return open;
        }

        await _opening.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (_connection is { IsOpen: true } meanwhile)
            {
                return meanwhile;
            }

            if (_connection is { } gone)
            {
                _connection = null;
                await gone.DisposeAsync().ConfigureAwait(false);
            }

            return EndPointOf(Address) is { } endPoint ? _connection = await DBusConnection.OpenAsync(endPoint, _time, cancellationToken).ConfigureAwait(false) : null;
        }
        catch (DBusException e) when (e.Name == DBusException.Disconnected)
        {
            // A socket that nobody listens at any more is as good as none.
            return null;
        }
        finally
        {
            _opening.Release();
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _connection, null) is { } connection)
        {
            await connection.DisposeAsync().ConfigureAwait(false);
        }

        _opening.Dispose();
    }

    // address {; address}, each transport:key=value{,key=value}; the first that is there counts.
    private static UnixDomainSocketEndPoint? EndPointOf(string addresses)
    {
        foreach (var address in addresses.Split(';'))
        {
            if (!address.StartsWith("unix:", StringComparison.Ordinal))
            {
                continue;
            }

            foreach (var pair in address[5..].Split(','))
            {
                switch (pair.Split('=', 2))
                {
                    case ["path", var path] when File.Exists(Uri.UnescapeDataString(path)):
                        return new UnixDomainSocketEndPoint(Uri.UnescapeDataString(path));
                    case ["abstract", var name]:
                        return new UnixDomainSocketEndPoint("\0" + Uri.UnescapeDataString(name));
                }
            }
        }

        return null;
    }
}
