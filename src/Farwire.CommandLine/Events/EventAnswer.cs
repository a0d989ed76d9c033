using System.Xml.Linq;
using Farwire.CommandLine.Grammar;

namespace Farwire.CommandLine.Events;

/// <summary>What the commands about events do alike with what a service answers.</summary>
internal static class EventAnswer
{
    /// <summary>The value of a part, empty without it.</summary>
    public static string Of(XElement element, string name) => element.Elements().FirstOrDefault(child => child.Name.LocalName == name)?.Value ?? "";

    /// <summary>JSON is wanted, not text.</summary>
    public static bool IsJson(Switches switches) => switches["--output"] switch
    {
        null or "text" => false,
        "json" => true,
        var other => throw new UsageException($"-o is text or json here, not '{other}'."),
    };
}
