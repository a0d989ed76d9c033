using Farwire.Events.Bookmarks;
using Farwire.Source.State;

namespace Farwire.Source.Tests.State;

public sealed class BookmarkFilesTests : IDisposable
{
    private static readonly Uri Collector = new("https://wec:5986/wsman/SubscriptionManager/WEC");

    private readonly string _folder = Directory.CreateTempSubdirectory("farwire-bookmarks-").FullName;

    [Fact]
    public void A_place_is_kept_for_each_subscription_of_each_collector()
    {
        var other = new Uri("https://other/wsman");
        var files = new BookmarkFiles(_folder);
        files.Write(Collector, "../one", At(7));
        files.Write(Collector, "two", At(8));
        files.Write(other, "../one", At(9));
        files.Write(Collector, "../one", At(10));

        var again = new BookmarkFiles(_folder);
        Assert.Equal([10UL, 8UL, 9UL], [Record(again.Read(Collector, "../one")), Record(again.Read(Collector, "two")), Record(again.Read(other, "../one"))]);
        Assert.Equal(3, Directory.GetFiles(_folder).Length);
    }

    [Fact]
    public void A_place_that_cannot_be_written_leaves_the_one_before()
    {
        var files = new BookmarkFiles(_folder);
        files.Write(Collector, "one", At(1));
        Directory.CreateDirectory(Directory.GetFiles(_folder).Single() + ".new"); // in the way of the new file

        Assert.ThrowsAny<Exception>(() => files.Write(Collector, "one", At(2)));
        Assert.Equal(1UL, Record(files.Read(Collector, "one")));
    }

    [Fact]
    public void An_unknown_subscription_has_no_place()
    {
        Assert.Null(new BookmarkFiles(Path.Combine(_folder, "absent")).Read(Collector, "one"));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static BookmarkList At(ulong record) => new([new ChannelBookmark("Linux-Journal", record, true)]);

    private static ulong Record(BookmarkList? bookmark) => bookmark!.Channels.Single().RecordId;
}
