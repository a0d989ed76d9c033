using Farwire.Events.Records;

namespace Farwire.Events.Queries;

/// <summary>Compares values of an event with what a query says.</summary>
/// <remarks>
/// XPath 1.0, "Booleans", with two additions of Windows: hexadecimal text is a number where a number is wanted, and times compare as times.
/// </remarks>
internal static class Comparison
{
    /// <summary>The same comparison with its sides exchanged.</summary>
    public static XPathToken Mirrored(XPathToken comparison) => comparison switch
    {
        XPathToken.Less => XPathToken.Greater,
        XPathToken.LessOrEqual => XPathToken.GreaterOrEqual,
        XPathToken.Greater => XPathToken.Less,
        XPathToken.GreaterOrEqual => XPathToken.LessOrEqual,
        _ => comparison,
    };

    public static bool Holds(XPathToken comparison, int order) => comparison switch
    {
        XPathToken.Equal => order == 0,
        XPathToken.NotEqual => order != 0,
        XPathToken.Less => order < 0,
        XPathToken.LessOrEqual => order <= 0,
        XPathToken.Greater => order > 0,
        _ => order >= 0,
    };

    public static bool Numbers(XPathToken comparison, decimal left, decimal right) => Holds(comparison, left.CompareTo(right));

    /// <summary>A value of the event against a number; what is no number differs from every number.</summary>
    public static bool WithNumber(XPathToken comparison, string value, decimal number) =>
        EventNumber.TryParse(value, out var parsed) ? Numbers(comparison, parsed, number) : comparison == XPathToken.NotEqual;

    /// <summary>A value of the event against a text.</summary>
    public static bool WithText(XPathToken comparison, string value, string text, StringComparison how)
    {
        switch (comparison)
        {
            case XPathToken.Equal: return string.Equals(value, text, how);
            case XPathToken.NotEqual: return !string.Equals(value, text, how);
        }

        // An order is one of times or of numbers; texts have none.
        if (EventTime.TryParse(text, out var wanted))
        {
            return EventTime.TryParse(value, out var time) && Holds(comparison, time.CompareTo(wanted));
        }

        return EventNumber.TryParse(text, out var number) && EventNumber.TryParse(value, out var parsed) && Numbers(comparison, parsed, number);
    }
}
