using Farwire.Events.Records;

namespace Farwire.Events.Queries;

/// <summary>One XPath, compiled.</summary>
/// <remarks>Windows Event Log, "Consuming events", "XPath 1.0 limitations". Safe for several threads.</remarks>
public sealed class EventFilter
{
    private readonly Func<EventSystem, bool>? _system;
    private readonly Func<EventSystem, bool>? _before;
    private readonly string[] _needed;
    private readonly StringComparison _texts;
    private readonly ElementTest _test;

    private EventFilter(string text, Func<EventSystem, bool>? system, Func<EventSystem, bool>? before, string[] needed, StringComparison texts, ElementTest test)
    {
        Text = text;
        _system = system;
        _before = before;
        _needed = needed;
        _texts = texts;
        _test = test;
    }

    /// <summary>The filter that every event passes.</summary>
    public static EventFilter All { get; } = Parse("*");

    /// <summary>The XPath.</summary>
    public string Text { get; }

    /// <summary>The filter asks for nothing but the System properties; <see cref="Matches(EventSystem)"/> answers without the event's XML.</summary>
    public bool NeedsSystemOnly => _system is not null;

    /// <summary>Compiles an XPath.</summary>
    /// <exception cref="EventQueryException">The text is not of the subset.</exception>
    public static EventFilter Parse(string xpath, EventFilterOptions? options = null)
    {
        options ??= EventFilterOptions.Default;
        var texts = options.IgnoreCase ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal;
        var node = XPathParser.Parse(xpath);
        var test = new XPathCompiler(options.Time, texts).Compile(node);
        if (!options.TypedTests)
        {
            return new EventFilter(xpath, null, null, [], texts, test);
        }

        var system = new SystemTests(options.Time, texts).Compile(node);
        var before = new SystemTests(options.Time, texts, mayTakeTooMuch: true).Compile(node);
        return new EventFilter(xpath, system, before, [.. NeededTexts.Of(node).Distinct()], texts, test);
    }

    /// <summary>True when the event passes.</summary>
    public bool Matches(EventRecord record)
    {
        if (!record.IsBroken)
        {
            if (_system is not null)
            {
                return _system(record.System);
            }

            // Where System says no, or a text is nowhere, the XML need not be read.
            if ((_before is not null && !_before(record.System)) || !NeededTexts.MayBeIn(record.Xml, _needed, _texts))
            {
                return false;
            }
        }

        return _test(new EventElement("", [], [record.Root], ""), 1);
    }

    /// <summary>True when an event with these properties passes; only for a filter that <see cref="NeedsSystemOnly"/>.</summary>
    public bool Matches(EventSystem system) =>
        (_system ?? throw new InvalidOperationException("The filter asks for more than the System properties."))(system);
}

/// <summary>How filters compare.</summary>
public sealed record EventFilterOptions
{
    /// <summary>Texts compare by their characters, and now is now.</summary>
    public static EventFilterOptions Default { get; } = new();

    /// <summary>Texts compare without regard to case.</summary>
    public bool IgnoreCase { get; init; }

    /// <summary>The clock of <c>timediff</c>.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Tests use the typed properties where they can; off, every test walks the elements.</summary>
    internal bool TypedTests { get; init; } = true;
}
