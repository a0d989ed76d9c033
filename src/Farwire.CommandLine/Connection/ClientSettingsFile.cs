using System.Globalization;
using Farwire.Client.Connection;
using Farwire.CommandLine.Grammar;
using YamlDotNet.RepresentationModel;

namespace Farwire.CommandLine.Connection;

/// <summary>One file of <see cref="ClientSettings"/>: <c>NAME: VALUE</c>, with <c>Auth</c> and <c>DefaultPorts</c> one level deeper.</summary>
internal sealed class ClientSettingsFile
{
    private const int MaxBytes = 64 * 1024;

    private readonly string _path;

    private ClientSettingsFile(string path) => _path = path;

    /// <summary>What <paramref name="path"/> says, over <paramref name="below"/>.</summary>
    /// <exception cref="UsageException">It cannot be read, or says something unknown.</exception>
    public static ClientSettings Read(ClientSettings below, string path)
    {
        var file = new ClientSettingsFile(path);
        return file.Over(below, file.With);
    }

    /// <summary>What the policy in <paramref name="path"/> says of clients, over <paramref name="below"/>. The rest of it is the service's.</summary>
    /// <exception cref="UsageException">It cannot be read, or says something unknown of clients.</exception>
    public static ClientSettings ReadPolicy(ClientSettings below, string path)
    {
        var file = new ClientSettingsFile(path);
        return file.Over(below, (settings, entry) => entry.Name.Equals("Client", StringComparison.OrdinalIgnoreCase) ? file.Entries(entry.Value).Aggregate(settings, file.With) : settings);
    }

    private ClientSettings Over(ClientSettings below, Func<ClientSettings, (string Name, YamlNode Value), ClientSettings> with)
    {
        var documents = YamlFile.Load(_path, MaxBytes);
        return documents.Count switch
        {
            0 => below,
            1 => Entries(documents[0].RootNode).Aggregate(below, with),
            _ => throw new UsageException($"{_path} holds several documents."),
        };
    }

    private ClientSettings With(ClientSettings settings, (string Name, YamlNode Value) entry) => entry.Name.ToUpperInvariant() switch
    {
        "NETWORKDELAYMS" => settings with { NetworkDelay = TimeSpan.FromMilliseconds(Number(entry.Value, 500, int.MaxValue)) },
        "URLPREFIX" => settings with { UrlPrefix = Prefix(entry.Value) },
        "ALLOWUNENCRYPTED" => settings with { AllowUnencrypted = Flag(entry.Value) },
        "TRUSTEDHOSTS" => settings with { TrustedHosts = Hosts(entry.Value) },
        "AUTH" => Entries(entry.Value).Aggregate(settings, WithMethod),
        "DEFAULTPORTS" => Entries(entry.Value).Aggregate(settings, WithPort),
        _ => throw Wrong(entry.Value, $"'{entry.Name}' is no setting of a client"),
    };

    private ClientSettings WithMethod(ClientSettings settings, (string Name, YamlNode Value) entry) =>
        Enum.TryParse<AuthenticationMethod>(entry.Name, ignoreCase: true, out var method) && method != AuthenticationMethod.None && !char.IsAsciiDigit(entry.Name[0])
            ? settings with { Refused = Flag(entry.Value) ? [.. settings.Refused.Where(m => m != method)] : [.. settings.Refused, method] }
            : throw Wrong(entry.Value, $"'{entry.Name}' is none of Basic, Digest, Kerberos, Negotiate, Certificate and CredSSP");

    private ClientSettings WithPort(ClientSettings settings, (string Name, YamlNode Value) entry) => entry.Name.ToUpperInvariant() switch
    {
        "HTTP" => settings with { HttpPort = Number(entry.Value, 1, ushort.MaxValue) },
        "HTTPS" => settings with { HttpsPort = Number(entry.Value, 1, ushort.MaxValue) },
        _ => throw Wrong(entry.Value, $"'{entry.Name}' is neither HTTP nor HTTPS"),
    };

    private IEnumerable<(string Name, YamlNode Value)> Entries(YamlNode node) => node switch
    {
        YamlMappingNode map => map.Children.Select(child => (Text(child.Key), child.Value)),
        YamlScalarNode { Value: null or "" } => [],
        _ => throw Wrong(node, "here stands a list of NAME: VALUE"),
    };

    // A list of YAML does as well as one with commas.
    private TrustedHosts Hosts(YamlNode node)
    {
        try
        {
            return TrustedHosts.Parse(node is YamlSequenceNode list ? string.Join(',', list.Select(Text)) : Text(node));
        }
        catch (FormatException e)
        {
            throw Wrong(node, e.Message.TrimEnd('.'));
        }
    }

    private string Prefix(YamlNode node) =>
        Text(node) is { Length: > 0 } text && text[0] != '/' && text[^1] != '/' && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '/')
            ? text
            : throw Wrong(node, "a prefix is made of letters, digits, '_', '-', and '/' between them");

    private bool Flag(YamlNode node) => bool.TryParse(Text(node), out var flag) ? flag : throw Wrong(node, "true or false stands here");

    private int Number(YamlNode node, int least, int most) =>
        int.TryParse(Text(node), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
            ? number
            : throw Wrong(node, $"a number from {least} to {most} stands here");

    private string Text(YamlNode node) => node is YamlScalarNode { Value: { } text } ? text : throw Wrong(node, "text stands here");

    private UsageException Wrong(YamlNode node, string problem) => new($"{_path}, line {node.Start.Line}: {problem}.");
}
