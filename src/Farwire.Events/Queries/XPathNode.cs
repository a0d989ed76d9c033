namespace Farwire.Events.Queries;

/// <summary>A part of a parsed query.</summary>
internal abstract record XPathNode;

/// <summary><c>a and b</c>, <c>a or b</c>.</summary>
internal sealed record LogicNode(bool IsAnd, XPathNode Left, XPathNode Right) : XPathNode;

/// <summary><c>a = b</c> and the five others.</summary>
internal sealed record CompareNode(XPathToken Operator, XPathNode Left, XPathNode Right) : XPathNode;

/// <summary>A path of steps from the node at hand.</summary>
internal sealed record PathNode(XPathStep[] Steps) : XPathNode;

/// <summary>A number.</summary>
internal sealed record NumberNode(decimal Value) : XPathNode;

/// <summary>A text in quotes.</summary>
internal sealed record LiteralNode(string Value) : XPathNode;

/// <summary><c>band(a, b)</c>: the bits that both have.</summary>
internal sealed record BandNode(XPathNode Left, XPathNode Right) : XPathNode;

/// <summary><c>timediff(from[, to])</c> in milliseconds; to is now when it is left out.</summary>
internal sealed record TimeDiffNode(XPathNode From, XPathNode? To) : XPathNode;

/// <summary><c>position()</c>.</summary>
internal sealed record PositionNode : XPathNode;

/// <summary>One step: children or an attribute of a name, those for which all predicates hold.</summary>
/// <param name="IsAttribute">The attribute axis.</param>
/// <param name="Name">The name; null is <c>*</c>.</param>
/// <param name="Predicates">What must hold.</param>
internal sealed record XPathStep(bool IsAttribute, string? Name, IReadOnlyList<XPathNode> Predicates)
{
    public bool Takes(string name) => Name is null || Name == name;
}
