using Farwire.Events.Queries;
using Farwire.Source.Channels;

namespace Farwire.Source.Tests.Channels;

/// <summary>The channels that other tests write keep the contract that the machine's own keep.</summary>
public sealed class MemoryChannelsTests
{
    private static readonly EventQuery Odd = EventQuery.Parse(
        "<QueryList><Query Id='0'><Select Path='Linux-Journal'>*[System[EventID=1]]</Select><Select Path='Linux-Auth'>*</Select></Query></QueryList>");

    [Fact]
    public async Task A_reader_yields_what_the_query_takes_and_another_goes_on_at_its_position()
    {
        var channels = new MemoryChannels("Linux-Journal", "Linux-Auth");
        channels.Write("Linux-Journal", 1);
        channels.Write("Linux-Journal", 2);
        await using var first = channels.Open(Odd, after: null, readExisting: true, rendered: false, ignoreMissing: false);

        Assert.Equal(1UL, (await first.ReadAsync(default))?.RecordId);
        Assert.Null(await first.ReadAsync(default));

        var waits = first.WaitAsync(default).AsTask();
        Assert.False(waits.IsCompleted);
        channels.Write("Linux-Auth", 7);
        await waits;
        await using var second = channels.Open(Odd, first.Position, readExisting: false, rendered: true, ignoreMissing: false);
        channels.Write("Linux-Journal", 1);

        Assert.Equal(("Linux-Auth", 1UL), await first.ReadAsync(default) is { } event1 ? (event1.Channel, event1.RecordId) : default);
        var event2 = await second.ReadAsync(default);
        Assert.Equal(3UL, event2?.RecordId);
        Assert.Contains("<RenderingInfo", event2?.Xml);
    }

    [Fact]
    public void A_channel_that_is_missing_is_named_unless_it_is_to_be_ignored()
    {
        var channels = new MemoryChannels("Linux-Journal");

        Assert.Equal("Linux-Auth", Assert.Throws<ChannelNotFoundException>(() => channels.Open(Odd, null, false, false, ignoreMissing: false)).Channel);
        Assert.NotNull(channels.Open(Odd, null, false, false, ignoreMissing: true));
    }
}
