using System.Globalization;
using System.Xml;
using System.Xml.Linq;
using Farwire.Events.Records;

namespace Farwire.Console.Events;

/// <summary>How the page writes what stands in an event.</summary>
internal static class EventWords
{
    /// <summary>The name of a level, or the number of one that a provider defines for itself.</summary>
    public static string Level(int? level) =>
        EventLevel.IsStandard(level) ? EventLevel.NameOf(level) : level?.ToString(CultureInfo.InvariantCulture) ?? "";

    /// <summary>A time for people, in UTC.</summary>
    public static string Time(DateTime? utc) => utc?.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture) ?? "";

    /// <summary>A length of time for people.</summary>
    public static string Length(TimeSpan? time) => time is not { } t ? ""
        : t.TotalSeconds < 1 ? string.Create(CultureInfo.InvariantCulture, $"{t.TotalMilliseconds:0} ms")
        : t.TotalMinutes < 2 ? string.Create(CultureInfo.InvariantCulture, $"{t.TotalSeconds:0.#} s")
        : t.TotalHours < 2 ? string.Create(CultureInfo.InvariantCulture, $"{t.TotalMinutes:0} min")
        : t.TotalDays < 2 ? string.Create(CultureInfo.InvariantCulture, $"{t.TotalHours:0} h")
        : string.Create(CultureInfo.InvariantCulture, $"{t.TotalDays:0} days");

    /// <summary>A count for people.</summary>
    public static string Number(long number) => number.ToString("#,0", CultureInfo.InvariantCulture);

    /// <summary>The event's XML, indented; of a broken event the text as it came.</summary>
    public static string Xml(EventRecord record)
    {
        if (record.IsBroken)
        {
            return record.Xml;
        }

        using var reader = XmlReader.Create(new StringReader(record.Xml), new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit });
        return XElement.Load(reader).ToString();
    }

    /// <summary>What the event says beside System: names and values in their order, nested ones with their path.</summary>
    public static IEnumerable<(string Name, string Value)> Data(EventRecord record) =>
        record.IsBroken ? [] : record.Root.Children.Where(part => part.Name is "EventData" or "UserData").SelectMany(part => part.Children).SelectMany(child => Data(child, ""));

    private static IEnumerable<(string Name, string Value)> Data(EventElement element, string path)
    {
        var name = path + (element.Attribute("Name") ?? element.Name);
        return element.Children.Count == 0 ? [(name, element.Value)] : element.Children.SelectMany(child => Data(child, name + "/"));
    }
}
