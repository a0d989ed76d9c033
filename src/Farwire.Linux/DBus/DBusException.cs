namespace Farwire.Linux.DBus;

/// <summary>The other side answered with an error, or the bus could not be spoken to.</summary>
/// <param name="name">The error's name, such as <c>org.freedesktop.systemd1.NoSuchUnit</c>.</param>
/// <param name="message">What the other side says about it.</param>
public sealed class DBusException(string name, string message) : Exception($"{message} ({name})")
{
    /// <summary>The bus is gone, or cannot be reached.</summary>
    public const string Disconnected = "org.freedesktop.DBus.Error.Disconnected";

    /// <summary>Nobody answered in time.</summary>
    public const string NoReply = "org.freedesktop.DBus.Error.NoReply";

    /// <summary>What was sent breaks the protocol.</summary>
    public const string InconsistentMessage = "org.freedesktop.DBus.Error.InconsistentMessage";

    /// <summary>The error's name.</summary>
    public string Name { get; } = name;

    /// <summary>No such service is on the bus, and none can be started.</summary>
    public bool IsNobodyThere => Name is "org.freedesktop.DBus.Error.ServiceUnknown" or "org.freedesktop.DBus.Error.NameHasNoOwner"
        || Name.StartsWith("org.freedesktop.DBus.Error.Spawn.", StringComparison.Ordinal);
}
