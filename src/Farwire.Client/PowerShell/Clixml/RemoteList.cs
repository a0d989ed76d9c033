using System.Diagnostics.CodeAnalysis;

namespace Farwire.Client.PowerShell.Clixml;

/// <summary>The items of a list, a stack, a queue or anything else that could be walked through.</summary>
/// <remarks>MS-PSRP, "Contents of Known Containers".</remarks>
[SuppressMessage("Naming", "CA1710", Justification = "It is all of these collections.")]
public sealed class RemoteList : List<object?>
{
    /// <summary>Which of them it was.</summary>
    public ListKind Kind { get; init; }

    internal static RemoteList Of(params IEnumerable<object?> items)
    {
        var list = new RemoteList();
        list.AddRange(items);
        return list;
    }
}

/// <summary>The kinds of collections that differ on the wire.</summary>
public enum ListKind
{
    /// <summary>An array or list (<c>LST</c>).</summary>
    List,

    /// <summary>A stack, its top first (<c>STK</c>).</summary>
    Stack,

    /// <summary>A queue (<c>QUE</c>).</summary>
    Queue,

    /// <summary>What could be walked through, and no more (<c>IE</c>).</summary>
    Enumerable,
}
