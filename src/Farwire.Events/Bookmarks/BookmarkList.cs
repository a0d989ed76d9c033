using System.Globalization;
using Farwire.Events.Records;

namespace Farwire.Events.Bookmarks;

/// <summary>Where a source is in one channel.</summary>
/// <param name="Channel">The channel.</param>
/// <param name="RecordId">The number of the last event that was delivered.</param>
/// <param name="IsCurrent">The last event delivered at all was of this channel.</param>
public sealed record ChannelBookmark(string Channel, ulong RecordId, bool IsCurrent);

/// <summary>Where a source is in all its channels.</summary>
/// <remarks>Windows Event Log, "BookmarkType". A collector keeps it as it came and never needs to understand it; sources and reports do.</remarks>
public sealed record BookmarkList(IReadOnlyList<ChannelBookmark> Channels)
{
    /// <summary>Stands for everything that exists.</summary>
    public const string Earliest = "http://schemas.dmtf.org/wbem/wsman/1/wsman/bookmark/earliest";

    // <BookmarkList Direction=""?> <Bookmark Channel="" RecordId="" IsCurrent=""?/>+ </BookmarkList>

    /// <summary>Reads a list; null when the text holds none. What stands around the list is passed over.</summary>
    public static BookmarkList? Read(string xml)
    {
        var scanner = new EventScanner(xml);
        var channels = new List<ChannelBookmark>();
        var found = false;
        while (scanner.Next() is not (EventToken.End or EventToken.Broken) and var token)
        {
            if (token != EventToken.StartElement)
            {
                continue;
            }

            found |= scanner.Name is "BookmarkList";
            if (scanner.Name is "Bookmark" && found && scanner.TryAttribute("Channel", out var channel)
                && scanner.TryAttribute("RecordId", out var id) && ulong.TryParse(id.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var recordId))
            {
                var current = scanner.TryAttribute("IsCurrent", out var isCurrent) && isCurrent is "true" or "1";
                channels.Add(new ChannelBookmark(EventEntities.Decode(channel), recordId, current));
            }
        }

        return found ? new BookmarkList(channels) : null;
    }

    /// <summary>Writes the list as Windows does.</summary>
    public string ToXml()
    {
        var xml = new System.Text.StringBuilder("<BookmarkList>");
        foreach (var bookmark in Channels)
        {
            xml.Append("<Bookmark Channel=\"").Append(System.Security.SecurityElement.Escape(bookmark.Channel))
                .Append(CultureInfo.InvariantCulture, $"\" RecordId=\"{bookmark.RecordId}\"")
                .Append(bookmark.IsCurrent ? " IsCurrent=\"true\"/>" : "/>");
        }

        return xml.Append("</BookmarkList>").ToString();
    }
}
