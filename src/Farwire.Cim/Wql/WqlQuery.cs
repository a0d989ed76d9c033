using Farwire.Cim.Instances;

namespace Farwire.Cim.Wql;

/// <summary>What WQL can say.</summary>
/// <remarks>The WMI SDK, "WQL (SQL for WMI)".</remarks>
public abstract record WqlStatement
{
    /// <summary>Reads a statement of any kind.</summary>
    /// <exception cref="WqlException">The text is not WQL.</exception>
    public static WqlStatement Parse(string text) => WqlParser.Parse(text);
}

/// <summary>A data query: which properties of which instances of a class.</summary>
/// <param name="ClassName">The class after FROM.</param>
/// <param name="Properties">The names after SELECT; empty for <c>*</c>.</param>
/// <param name="Where">The condition, or null.</param>
/// <remarks>The WMI SDK, "WQL (SQL for WMI)".</remarks>
public sealed record WqlQuery(string ClassName, IReadOnlyList<string> Properties, WqlCondition? Where) : WqlStatement
{
    /// <summary>The class that stands for all class definitions in a schema query.</summary>
    public const string MetaClass = "meta_class";

    /// <summary>How often the data is looked at for an event query without events of its own; null when the query has no WITHIN.</summary>
    public TimeSpan? Within { get; init; }

    /// <summary>Events are counted together; null when the query has no GROUP.</summary>
    public WqlGroup? Group { get; init; }

    /// <summary>The query asks for class definitions.</summary>
    public bool IsSchema => ClassName.Equals(MetaClass, StringComparison.OrdinalIgnoreCase);

    /// <summary>All properties: the answer holds whole instances.</summary>
    public bool IsWhole => Properties.Count == 0;

    /// <summary>Reads a query.</summary>
    /// <exception cref="WqlException">The text is not a data query.</exception>
    public static new WqlQuery Parse(string text) => WqlParser.Parse(text) as WqlQuery ?? throw new WqlException("a SELECT query was expected", 1);

    /// <summary>The class that a query asks for; null when the text is no data query.</summary>
    public static string? ClassOf(string text)
    {
        try
        {
            return Parse(text).ClassName;
        }
        catch (WqlException)
        {
            return null; // whoever answers the query says what is wrong with it
        }
    }
}

/// <summary>Events that are told together, as one <c>__AggregateEvent</c>.</summary>
/// <param name="Within">From the first of them.</param>
/// <param name="By">Only events alike in these properties go together.</param>
/// <param name="Having">The condition on their number; null tells any number.</param>
public sealed record WqlGroup(TimeSpan Within, IReadOnlyList<string> By, WqlCondition? Having);

/// <summary>A condition on an instance.</summary>
public abstract record WqlCondition;

/// <summary>Both.</summary>
public sealed record WqlAnd(WqlCondition Left, WqlCondition Right) : WqlCondition;

/// <summary>Either.</summary>
public sealed record WqlOr(WqlCondition Left, WqlCondition Right) : WqlCondition;

/// <summary>The opposite.</summary>
public sealed record WqlNot(WqlCondition Inner) : WqlCondition;

/// <summary>A property against a constant.</summary>
public sealed record WqlComparison(string Property, WqlOperator Operator, CimValue Constant) : WqlCondition;

/// <summary>A property against a pattern of <c>%</c>, <c>_</c> and <c>[…]</c>.</summary>
public sealed record WqlLike(string Property, string Pattern) : WqlCondition;

/// <summary>A property without a value.</summary>
public sealed record WqlIsNull(string Property) : WqlCondition;

/// <summary>An instance, or an embedded one, of a class or one derived from it. The property is <c>__this</c> or an embedded instance.</summary>
public sealed record WqlIsA(string Property, string ClassName) : WqlCondition;

/// <summary>How a property is compared.</summary>
public enum WqlOperator
{
    /// <summary>=</summary>
    Equal,

    /// <summary>&lt;&gt; or !=</summary>
    NotEqual,

    /// <summary>&lt;</summary>
    Less,

    /// <summary>&lt;=</summary>
    LessOrEqual,

    /// <summary>&gt;</summary>
    Greater,

    /// <summary>&gt;=</summary>
    GreaterOrEqual,
}
