using System.Globalization;

namespace Farwire.Service.Configuration;

/// <summary>What the value of a setting looks like.</summary>
public enum SettingKind
{
    /// <summary>A whole number, not negative.</summary>
    Number,

    /// <summary><c>true</c> or <c>false</c>.</summary>
    Flag,

    /// <summary>Text.</summary>
    Text,
}

/// <summary>Something that stands inside of a section: a setting or another section.</summary>
/// <param name="Name">The name of the element, whose case counts on the wire.</param>
public abstract record SectionMember(string Name);

/// <summary>One setting of the configuration, described once for the wire, the files, the checks and the help.</summary>
/// <param name="Name">The name of the element.</param>
/// <param name="Kind">What its value looks like.</param>
/// <param name="Default">The value when nobody sets it.</param>
/// <param name="Help">What it does, in one line.</param>
/// <remarks>MS-WSMV, "Abstract data model"; values are kept as the text that goes over the wire.</remarks>
public sealed record Setting(string Name, SettingKind Kind, string Default, string Help) : SectionMember(Name)
{
    /// <summary>The smallest number.</summary>
    public ulong Minimum { get; init; }

    /// <summary>The largest number.</summary>
    public ulong Maximum { get; init; } = uint.MaxValue;

    /// <summary>The default of hosts before 2012, which the profile <c>Compat: 2.0</c> brings back; null when it is the same.</summary>
    public string? Older { get; init; }

    /// <summary>Can be read but not changed: it has no effect any more.</summary>
    public bool IsReadOnly { get; init; }

    /// <summary>Is written and never returned.</summary>
    public bool IsSecret { get; init; }

    /// <summary>Stands in files alone: the wire neither shows nor takes it, and keeps it when it changes what stands beside it.</summary>
    public bool IsOfFiles { get; init; }

    /// <summary>Says what is wrong with a text, or null.</summary>
    public Func<string, string?>? Check { get; init; }

    /// <summary>The value in the form that is kept.</summary>
    /// <exception cref="SettingException">It is not a value of this setting.</exception>
    public string Parse(string text)
    {
        text = text.Trim();
        switch (Kind)
        {
            case SettingKind.Number:
                return ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= Minimum && number <= Maximum
                    ? number.ToString(CultureInfo.InvariantCulture)
                    : throw new SettingException($"{Name} is a whole number from {Minimum} to {Maximum}, not '{text}'.");
            case SettingKind.Flag:
                return text.ToUpperInvariant() switch
                {
                    "TRUE" or "1" => "true",
                    "FALSE" or "0" => "false",
                    _ => throw new SettingException($"{Name} is true or false, not '{text}'."),
                };
            default:
                return text.Length <= MaxLength
                    ? Check?.Invoke(text) is { } wrong ? throw new SettingException($"{Name}: {wrong}") : text
                    : throw new SettingException($"{Name} has at most {MaxLength} characters; these are {text.Length}.");
        }
    }

    // As long as a security descriptor may be.
    private const int MaxLength = 64 * 1024;

    /// <summary>Two places of the tree may look the same; they are two settings.</summary>
    public bool Equals(Setting? other) => ReferenceEquals(this, other);

    /// <inheritdoc/>
    public override int GetHashCode() => System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(this);
}
