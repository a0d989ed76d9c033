using Farwire.Protocol.Envelope;
using Farwire.Protocol.Names;

namespace Farwire.Client.Shells;

/// <summary>What a new remote shell shall be.</summary>
/// <remarks>MS-WSMV, "wst:Create" of remote shells.</remarks>
public sealed record ShellSettings
{
    /// <summary>UTF-8, as Windows numbers it.</summary>
    public const int Utf8CodePage = 65001;

    /// <summary>The kind of shell.</summary>
    public string ResourceUri { get; init; } = ResourceUris.CommandShell;

    /// <summary>An id of the client's choice, a GUID; null leaves it to the service.</summary>
    public string? ShellId { get; init; }

    /// <summary>A name for people who list shells.</summary>
    public string? Name { get; init; }

    /// <summary>Variables for every command, in order.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Environment { get; init; } = [];

    /// <summary>Where commands start; null is the user's home.</summary>
    public string? WorkingDirectory { get; init; }

    /// <summary>When the shell ends, whatever happens in it.</summary>
    public TimeSpan? Lifetime { get; init; }

    /// <summary>How long the shell outlives its last request; null leaves it to the service.</summary>
    public TimeSpan? IdleTimeOut { get; init; }

    /// <summary>Starts without the user's profile (WINRS_NOPROFILE).</summary>
    public bool NoProfile { get; init; }

    /// <summary>The code page of the streams (WINRS_CODEPAGE); without it Windows writes in the code page of its installation.</summary>
    public int CodePage { get; init; } = Utf8CodePage;

    /// <summary>The code page of output that is not UTF-8: that of tools which ignore <see cref="CodePage"/>.</summary>
    public int OemCodePage { get; init; } = OutputText.DefaultOemCodePage;

    /// <summary>Packs all streams (xpress): worth it on slow ways, at the price of processor time on both sides.</summary>
    public bool Compression { get; init; }

    /// <summary>Creation data of shells that need some: one XML element.</summary>
    internal string? CreationXml { get; init; }

    /// <summary>The options of Create, in place of those of a command shell.</summary>
    internal OptionSet? Options { get; init; }

    /// <summary>Streams from client to command.</summary>
    public IReadOnlyList<string> InputStreams { get; init; } = ["stdin"];

    /// <summary>Streams from command to client.</summary>
    public IReadOnlyList<string> OutputStreams { get; init; } = ["stdout", "stderr"];
}
