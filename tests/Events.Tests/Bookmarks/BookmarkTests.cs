using Farwire.Events.Bookmarks;

namespace Farwire.Events.Tests.Bookmarks;

public sealed class BookmarkTests
{
    [Fact]
    public void A_list_reads_back_as_it_was_written()
    {
        var list = new BookmarkList([new("Security", 149161, true), new("Microsoft-Windows-A&B/Operational", ulong.MaxValue, false)]);

        Assert.Equal(list.Channels, BookmarkList.Read(list.ToXml())!.Channels);
        Assert.Equal("<BookmarkList><Bookmark Channel=\"Security\" RecordId=\"1\" IsCurrent=\"true\"/></BookmarkList>", new BookmarkList([new("Security", 1, true)]).ToXml());
    }

    [Theory]
    [InlineData("<BookmarkList Direction='backward'><Bookmark Channel='System' RecordId='1407' IsCurrent='true'/></BookmarkList>", 1407)]
    [InlineData("<w:Bookmark xmlns:w='urn:x'><BookmarkList><Bookmark RecordId='7' Channel='System'></Bookmark></BookmarkList></w:Bookmark>", 7)]
    public void A_list_is_read_whatever_stands_around_it(string xml, long recordId) =>
        Assert.Equal((ulong)recordId, BookmarkList.Read(xml)!.Channels.Single().RecordId);

    [Theory]
    [InlineData("")]
    [InlineData(BookmarkList.Earliest)]
    [InlineData("<x/>")]
    public void What_holds_no_list_is_none(string text) => Assert.Null(BookmarkList.Read(text));
}
