using System.Globalization;
using System.Xml.Linq;
using Farwire.Events.Subscriptions;

namespace Farwire.CommandLine.WecUtil;

/// <summary>What <c>wecutil gs</c> and <c>gr</c> print.</summary>
/// <remarks>Windows Event Collector, "wecutil". Programs read these lines: names, order and tabs are those of Windows.</remarks>
internal static class SubscriptionText
{
    public static void Write(TextWriter output, SubscriptionDefinition s)
    {
        var delivery = DeliverySettings.Of(s);
        output.WriteLine($"Subscription Id: {s.Id}");
        output.WriteLine($"SubscriptionType: {s.Type}");
        output.WriteLine($"Description: {s.Description}");
        output.WriteLine($"Enabled: {Truth(s.Enabled)}");
        output.WriteLine($"Uri: {s.Uri}");
        output.WriteLine($"ConfigurationMode: {s.ConfigurationMode}");
        output.WriteLine($"DeliveryMode: {delivery.Mode}");
        if (delivery.MaxItems is { } items)
        {
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"DeliveryMaxItems: {items}"));
        }

        output.WriteLine($"DeliveryMaxLatencyTime: {Milliseconds(delivery.MaxLatency)}");
        output.WriteLine($"HeartbeatInterval: {Milliseconds(delivery.Heartbeat)}");
        if (s.Expires is { } expires)
        {
            output.WriteLine($"Expires: {expires.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture)}");
        }

        output.WriteLine($"Query: {s.Query}");
        output.WriteLine($"ReadExistingEvents: {Truth(s.ReadExistingEvents)}");
        output.WriteLine($"TransportName: {s.TransportName.ToUpperInvariant()}");
        if (s.TransportPort is { } port)
        {
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"TransportPort: {port}"));
        }

        output.WriteLine($"ContentFormat: {s.ContentFormat}");
        output.WriteLine($"Locale: {s.Locale ?? "en-US"}");
        output.WriteLine($"LogFile: {s.LogFile}");
        output.WriteLine($"PublisherName: {s.PublisherName}");
        if (s.Type == SubscriptionType.SourceInitiated)
        {
            output.WriteLine($"AllowedIssuerCAList: {string.Join(", ", s.AllowedIssuerCAs)}");
            output.WriteLine($"AllowedSubjectList: {string.Join(", ", s.AllowedSubjects)}");
            output.WriteLine($"DeniedSubjectList: {string.Join(", ", s.DeniedSubjects)}");
            output.WriteLine($"AllowedSourceDomainComputers: {s.EffectiveSourceSddl}");
        }
        else
        {
            output.WriteLine($"CredentialsType: {s.CredentialsType}");
            if (s.UseSpnPort)
            {
                output.WriteLine("UseSpnPort: true");
            }

            if (s.CommonUserName is not null)
            {
                output.WriteLine($"CommonUserName: {s.CommonUserName}");
                output.WriteLine("CommonUserPassword: *****");
            }
        }

        for (var i = 0; i < s.EventSources.Count; i++)
        {
            var source = s.EventSources[i];
            output.WriteLine();
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"EventSource[{i}]:"));
            output.WriteLine($"\tAddress: {source.Address}");
            output.WriteLine($"\tEnabled: {Truth(source.Enabled)}");
            if (source.UserName is not null)
            {
                output.WriteLine($"\tUserName: {source.UserName}");
                output.WriteLine("\tUserPassword: *****");
            }
        }
    }

    public static void WriteStatus(TextWriter output, SubscriptionDefinition s, IReadOnlyList<XElement> sources)
    {
        var active = s.Enabled && !s.IsExpired(TimeProvider.System.GetUtcNow());
        output.WriteLine($"Subscription: {s.Id}");
        output.WriteLine($"\tRunTimeStatus: {(active ? "Active" : "Disabled")}");
        output.WriteLine("\tLastError: 0");
        output.WriteLine("\tEventSources:");
        foreach (var source in sources)
        {
            string? Of(string name) => source.Elements().FirstOrDefault(e => e.Name.LocalName == name)?.Value;
            void Line(string label, string? value)
            {
                if (value is not null)
                {
                    output.WriteLine($"\t\t\t{label}: {value}");
                }
            }

            output.WriteLine($"\t\t{Of("Name")}");
            Line("RunTimeStatus", Of("RunTimeStatus"));
            Line("LastError", Of("LastError"));
            Line("ErrorMessage", Of("ErrorMessage"));
            Line("ErrorTime", Time(Of("ErrorTime")));
            Line("NextRetryTime", Time(Of("NextRetryTime")));
            Line("LastHeartbeatTime", Time(Of("LastHeartbeatTime")));
        }
    }

    private static string Truth(bool value) => value ? "true" : "false";

    private static string Milliseconds(TimeSpan time) => ((long)time.TotalMilliseconds).ToString(CultureInfo.InvariantCulture);

    // Three decimals and no Z.
    private static string? Time(string? text) => text is { Length: > 23 } ? text[..23] : text;
}
