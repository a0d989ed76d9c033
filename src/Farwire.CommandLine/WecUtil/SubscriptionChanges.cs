using System.Globalization;
using Farwire.CommandLine.Grammar;
using Farwire.Events.Queries;
using Farwire.Events.Subscriptions;

namespace Farwire.CommandLine.WecUtil;

/// <summary>Applies the switches of <c>wecutil ss</c> to a subscription.</summary>
/// <remarks>Windows Event Collector, "wecutil", "set-subscription". Which switch needs which is checked before anything changes.</remarks>
internal static class SubscriptionChanges
{
    private static readonly string[] CustomOnly = ["dm", "dmi", "dmlt", "hi"];
    private static readonly string[] SourceInitiatedOnly = ["ica", "as", "ds", "adc"];
    private static readonly string[] CollectorInitiatedOnly = ["esa", "ct", "cun", "cup", "essp"];
    private static readonly string[] OfSource = ["ese", "aes", "res", "un"];

    public static SubscriptionDefinition Apply(SubscriptionDefinition s, WecLine line, Func<string, string> password)
    {
        if (line.Given.FirstOrDefault(name => name is "f" or "u" or "c" or "quiet") is { } foreign)
        {
            throw new UsageException($"/{foreign} is not a switch of ss here.");
        }

        // What stands by itself first: the mode and the content decide what else is allowed.
        s = s with
        {
            Enabled = line.Truth("e") ?? s.Enabled,
            Description = line["d"] ?? s.Description,
            Expires = line["ex"] is { } expires ? Expiry(expires) : s.Expires,
            Uri = line["uri"] ?? s.Uri,
            ConfigurationMode = Enumeration("cm", line["cm"], s.ConfigurationMode),
            Query = line["q"] is { } query ? Query(query) : s.Query,
            Dialect = line["dia"] ?? s.Dialect,
            ContentFormat = Enumeration("cf", line["cf"], s.ContentFormat),
            ReadExistingEvents = line.Truth("ree") ?? s.ReadExistingEvents,
            LogFile = line["lf"] ?? s.LogFile,
            PublisherName = line["pn"] ?? s.PublisherName,
            TransportName = line["tn"] is { } transport ? Transport(transport) : s.TransportName,
            TransportPort = line["tp"] is { } port ? Number("tp", port, 1, 65535) : s.TransportPort,
        };
        Check(s, line);
        s = s with
        {
            Locale = line["l"] ?? s.Locale,
            DeliveryMode = line["dm"] is { } mode ? Enumeration("dm", mode, DeliveryMode.Push) : s.DeliveryMode,
            MaxItems = line["dmi"] is { } items ? Number("dmi", items, 1, int.MaxValue) : s.MaxItems,
            MaxLatency = line["dmlt"] is { } latency ? TimeSpan.FromMilliseconds(Number("dmlt", latency, 0, int.MaxValue)) : s.MaxLatency,
            HeartbeatInterval = line["hi"] is { } heartbeat ? TimeSpan.FromMilliseconds(Number("hi", heartbeat, 1, int.MaxValue)) : s.HeartbeatInterval,
            AllowedIssuerCAs = List(line["ica"]) ?? s.AllowedIssuerCAs,
            AllowedSubjects = List(line["as"]) ?? s.AllowedSubjects,
            DeniedSubjects = List(line["ds"]) ?? s.DeniedSubjects,
            AllowedSourceDomainComputers = line["adc"] ?? s.AllowedSourceDomainComputers,
            UseSpnPort = line.Truth("essp") ?? s.UseSpnPort,
            CredentialsType = Enumeration("ct", line["ct"], s.CredentialsType),
        };
        if (line.Has("hn"))
        {
            s = DeliverySettings.Of(s).Mode == DeliveryMode.Push
                ? s with { HostName = line["hn"] }
                : throw new UsageException("/hn goes with push delivery only; add /dm:Push.");
        }

        return Source(Credentials(s, line, password), line, password);
    }

    /// <summary>The credentials of a file's subscription, overruled by /cun and /cup: those of single sources go.</summary>
    public static SubscriptionDefinition Credentials(SubscriptionDefinition s, WecLine line, Func<string, string> password)
    {
        if (line["cun"] is not { } user)
        {
            return line.Has("cup") ? throw new UsageException("/cup needs /cun.") : s;
        }

        return s with
        {
            CommonUserName = user,
            CommonPassword = line["cup"] is { } given ? Password(given, $"Password of {user}: ", password) : s.CommonPassword,
            EventSources = [.. s.EventSources.Select(source => source with { UserName = null, Password = null })],
        };
    }

    private static void Check(SubscriptionDefinition s, WecLine line)
    {
        Only(line, CustomOnly, s.ConfigurationMode == ConfigurationMode.Custom, "with the configuration mode Custom; add /cm:Custom");
        Only(line, SourceInitiatedOnly, s.Type == SubscriptionType.SourceInitiated, "with source-initiated subscriptions");
        Only(line, CollectorInitiatedOnly, s.Type == SubscriptionType.CollectorInitiated, "with collector-initiated subscriptions");
        Only(line, ["l"], s.ContentFormat == ContentFormat.RenderedText, "with the content format RenderedText");
        Only(line, OfSource, line.Has("esa"), "with /esa:ADDRESS");
        Only(line, ["up"], line.Has("un"), "with /un:USER");
        Only(line, ["cup"], line.Has("cun"), "with /cun:USER");
    }

    private static void Only(WecLine line, string[] names, bool allowed, string when)
    {
        if (!allowed && names.FirstOrDefault(line.Has) is { } name)
        {
            throw new UsageException($"/{name} goes {when} only.");
        }
    }

    private static SubscriptionDefinition Source(SubscriptionDefinition s, WecLine line, Func<string, string> password)
    {
        if (line["esa"] is not { } address)
        {
            return s;
        }

        var known = s.EventSources.FirstOrDefault(source => source.Address.Equals(address, StringComparison.OrdinalIgnoreCase));
        var (add, remove) = (line.Truth("aes") == true, line.Truth("res") == true);
        if (add && remove)
        {
            throw new UsageException("/aes and /res exclude each other.");
        }

        if (add && known is not null)
        {
            throw new UsageException($"'{address}' is a source of '{s.Id}' already.");
        }

        if (!add && known is null)
        {
            throw new UsageException($"'{address}' is not a source of '{s.Id}'; add it with /aes.");
        }

        if (remove)
        {
            return s with { EventSources = [.. s.EventSources.Where(source => source != known)] };
        }

        var changed = (known ?? new EventSource(address)) with { Enabled = line.Truth("ese") ?? known?.Enabled ?? true };
        if (line["un"] is { } user)
        {
            changed = changed with { UserName = user, Password = line["up"] is { } given ? Password(given, $"Password of {user}: ", password) : changed.Password };
        }

        return s with { EventSources = known is null ? [.. s.EventSources, changed] : [.. s.EventSources.Select(source => source == known ? changed : source)] };
    }

    // A star asks for it, so that it stands in no history.
    private static string Password(string given, string prompt, Func<string, string> ask) => given == "*" ? ask(prompt) : given;

    private static string Query(string text)
    {
        try
        {
            return EventQuery.Parse(text).Xml;
        }
        catch (EventQueryException e)
        {
            throw new UsageException($"/q: {e.Message}");
        }
    }

    private static DateTime? Expiry(string text) =>
        text.Length == 0 ? null
        : DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) && time.UtcDateTime <= SubscriptionDefinition.LastExpiry ? time.UtcDateTime
        : throw new UsageException($"/ex is a time such as 2030-01-01T00:00:00, not '{text}'.");

    private static string Transport(string text) =>
        text.Equals("http", StringComparison.OrdinalIgnoreCase) || text.Equals("https", StringComparison.OrdinalIgnoreCase)
            ? text
            : throw new UsageException($"/tn is http or https, not '{text}'.");

    private static int Number(string name, string text, int least, int most) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
            ? number
            : throw new UsageException($"/{name} is a number from {least} to {most}, not '{text}'.");

    private static T Enumeration<T>(string name, string? text, T absent)
        where T : struct, Enum =>
        text is null ? absent
        : Enum.TryParse<T>(text, ignoreCase: true, out var value) && Enum.IsDefined(value) && !char.IsAsciiDigit(text[0]) ? value
        : throw new UsageException($"/{name} is one of {string.Join(", ", Enum.GetNames<T>())}, not '{text}'.");

    private static List<string>? List(string? text) => text is null ? null : [.. text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)];
}
