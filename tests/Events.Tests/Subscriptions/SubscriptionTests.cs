using Farwire.Events.Queries;
using Farwire.Events.Subscriptions;

namespace Farwire.Events.Tests.Subscriptions;

public sealed class SubscriptionTests
{
    [Theory]
    [Trait("Feature", "WEC-01")]
    [MemberData(nameof(Samples.SubscriptionFiles), MemberType = typeof(Samples))]
    public void A_published_file_loads_and_survives_being_written_and_read(string file)
    {
        var subscription = SubscriptionReader.Read(Samples.Read(file));

        var again = SubscriptionReader.Read(SubscriptionWriter.Write(subscription, withPasswords: true));

        Assert.Equal(Flat(subscription), Flat(again));
        Assert.Equal(SubscriptionVersion.Of(subscription), SubscriptionVersion.Of(again));
        Assert.NotEmpty(EventQuery.Parse(subscription.Query).Channels);
    }

    [Fact]
    [Trait("Feature", "WEC-01")]
    public void The_hardware_sample_is_of_the_collector_without_type_and_mode()
    {
        var s = SubscriptionReader.Read(Samples.Read("subscriptions/documented/hardware-events.xml"));

        Assert.Equal(SubscriptionType.CollectorInitiated, s.Type);
        Assert.Equal(ConfigurationMode.Normal, s.ConfigurationMode);
        Assert.Equal(DeliveryMode.Pull, s.DeliveryMode);
        Assert.Equal("http://schemas.microsoft.com/wbem/wsman/1/logrecord/sel", s.Uri);
        Assert.Equal("LOCALHOST", s.EventSources.Single().Address);
        Assert.True(s.EventSources.Single().Enabled);
        Assert.Equal(TimeSpan.FromSeconds(10), s.HeartbeatInterval);
    }

    [Fact]
    [Trait("Feature", "WEC-01")]
    public void A_past_end_loads_as_expired()
    {
        var s = SubscriptionReader.Read(Samples.Read("subscriptions/documented/source-initiated.xml"));

        Assert.True(s.IsExpired(new DateTimeOffset(2018, 1, 1, 0, 0, 0, TimeSpan.Zero)));
        Assert.False(s.IsExpired(new DateTimeOffset(2017, 12, 31, 23, 59, 59, TimeSpan.Zero)));
        Assert.Equal(["*.example.com"], s.AllowedSubjects);
        Assert.Equal(["lab.example.com"], s.DeniedSubjects);
        Assert.Equal(["00112233445566778899AABBCCDDEEFF00112233"], s.AllowedIssuerCAs);
    }

    [Fact]
    [Trait("Feature", "WEC-01")]
    public void Values_of_enumerations_count_without_their_case()
    {
        var s = SubscriptionReader.Read(With("<SubscriptionType>SOURCEINITIATED</SubscriptionType><ConfigurationMode>minlatency</ConfigurationMode><ContentFormat>renderedtext</ContentFormat><Enabled>FALSE</Enabled>"));

        Assert.Equal(SubscriptionType.SourceInitiated, s.Type);
        Assert.Equal(ConfigurationMode.MinLatency, s.ConfigurationMode);
        Assert.Equal(ContentFormat.RenderedText, s.ContentFormat);
        Assert.False(s.Enabled);
        Assert.Equal(SubscriptionVersion.Identifier("BASE"), SubscriptionVersion.Identifier("base"));
    }

    [Theory]
    [Trait("Feature", "WEC-01")]
    [InlineData("\n<AllowedSourceDomainComputer>x</AllowedSourceDomainComputer>", 2, "'AllowedSourceDomainComputer'")]
    [InlineData("\n\n<Delivery Mode='Push'><Batch/></Delivery>", 3, "'Batch'")]
    [InlineData("<Delivery Mode='Shove'/>", 1, "'Mode' is one of Pull, Push")]
    [InlineData("<ContentFormat>1</ContentFormat>", 1, "'ContentFormat' is one of")]
    [InlineData("<Enabled>maybe</Enabled>", 1, "'Enabled' is true or false")]
    [InlineData("<Expires>3001-01-01T00:00:00Z</Expires>", 1, "not later than")]
    [InlineData("<TransportName>ftp</TransportName>", 1, "http or https")]
    [InlineData("<TransportPort>0</TransportPort>", 1, "1 to 65535")]
    [InlineData("<LogFile>a</LogFile><LogFile>b</LogFile>", 1, "there twice")]
    [InlineData("<EventSources><EventSource/></EventSources>", 1, "needs an 'Address'")]
    [InlineData("<x xmlns='urn:other'/>", 1, "'x' in 'urn:other'")]
    [InlineData("loose text", 1, "between elements")]
    [InlineData("<LogFile>", 1, "not well-formed")]
    public void What_is_unknown_or_wrong_is_refused_with_its_line(string part, int line, string reason)
    {
        var thrown = Assert.Throws<SubscriptionFormatException>(() => SubscriptionReader.Read(With(part)));

        Assert.Equal(line, thrown.Line);
        Assert.Contains(reason, thrown.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("<Subscription xmlns='urn:x'/>", "must be 'Subscription'")]
    [InlineData("<Subscription xmlns='http://schemas.microsoft.com/2006/03/windows/events/subscription'/>", "'SubscriptionId' is missing")]
    [InlineData("<Subscription xmlns='http://schemas.microsoft.com/2006/03/windows/events/subscription'><SubscriptionId>a</SubscriptionId></Subscription>", "'Query' is missing")]
    [InlineData("<Subscription xmlns='http://schemas.microsoft.com/2006/03/windows/events/subscription'><SubscriptionId>a</SubscriptionId><Query>&lt;QueryList/></Query></Subscription>", "selects nothing")]
    [InlineData("<!DOCTYPE x><Subscription/>", "not well-formed")]
    public void What_is_no_subscription_is_refused(string xml, string reason) =>
        Assert.Contains(reason, Assert.Throws<SubscriptionFormatException>(() => SubscriptionReader.Read(xml)).Message, StringComparison.Ordinal);

    [Fact]
    public void The_query_may_stand_in_CDATA_in_text_or_as_elements()
    {
        const string list = "<QueryList><Query Path=\"a\"><Select>*[System[Level&lt;=2]]</Select></Query></QueryList>";
        foreach (var form in new[] { $"<![CDATA[{list}]]>", list.Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal), list })
        {
            var s = SubscriptionReader.Read($"<Subscription xmlns='{SubscriptionXml.Namespace}'><SubscriptionId>a</SubscriptionId><Query>{form}</Query></Subscription>");
            Assert.Equal("*[System[Level<=2]]", EventQuery.Parse(s.Query).Rules.Single().Filter.Text);
        }
    }

    [Theory]
    [Trait("Feature", "WEC-02")]
    [InlineData(ConfigurationMode.Normal, SubscriptionType.SourceInitiated, DeliveryMode.Push, 5, 900, 900)]
    [InlineData(ConfigurationMode.Normal, SubscriptionType.CollectorInitiated, DeliveryMode.Pull, 5, 900, 900)]
    [InlineData(ConfigurationMode.MinLatency, SubscriptionType.SourceInitiated, DeliveryMode.Push, null, 30, 3600)]
    [InlineData(ConfigurationMode.MinBandwidth, SubscriptionType.CollectorInitiated, DeliveryMode.Push, null, 21600, 21600)]
    [InlineData(ConfigurationMode.Custom, SubscriptionType.SourceInitiated, DeliveryMode.Push, 7, 8, 9)]
    public void A_mode_says_how_events_travel_and_Custom_alone_takes_the_numbers(
        ConfigurationMode mode, SubscriptionType type, DeliveryMode delivery, int? items, int latencySeconds, int heartbeatSeconds)
    {
        var subscription = new SubscriptionDefinition
        {
            Id = "a",
            Type = type,
            ConfigurationMode = mode,
            MaxItems = 7,
            MaxLatency = TimeSpan.FromSeconds(8),
            HeartbeatInterval = TimeSpan.FromSeconds(9),
        };

        Assert.Equal(
            new DeliverySettings(delivery, items, TimeSpan.FromSeconds(latencySeconds), TimeSpan.FromSeconds(heartbeatSeconds)),
            DeliverySettings.Of(subscription));
    }

    [Fact]
    public void The_version_follows_what_a_source_sees_and_nothing_else()
    {
        var one = SubscriptionReader.Read(With("<Description>a</Description>"));

        Assert.Equal(SubscriptionVersion.Of(one), SubscriptionVersion.Of(SubscriptionReader.Read(With("<Description>b</Description>"))));
        Assert.Equal(SubscriptionVersion.Of(one), SubscriptionVersion.Of(one with { Enabled = false, AllowedSubjects = ["*"] }));
        Assert.NotEqual(SubscriptionVersion.Of(one), SubscriptionVersion.Of(one with { ContentFormat = ContentFormat.Events }));
        Assert.NotEqual(SubscriptionVersion.Of(one), SubscriptionVersion.Of(one with { ConfigurationMode = ConfigurationMode.MinLatency }));
        Assert.Equal(5, SubscriptionVersion.Of(one).Version);
    }

    [Fact]
    public void Passwords_are_written_for_the_store_alone()
    {
        var s = new SubscriptionDefinition { Id = "a", Query = "q", CommonUserName = "u", CommonPassword = "secret1", EventSources = [new EventSource("h") { UserName = "v", Password = "secret2" }] };

        Assert.DoesNotContain("secret", SubscriptionWriter.Write(s), StringComparison.Ordinal);
        Assert.Contains("secret1", SubscriptionWriter.Write(s, withPasswords: true), StringComparison.Ordinal);
        Assert.Contains("secret2", SubscriptionWriter.Write(s, withPasswords: true), StringComparison.Ordinal);
    }

    [Fact]
    public void Without_any_rule_domain_computers_may_send_and_with_one_only_who_it_names()
    {
        var s = SubscriptionReader.Read(With(""));

        Assert.Equal(SubscriptionDefinition.DefaultSourceSddl, s.EffectiveSourceSddl);
        Assert.Null((s with { AllowedSubjects = ["*.x"] }).EffectiveSourceSddl);
        Assert.Equal("D:", (s with { AllowedSubjects = ["*.x"], AllowedSourceDomainComputers = "D:" }).EffectiveSourceSddl);
    }

    private static string With(string part) =>
        $"<Subscription xmlns='{SubscriptionXml.Namespace}'><SubscriptionId>Base</SubscriptionId><Query>&lt;QueryList>&lt;Query Path='Security'>&lt;Select>*&lt;/Select>&lt;/Query>&lt;/QueryList></Query>{part}</Subscription>";

    private static string Flat(SubscriptionDefinition s) =>
        $"{s with { EventSources = [], AllowedIssuerCAs = [], AllowedSubjects = [], DeniedSubjects = [], AllowedPrincipals = [], AllowedAddresses = [] }} "
        + string.Join('|', [.. s.EventSources.Select(e => e.ToString()), .. s.AllowedIssuerCAs, .. s.AllowedSubjects, .. s.DeniedSubjects]);
}
