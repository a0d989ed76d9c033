using Farwire.Collector.Subscriptions;
using Farwire.Events.Subscriptions;
using Farwire.Security.Accounts;

namespace Farwire.Collector.Tests.Subscriptions;

public sealed class SubscriptionSecretsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("farwire-subscriptions-").FullName;
    private readonly SecretKey _key = SecretKey.Ephemeral();

    private static SubscriptionDefinition Servers => new()
    {
        Id = "servers",
        Query = "<QueryList><Query Path=\"System\"><Select>*</Select></Query></QueryList>",
        CommonUserName = "collector",
        CommonPassword = "common s3cret",
        EventSources = [new EventSource("db01") { UserName = "own", Password = "own s3cret" }, new EventSource("db02")],
    };

    [Fact]
    public void Passwords_lie_sealed_and_come_back()
    {
        new SubscriptionStore(_folder, key: _key).Put(Servers);

        Assert.DoesNotContain("s3cret", Files, StringComparison.Ordinal);
        Assert.Equal(Servers.CommonPassword, Again(_key).CommonPassword);
        Assert.Equal(Servers.EventSources, Again(_key).EventSources);
    }

    [Fact]
    public void What_lay_open_before_there_was_a_key_is_sealed_at_the_next_start()
    {
        new SubscriptionStore(_folder).Put(Servers);
        Assert.Contains("common s3cret", Files, StringComparison.Ordinal);

        Assert.Equal(Servers.CommonPassword, Again(_key).CommonPassword);

        Assert.DoesNotContain("s3cret", Files, StringComparison.Ordinal);
        Assert.Equal(Servers.EventSources, Again(_key).EventSources);
    }

    [Fact]
    public void With_another_key_there_is_no_password_and_the_subscription_stays()
    {
        new SubscriptionStore(_folder, key: _key).Put(Servers);
        using var other = SecretKey.Ephemeral();

        Assert.Null(Again(other).CommonPassword);
        Assert.Equal(["db01", "db02"], Again(null).EventSources.Select(source => source.Address));
        Assert.Equal(Servers.CommonPassword, Again(_key).CommonPassword);
    }

    [Fact]
    public void A_seal_that_is_copied_to_another_place_opens_nothing()
    {
        var store = new SubscriptionStore(_folder, key: _key);
        store.Put(Servers);
        var file = Directory.GetFiles(_folder, "*.xml").Single();
        var text = File.ReadAllText(file);
        var common = System.Text.RegularExpressions.Regex.Match(text, "<CommonPassword>(.*)</CommonPassword>").Groups[1].Value;
        File.WriteAllText(file, System.Text.RegularExpressions.Regex.Replace(text, "<Password>.*</Password>", $"<Password>{common}</Password>"));

        Assert.StartsWith("sealed:", common, StringComparison.Ordinal);
        Assert.Null(Again(_key).EventSources[0].Password);
    }

    public void Dispose()
    {
        _key.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private string Files => string.Concat(Directory.GetFiles(_folder, "*", SearchOption.AllDirectories).Select(File.ReadAllText));

    private SubscriptionDefinition Again(SecretKey? key) => new SubscriptionStore(_folder, key: key).Find("servers")!;
}
