namespace Farwire.Plugins;

/// <summary>One request: who asks what of which resource, until when, and how much the answer may hold.</summary>
/// <remarks>WinRM plug-in API, "WSMAN_PLUGIN_REQUEST", "WSMAN_OPERATION_INFO", "WSManPluginGetOperationParameters".</remarks>
public sealed record PluginRequest
{
    /// <summary>Who asks.</summary>
    public required Sender Sender { get; init; }

    /// <summary>The resource, as the client wrote it.</summary>
    public required string ResourceUri { get; init; }

    /// <summary>The keys of the instance, in wire order.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Selectors { get; init; } = [];

    /// <summary>The switches of the request; empty unless the registration says SupportsOptions.</summary>
    public IReadOnlyList<PluginOption> Options { get; init; } = [];

    /// <summary>The language for texts, or null.</summary>
    public string? Locale { get; init; }

    /// <summary>The language for numbers and dates, or null.</summary>
    public string? DataLocale { get; init; }

    /// <summary>The part that a Get, Put or Create is about; null unless the registration says SupportsFragment and the client asked for one.</summary>
    public PluginFragment? Fragment { get; init; }

    /// <summary>Which items are wanted; null unless the registration says SupportsFiltering and the client has a filter.</summary>
    public PluginFilter? Filter { get; init; }

    /// <summary>What the client brought with Put, Create and Invoke; null without it.</summary>
    public PluginInput? Input { get; init; }

    /// <summary>Bytes that the answer's envelope may have.</summary>
    public int MaxEnvelopeBytes { get; init; }

    /// <summary>How long the operation may take.</summary>
    public TimeSpan Timeout { get; init; }

    /// <summary>The value of the key <paramref name="name"/>, whatever its case; null without it.</summary>
    public string? Selector(string name)
    {
        foreach (var (key, value) in Selectors)
        {
            if (key.Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                return value;
            }
        }

        return null;
    }
}

/// <summary>Who sends a request.</summary>
/// <param name="Name">The name that authentication proved.</param>
/// <param name="Account">The Unix account that stands for it; empty when there is none.</param>
/// <param name="Mechanism">How it was proved, such as <c>Negotiate</c>; may be empty.</param>
/// <param name="Address">The network address; empty for a local caller.</param>
/// <remarks>WinRM plug-in API, "WSMAN_SENDER_DETAILS".</remarks>
public sealed record Sender(string Name, string Account, string Mechanism, string Address);

/// <summary>A switch of a request.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Value">Its text, or null.</param>
/// <param name="MustComply">Whoever does not know it must fail.</param>
public sealed record PluginOption(string Name, string? Value, bool MustComply);

/// <summary>A part of a representation.</summary>
/// <param name="Path">The path to it.</param>
/// <param name="Dialect">The language of the path; null is XPath 1.0.</param>
public sealed record PluginFragment(string Path, string? Dialect);

/// <summary>Which items of an enumeration or subscription are wanted.</summary>
/// <param name="Dialect">The language of the filter.</param>
/// <param name="Text">The filter: its text, or XML for dialects that are XML.</param>
public sealed record PluginFilter(string Dialect, string Text);
