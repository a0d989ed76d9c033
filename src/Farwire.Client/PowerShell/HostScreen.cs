using Farwire.Client.PowerShell.Clixml;

namespace Farwire.Client.PowerShell;

/// <summary>The window that a host has, so that tables and lines there are as wide as it.</summary>
/// <param name="Columns">Its width in characters.</param>
/// <param name="Rows">Its height in lines.</param>
/// <remarks>MS-PSRP, "HostInfo", "Default Data of a Host". It is told once, when the pool opens; a terminal has no buffer beyond its window.</remarks>
public sealed record HostScreen(int Columns, int Rows)
{
    private const string Size = "System.Management.Automation.Host.Size";
    private const string Coordinates = "System.Management.Automation.Host.Coordinates";

    /// <summary>What stands above the window.</summary>
    public string Title { get; init; } = "";

    /// <summary>The colour of text, as <c>System.ConsoleColor</c> numbers it: gray.</summary>
    public int Foreground { get; init; } = 7;

    /// <summary>The colour behind it: black.</summary>
    public int Background { get; init; }

    /// <summary>The object <c>_hostDefaultData</c>: values by number, each with the name of its type.</summary>
    internal RemoteObject ToDefaultData()
    {
        var window = RemoteObject.Bag(("width", Columns), ("height", Rows));
        var data = new RemoteDictionary
        {
            { 0, Typed("System.ConsoleColor", Foreground) },
            { 1, Typed("System.ConsoleColor", Background) },
            { 2, Typed(Coordinates, Origin()) }, // of the cursor
            { 3, Typed(Coordinates, Origin()) }, // of the window in its buffer
            { 4, Typed("System.Int32", 25) }, // the cursor's size, in percent
            { 5, Typed(Size, window) }, // of the buffer
            { 6, Typed(Size, window) }, // of the window
            { 7, Typed(Size, window) }, // of the largest window that the buffer allows
            { 8, Typed(Size, window) }, // of the largest window that the screen allows
            { 9, Typed("System.String", Title) },
        };
        return RemoteObject.Bag(("data", RemoteObject.Of(data, ["System.Collections.Hashtable", "System.Object"])));
    }

    private static RemoteObject Origin() => RemoteObject.Bag(("x", 0), ("y", 0));

    private static RemoteObject Typed(string type, object value) => RemoteObject.Bag(("T", type), ("V", value));
}
