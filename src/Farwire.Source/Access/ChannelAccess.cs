using Farwire.Service.Access;

namespace Farwire.Source.Access;

/// <summary>Who may read which channel: each has a security descriptor.</summary>
/// <remarks>Windows Event Log, "Event Logging Security": reading is the right 0x1, writing 0x2, clearing 0x4.</remarks>
public sealed class ChannelAccess
{
    /// <summary>What holds for a channel without its own: administrators, and the readers of event logs: on this machine <c>adm</c> and <c>systemd-journal</c>.</summary>
    public const string DefaultSddl = "O:BAG:SYD:(A;;0x7;;;BA)(A;;0x1;;;ER)";

    private const uint Read = 0x1;

    private static readonly GenericMapping Rights = new(Read, 0x2, 0, 0x7);
    private static readonly SecurityDescriptor Default = SecurityDescriptor.Parse(DefaultSddl);

    private readonly Dictionary<string, SecurityDescriptor> _own;

    /// <param name="descriptors">The descriptors of channels that have their own.</param>
    /// <exception cref="SddlException">A text is not a descriptor.</exception>
    public ChannelAccess(IReadOnlyDictionary<string, string> descriptors) =>
        _own = descriptors.ToDictionary(channel => channel.Key, channel => SecurityDescriptor.Parse(channel.Value), StringComparer.OrdinalIgnoreCase);

    /// <summary>The descriptor of <paramref name="channel"/>.</summary>
    public SecurityDescriptor DescriptorOf(string channel) => _own.GetValueOrDefault(channel) ?? Default;

    /// <summary>True when <paramref name="token"/> may read <paramref name="channel"/>.</summary>
    public bool MayRead(CallerToken token, string channel) => DescriptorOf(channel).Grants(token, Read, Rights);
}
