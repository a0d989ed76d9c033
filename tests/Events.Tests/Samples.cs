using Farwire.Events.Records;

namespace Farwire.Events.Tests;

/// <summary>The events and subscriptions that lie beside the tests.</summary>
internal static class Samples
{
    public static string Folder { get; } = Path.Combine(AppContext.BaseDirectory, "Fixtures");

    /// <summary>Every sample event as XML.</summary>
    public static IReadOnlyList<string> Xml { get; } =
    [
        .. Directory.EnumerateFiles(Folder, "*.events.xml").Order(StringComparer.Ordinal).SelectMany(File.ReadLines).Where(line => line.Length > 0),
        .. Directory.EnumerateFiles(Path.Combine(Folder, "rendered")).Order(StringComparer.Ordinal).Select(File.ReadAllText),
    ];

    public static IReadOnlyList<EventRecord> Events { get; } = [.. Xml.Select(EventRecord.Read)];

    public static TheoryData<string> SubscriptionFiles =>
        [.. Directory.EnumerateFiles(Path.Combine(Folder, "subscriptions"), "*.xml", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Select(file => Path.GetRelativePath(Folder, file))];

    public static string Read(string file) => File.ReadAllText(Path.Combine(Folder, file));
}
