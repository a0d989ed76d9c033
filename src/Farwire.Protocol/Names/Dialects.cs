namespace Farwire.Protocol.Names;

/// <summary>The dialect URIs of filters and fragments.</summary>
/// <remarks>DSP0226, "Filter dialects"; MS-WSMV, "Filter". Compared without regard to case.</remarks>
public static class Dialects
{
    /// <summary>WQL text.</summary>
    public const string Wql = "http://schemas.microsoft.com/wbem/wsman/1/WQL";

    /// <summary>A selector set: equality of every selector.</summary>
    public const string Selector = "http://schemas.dmtf.org/wbem/wsman/1/wsman/SelectorFilter";

    /// <summary>CIM associations.</summary>
    public const string Association = "http://schemas.dmtf.org/wbem/wsman/1/cimbinding/associationFilter";

    /// <summary>XPath 1.0, the default of fragments and filters.</summary>
    public const string XPath = "http://www.w3.org/TR/1999/REC-xpath-19991116";

    /// <summary>Event queries.</summary>
    public const string EventQuery = "http://schemas.microsoft.com/win/2004/08/events/eventquery";
}
