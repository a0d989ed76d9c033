namespace Farwire.Events.Queries;

/// <summary>The texts of attributes that an event must hold to pass a query: where the XML has them nowhere, it need not be taken apart.</summary>
/// <remarks>
/// <c>Data[@Name='TargetUserName']</c> is what most queries on event data begin with, and most events have no such field. A search in a text is many
/// times quicker than reading it. Only texts that stand in XML as they are count, and an event with an entity in it is read in any case.
/// </remarks>
internal static class NeededTexts
{
    /// <summary>What <paramref name="node"/> cannot do without.</summary>
    public static IEnumerable<string> Of(XPathNode node) => node switch
    {
        LogicNode { IsAnd: true } and => Of(and.Left).Concat(Of(and.Right)),
        PathNode path => path.Steps.SelectMany(step => step.Predicates).SelectMany(Of),
        CompareNode { Operator: XPathToken.Equal, Left: PathNode { Steps: [.., { IsAttribute: true }] } path, Right: LiteralNode { Value: var text } }
            when StandsAsItIs(text) => Of(path).Append(text),
        CompareNode { Left: PathNode path } => Of(path), // also != asks for a node that differs
        _ => [],
    };

    /// <summary>False when an event with this XML cannot pass.</summary>
    public static bool MayBeIn(string xml, string[] needed, StringComparison how)
    {
        foreach (var text in needed)
        {
            if (!xml.Contains(text, how))
            {
                return xml.Contains('&', StringComparison.Ordinal);
            }
        }

        return true;
    }

    private static bool StandsAsItIs(string text) => text.Length > 0 && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.' or '/');
}
