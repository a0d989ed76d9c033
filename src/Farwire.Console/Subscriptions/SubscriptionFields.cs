using Farwire.Events.Queries;
using Farwire.Events.Subscriptions;
using Microsoft.AspNetCore.Http;

namespace Farwire.Console.Subscriptions;

/// <summary>The fields of the subscription editor. What has no field stays as it was.</summary>
internal static class SubscriptionFields
{
    /// <summary>What a new subscription begins with.</summary>
    public static SubscriptionDefinition New { get; } = new()
    {
        Id = "",
        Type = SubscriptionType.SourceInitiated,
        ConfigurationMode = ConfigurationMode.MinLatency,
        ContentFormat = ContentFormat.Events,
        Query = """
            <QueryList>
              <Query Id="0">
                <Select Path="Security">*[System[(EventID=4624 or EventID=4625)]]</Select>
              </Query>
            </QueryList>
            """,
    };

    /// <summary>The subscription that the fields say; checked as one that is loaded from a file.</summary>
    /// <exception cref="SubscriptionFormatException">They say none.</exception>
    public static SubscriptionDefinition Read(IFormCollection form, SubscriptionDefinition before)
    {
        var after = before with
        {
            Id = before.Id.Length > 0 ? before.Id : Text(form, "Id"),
            Description = Text(form, "Description"),
            Enabled = form["Enabled"] == "on",
            Type = Choice(form, "Type", before.Type),
            ConfigurationMode = Choice(form, "ConfigurationMode", before.ConfigurationMode),
            ContentFormat = Choice(form, "ContentFormat", before.ContentFormat),
            CredentialsType = Choice(form, "CredentialsType", before.CredentialsType),
            ReadExistingEvents = form["ReadExistingEvents"] == "on",
            Query = Text(form, "Query"),
            AllowedSourceDomainComputers = Optional(form, "AllowedSourceDomainComputers"),
            AllowedPrincipals = Lines(form, "AllowedPrincipals"),
            AllowedAddresses = Lines(form, "AllowedAddresses"),
            AllowedIssuerCAs = Lines(form, "AllowedIssuerCAs"),
            AllowedSubjects = Lines(form, "AllowedSubjects"),
            DeniedSubjects = Lines(form, "DeniedSubjects"),
            CommonUserName = Optional(form, "CommonUserName"),
            CommonPassword = form["CommonPassword"].ToString() is { Length: > 0 } password ? password : null,
            EventSources = [.. Lines(form, "EventSources").Select(address => before.EventSources.FirstOrDefault(known => known.Address.Equals(address, StringComparison.OrdinalIgnoreCase)) ?? new EventSource(address))],
        };
        if (after.Id.Length == 0)
        {
            throw new SubscriptionFormatException(0, "a subscription needs a name.");
        }

        CheckQuery(after.Query);
        return SubscriptionReader.Read(SubscriptionWriter.Write(after, withPasswords: true)).WithPasswordsOf(before);
    }

    private static void CheckQuery(string query)
    {
        try
        {
            EventQuery.Parse(query);
        }
        catch (EventQueryException e)
        {
            throw new SubscriptionFormatException(0, e.Message);
        }
    }

    private static string Text(IFormCollection form, string name) => form[name].ToString().Trim();

    private static string? Optional(IFormCollection form, string name) => Text(form, name) is { Length: > 0 } text ? text : null;

    private static string[] Lines(IFormCollection form, string name) => Text(form, name).Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    private static T Choice<T>(IFormCollection form, string name, T before)
        where T : struct, Enum => Enum.TryParse<T>(form[name], out var value) && Enum.IsDefined(value) ? value : before;
}
