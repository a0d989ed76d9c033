using System.Globalization;
using Farwire.Hosting.Configuration;
using YamlDotNet.RepresentationModel;

namespace Farwire.Hosting.Collecting;

/// <summary>Names with values of a YAML file, each asked for once; what nobody asked for is told with its line.</summary>
internal sealed class YamlEntries
{
    private readonly string _file;
    private readonly YamlNode _node;
    private readonly Dictionary<string, YamlNode> _entries;

    private YamlEntries(string file, YamlNode node)
    {
        (_file, _node) = (file, node);
        _entries = node switch
        {
            YamlMappingNode mapping => mapping.Children.ToDictionary(child => Scalar(child.Key), child => child.Value, StringComparer.OrdinalIgnoreCase),
            YamlScalarNode { Value: null or "" } => new(StringComparer.OrdinalIgnoreCase),
            _ => throw Wrong(node, "names with values are expected here."),
        };
    }

    /// <summary>The file's entries; none when it is not there.</summary>
    /// <exception cref="ConfigurationFileException">It cannot be read or is no YAML.</exception>
    public static YamlEntries? Open(string file)
    {
        if (!File.Exists(file))
        {
            return null;
        }

        try
        {
            return YamlFile.Load(file) is { } root ? new YamlEntries(file, root) : null;
        }
        catch (ArgumentException e)
        {
            throw new ConfigurationFileException(file, 0, e.Message); // a name that is given twice
        }
    }

    public string? Text(string name) => Take(name) is { } node ? Scalar(node) : null;

    public string Need(string name) => Text(name) is { Length: > 0 } text ? text : throw Wrong(_node, $"{name} is missing.");

    public bool Flag(string name, bool absent = false) =>
        Take(name) is not { } node ? absent : bool.TryParse(Scalar(node), out var flag) ? flag : throw Wrong(node, $"{name} is true or false.");

    public long? Number(string name, long least, long most) =>
        Take(name) is not { } node ? null
        : long.TryParse(Scalar(node), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most ? number
        : throw Wrong(node, $"{name} is a number from {least} to {most}.");

    /// <summary>A time with its unit: <c>90d</c>, <c>12h</c>, <c>30m</c> or <c>10s</c>.</summary>
    public TimeSpan? Time(string name)
    {
        if (Take(name) is not { } node)
        {
            return null;
        }

        var text = Scalar(node);
        return text.Length > 1 && int.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? char.ToLowerInvariant(text[^1]) switch
            {
                'd' => TimeSpan.FromDays(number),
                'h' => TimeSpan.FromHours(number),
                'm' => TimeSpan.FromMinutes(number),
                's' => TimeSpan.FromSeconds(number),
                _ => throw Wrong(node, $"{name} is a time such as 90d, 12h, 30m or 10s."),
            }
            : throw Wrong(node, $"{name} is a time such as 90d, 12h, 30m or 10s.");
    }

    /// <summary>A number of bytes with its unit: <c>100GB</c>, <c>500MB</c>.</summary>
    public long? Bytes(string name)
    {
        if (Take(name) is not { } node)
        {
            return null;
        }

        var text = Scalar(node).ToUpperInvariant();
        var (factor, digits) = text.EndsWith("GB", StringComparison.Ordinal) ? (1L << 30, text[..^2]) : text.EndsWith("MB", StringComparison.Ordinal) ? (1L << 20, text[..^2]) : (1L, text);
        return long.TryParse(digits.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 && number <= long.MaxValue / factor
            ? number * factor
            : throw Wrong(node, $"{name} is a size such as 100GB or 500MB.");
    }

    public T Choice<T>(string name, T absent)
        where T : struct, Enum =>
        Take(name) is not { } node ? absent
        : Enum.TryParse<T>(Scalar(node).Replace("-", "", StringComparison.Ordinal), ignoreCase: true, out var value) && Enum.IsDefined(value) ? value
        : throw Wrong(node, $"{name} is one of {string.Join(", ", Enum.GetNames<T>())}.");

    /// <summary>One text or a list of them.</summary>
    public IReadOnlyList<string> Texts(string name) => Take(name) switch
    {
        null => [],
        YamlSequenceNode list => [.. list.Children.Select(Scalar)],
        var one => [Scalar(one)],
    };

    /// <summary>A part with names of its own.</summary>
    public YamlEntries? Part(string name) => Take(name) is { } node ? new YamlEntries(_file, node) : null;

    /// <summary>A list of such parts.</summary>
    public IReadOnlyList<YamlEntries> Parts(string name) => Take(name) switch
    {
        null => [],
        YamlSequenceNode list => [.. list.Children.Select(node => new YamlEntries(_file, node))],
        var node => throw Wrong(node, "a list is expected here, each entry with '- '."),
    };

    /// <summary>Reads by <paramref name="read"/>; what it says is wrong gets this part's line.</summary>
    public T Read<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e is FormatException or ArgumentException or IOException or UnauthorizedAccessException or System.Security.Cryptography.CryptographicException)
        {
            throw Wrong(_node, e.Message);
        }
    }

    /// <summary>Tells of what nobody asked for.</summary>
    public void End()
    {
        foreach (var (name, node) in _entries)
        {
            throw Wrong(node, $"'{name}' is not known here.");
        }
    }

    public ConfigurationFileException Wrong(string reason) => Wrong(_node, reason);

    private YamlNode? Take(string name) => _entries.Remove(name, out var node) ? node : null;

    private string Scalar(YamlNode node) => node is YamlScalarNode scalar ? scalar.Value ?? "" : throw Wrong(node, "a single value is expected here.");

    private ConfigurationFileException Wrong(YamlNode node, string reason) => new(_file, node.Start.Line, reason);
}
