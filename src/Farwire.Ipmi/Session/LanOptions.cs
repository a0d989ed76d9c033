using System.Text;

namespace Farwire.Ipmi.Session;

/// <summary>Where a controller is, who asks it, and how patiently.</summary>
public sealed record LanOptions
{
    /// <summary>IPMI 2.0, "RMCP Port Numbers": the primary port.</summary>
    public const int DefaultPort = 623;

    /// <summary>Longer passwords are not possible.</summary>
    public const int MaxPasswordBytes = 20;

    /// <summary>Longer names are not possible.</summary>
    public const int MaxUserBytes = 16;

    /// <summary>Name or address of the host.</summary>
    public required string Host { get; init; }

    /// <summary>The UDP port.</summary>
    public int Port { get; init; } = DefaultPort;

    /// <summary>The user; empty is the controller's nameless user.</summary>
    public string User { get; init; } = "";

    /// <summary>The password, at most 20 bytes.</summary>
    public ReadOnlyMemory<byte> Password { get; init; }

    /// <summary>The controller's own key, when it has one (20 bytes).</summary>
    public ReadOnlyMemory<byte> Kg { get; init; }

    /// <summary>The level to work at: the lowest that does is the best.</summary>
    public PrivilegeLevel Privilege { get; init; } = PrivilegeLevel.User;

    /// <summary>The suites to offer, best first; a refused one costs a round trip.</summary>
    public IReadOnlyList<CipherSuite> CipherSuites { get; init; } = [CipherSuite.Suite17, CipherSuite.Suite3];

    /// <summary>The first wait for an answer; each further one is twice as long, at most <see cref="MaxWait"/>.</summary>
    public TimeSpan FirstWait { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>The longest single wait.</summary>
    public TimeSpan MaxWait { get; init; } = TimeSpan.FromSeconds(4);

    /// <summary>How often a datagram is sent before the controller counts as silent. With the waits above: 7.5 s.</summary>
    public int Attempts { get; init; } = 4;

    /// <summary>A session idle for so long is kept alive; controllers drop it after 60 s ("Session Inactivity Timeout"). Zero: never.</summary>
    public TimeSpan KeepAlive { get; init; } = TimeSpan.FromSeconds(25);

    internal string Address => Port == DefaultPort ? Host : $"{Host}:{Port}";

    /// <summary>Throws when the options cannot work.</summary>
    /// <exception cref="ArgumentException">A value is out of its bounds; the message says which.</exception>
    public void Validate()
    {
        Check(Host.Length > 0, "a host is missing");
        Check(Port is > 0 and <= ushort.MaxValue, $"{Port} is not a port");
        Check(Encoding.UTF8.GetByteCount(User) <= MaxUserBytes, $"a user name has at most {MaxUserBytes} bytes");
        Check(Password.Length <= MaxPasswordBytes, $"a password has at most {MaxPasswordBytes} bytes");
        Check(Kg.Length <= MaxPasswordBytes, $"a K_g has at most {MaxPasswordBytes} bytes");
        Check(CipherSuites.Count > 0, "a cipher suite is missing");
        Check(Privilege is >= PrivilegeLevel.Callback and <= PrivilegeLevel.Oem, $"{Privilege} is not a level to ask for");
        Check(Attempts > 0 && FirstWait > TimeSpan.Zero && MaxWait >= FirstWait, "the waits and attempts must be more than zero");

        void Check(bool holds, string otherwise)
        {
            if (!holds)
            {
                throw new ArgumentException($"{Host}: {otherwise}.");
            }
        }
    }

    internal TimeSpan WaitOf(int attempt) => FirstWait * (1 << Math.Min(attempt, 16)) is var wait && wait < MaxWait ? wait : MaxWait;
}
