using Farwire.Events.Records;

namespace Farwire.Events.Queries;

/// <summary>Turns the parts of a query that ask for nothing but <c>System</c> into tests on the typed properties, so that no XML is read for them.</summary>
/// <remarks>
/// Nearly every published query is of this kind. What is not recognised here is left to <see cref="XPathCompiler"/>; both must agree, and a test
/// holds them to it.
/// </remarks>
/// <param name="time">The clock of <c>timediff</c>.</param>
/// <param name="texts">How texts compare.</param>
/// <param name="mayTakeTooMuch">
/// Leave out what needs the XML where the rest must hold as well: a test that is quick to say no. The subset has no <c>not</c>, so leaving out takes more, never less.
/// </param>
internal sealed class SystemTests(TimeProvider time, StringComparison texts, bool mayTakeTooMuch = false)
{
    /// <summary>A test for a query seen from above <c>Event</c>, or null when it needs more than the properties.</summary>
    public Func<EventSystem, bool>? Compile(XPathNode node) => node switch
    {
        LogicNode logic => Logic(logic, Compile),
        PathNode { Steps: [{ IsAttribute: false, Predicates.Count: 0 }] } => static _ => true,
        PathNode { Steps: [{ IsAttribute: false } root] } => All(root.Predicates.Select(InEvent)),
        PathNode { Steps: [{ IsAttribute: false, Predicates.Count: 0 }, .. var rest] } => InEvent(new PathNode([.. rest])),
        _ => null,
    };

    // Inside Event: System[…], or a path through System.
    private Func<EventSystem, bool>? InEvent(XPathNode node) => node switch
    {
        LogicNode logic => Logic(logic, InEvent),
        PathNode { Steps: [{ IsAttribute: false, Name: "System" } system] } when system.Predicates.Count > 0 => All(system.Predicates.Select(InSystem)),
        PathNode { Steps: [{ IsAttribute: false, Name: "System", Predicates.Count: 0 }, .. var rest] } => InSystem(new PathNode([.. rest])),
        CompareNode { Left: PathNode { Steps: [{ IsAttribute: false, Name: "System", Predicates.Count: 0 }, .. var rest] } } comparison =>
            InSystem(comparison with { Left = new PathNode([.. rest]) }),
        _ => null,
    };

    private Func<EventSystem, bool>? InSystem(XPathNode node)
    {
        switch (node)
        {
            case LogicNode logic:
                return Logic(logic, InSystem);
            case CompareNode { Left: PathNode path } comparison when Property(path) is { } property:
                return Test(property, comparison.Operator, comparison.Right);
            case CompareNode { Left: BandNode { Left: PathNode path, Right: NumberNode { Value: >= 0 and <= ulong.MaxValue } mask }, Right: NumberNode number } comparison
                when Property(path) is Number property:
                return Band(property, (ulong)mask.Value, comparison.Operator, number.Value);
            case BandNode { Left: PathNode path, Right: NumberNode { Value: >= 0 and <= ulong.MaxValue } mask } when Property(path) is Number property:
                return Band(property, (ulong)mask.Value, XPathToken.NotEqual, 0);
            case CompareNode { Left: TimeDiffNode { From: PathNode path, To: null }, Right: NumberNode number } comparison when Property(path) is Time:
                return system => system.TimeCreated is { } created
                    && Comparison.Numbers(comparison.Operator, (long)(time.GetUtcNow().UtcDateTime - created).TotalMilliseconds, number.Value);
            case PathNode { Steps: [{ IsAttribute: false } element] } when element.Predicates.Count > 0:
                // Provider[@Name='a' or @Name='b'], TimeCreated[timediff(@SystemTime) <= 1]
                return All(element.Predicates.Select(predicate => InSystem(Below(element.Name, predicate))));
            default:
                return null;
        }
    }

    // A predicate of an element seen from the element's parent: @Name becomes Provider/@Name.
    private static XPathNode Below(string? element, XPathNode node) => node switch
    {
        LogicNode logic => logic with { Left = Below(element, logic.Left), Right = Below(element, logic.Right) },
        CompareNode comparison => comparison with { Left = Below(element, comparison.Left) },
        BandNode band => band with { Left = Below(element, band.Left) },
        TimeDiffNode { To: null } difference => difference with { From = Below(element, difference.From) },
        PathNode { Steps: [{ IsAttribute: true } attribute] } => new PathNode([new XPathStep(false, element, []), attribute]),
        PathNode => new LiteralNode(""), // an element below a leaf of System: for the other compiler
        _ => node,
    };

    private Func<EventSystem, bool>? Logic(LogicNode node, Func<XPathNode, Func<EventSystem, bool>?> compile)
    {
        var (first, second) = (compile(node.Left), compile(node.Right));
        if (first is not { } left || second is not { } right)
        {
            return mayTakeTooMuch && node.IsAnd ? first ?? second : null;
        }

        return node.IsAnd ? system => left(system) && right(system) : system => left(system) || right(system);
    }

    private Func<EventSystem, bool>? All(IEnumerable<Func<EventSystem, bool>?> tests)
    {
        var all = (mayTakeTooMuch ? tests.Where(test => test is not null) : tests).ToArray();
        return all switch
        {
            [] => null,
            _ when Array.IndexOf(all, null) >= 0 => null,
            [var one] => one,
            _ => system => Array.TrueForAll(all, test => test!(system)),
        };
    }

    private abstract record SystemProperty;

    private sealed record Number(Func<EventSystem, decimal?> Of, Func<EventSystem, ulong?> Bits) : SystemProperty;

    private sealed record Text(Func<EventSystem, string?> Of) : SystemProperty;

    private sealed record Time : SystemProperty;

    private static SystemProperty? Property(PathNode path) => path.Steps switch
    {
        [{ IsAttribute: false, Predicates.Count: 0 } element] => element.Name switch
        {
            "EventID" => new Number(s => s.EventId, s => (ulong?)s.EventId),
            "Version" => new Number(s => s.Version, s => (ulong?)s.Version),
            "Level" => new Number(s => s.Level, s => (ulong?)s.Level),
            "Task" => new Number(s => s.Task, s => (ulong?)s.Task),
            "Opcode" => new Number(s => s.Opcode, s => (ulong?)s.Opcode),
            "Keywords" => new Number(s => s.Keywords, s => s.Keywords),
            "EventRecordID" => new Number(s => s.RecordId, s => s.RecordId),
            "Channel" => new Text(s => s.Channel),
            "Computer" => new Text(s => s.Computer),
            _ => null,
        },
        [{ IsAttribute: false, Predicates.Count: 0 } element, { IsAttribute: true } attribute] => (element.Name, attribute.Name) switch
        {
            ("Provider", "Name") => new Text(s => s.ProviderName),
            ("Provider", "Guid") => new Text(s => s.ProviderGuid),
            ("Provider", "EventSourceName") => new Text(s => s.EventSourceName),
            ("EventID", "Qualifiers") => new Number(s => s.Qualifiers, s => (ulong?)s.Qualifiers),
            ("TimeCreated", "SystemTime") => new Time(),
            ("Correlation", "ActivityID") => new Text(s => s.ActivityId),
            ("Correlation", "RelatedActivityID") => new Text(s => s.RelatedActivityId),
            ("Execution", "ProcessID") => new Number(s => s.ProcessId, s => (ulong?)s.ProcessId),
            ("Execution", "ThreadID") => new Number(s => s.ThreadId, s => (ulong?)s.ThreadId),
            ("Security", "UserID") => new Text(s => s.UserId),
            _ => null,
        },
        _ => null,
    };

    private Func<EventSystem, bool>? Test(SystemProperty property, XPathToken comparison, XPathNode value) => (property, value) switch
    {
        (Number number, NumberNode wanted) => Of(number, comparison, wanted.Value),
        (Number number, LiteralNode wanted) when EventNumber.TryParse(wanted.Value, out var parsed) => Of(number, comparison, parsed),
        (Text text, LiteralNode wanted) when comparison is XPathToken.Equal or XPathToken.NotEqual =>
            system => text.Of(system) is { } found && Comparison.WithText(comparison, found, wanted.Value, texts),
        (Time, LiteralNode wanted) when EventTime.TryParse(wanted.Value, out var parsed) && comparison is not (XPathToken.Equal or XPathToken.NotEqual) =>
            system => system.TimeCreated is { } created && Comparison.Holds(comparison, created.CompareTo(parsed)),
        _ => null,
    };

    private static Func<EventSystem, bool> Of(Number property, XPathToken comparison, decimal wanted)
    {
        if (comparison == XPathToken.Equal && wanted >= 0 && wanted <= ulong.MaxValue && decimal.IsInteger(wanted))
        {
            var bits = (ulong)wanted;
            return system => property.Bits(system) == bits;
        }

        return system => property.Of(system) is { } found && Comparison.Numbers(comparison, found, wanted);
    }

    private static Func<EventSystem, bool> Band(Number property, ulong mask, XPathToken comparison, decimal wanted) =>
        system => property.Bits(system) is { } bits && Comparison.Numbers(comparison, bits & mask, wanted);
}
