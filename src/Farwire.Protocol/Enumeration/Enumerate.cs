using System.Globalization;
using Farwire.Protocol.Envelope;
using Farwire.Protocol.Faults;
using Farwire.Protocol.Names;
using Farwire.Protocol.Xml;

namespace Farwire.Protocol.Enumeration;

/// <summary>Opens an enumeration.</summary>
/// <remarks>WS-Enumeration, "Enumerate"; DSP0226, "Optimization for enumerations with small result sets".</remarks>
public sealed record Enumerate : IBody<Enumerate>
{
    /// <summary>How long the context shall live; null leaves it to the service.</summary>
    public TimeSpan? Expires { get; init; }

    /// <summary>Asks for the first items in the answer already.</summary>
    public bool Optimize { get; init; }

    /// <summary>Items the optimised answer may hold; null is one, by WS-Enumeration.</summary>
    public long? MaxElements { get; init; }

    /// <summary>What the items are.</summary>
    public EnumerationMode Mode { get; init; }

    /// <summary>Which instances; null means all.</summary>
    public Filter? Filter { get; init; }

    /// <summary>How derived instances come; null leaves it to the service, which takes them whole.</summary>
    public PolymorphismMode? Polymorphism { get; init; }

    /// <inheritdoc/>
    public BodyPrefixes Prefixes => BodyPrefixes.Enumeration | BodyPrefixes.CimBinding;

    // <n:Enumerate>
    //   <n:Expires/>? <w:OptimizeEnumeration/>? <w:MaxElements/>? <w:EnumerationMode/>?
    //   <w:Filter Dialect=""/>? <b:PolymorphismMode/>?
    // </n:Enumerate>

    /// <inheritdoc/>
    public static Enumerate Read(BodyReader body)
    {
        var enumerate = new Enumerate();
        body.Enter("Enumerate", Namespaces.Enumeration);
        while (body.NextChild())
        {
            enumerate = (body.NamespaceUri, body.LocalName) switch
            {
                (Namespaces.Enumeration, "Expires") => enumerate with { Expires = ReadExpires(body) },
                (Namespaces.Enumeration or Namespaces.WSMan, "Filter") => enumerate with { Filter = Filter.Read(body) },
                (Namespaces.WSMan, "OptimizeEnumeration") => Skipped(body, enumerate with { Optimize = true }),
                (Namespaces.WSMan or Namespaces.Enumeration, "MaxElements") => enumerate with { MaxElements = ReadCount(body) },
                (Namespaces.WSMan, "EnumerationMode") => enumerate with { Mode = ReadMode(body) },
                (Namespaces.CimBinding, "PolymorphismMode") => enumerate with { Polymorphism = ReadPolymorphism(body) },
                _ => Skipped(body, enumerate),
            };
        }

        return enumerate;
    }

    /// <inheritdoc/>
    public void Write(XmlUtf8Writer xml)
    {
        xml.Start("n:Enumerate"u8);
        if (Expires is { } expires)
        {
            xml.Element("n:Expires"u8, XmlDuration.Format(expires));
        }

        if (Optimize)
        {
            xml.Empty("w:OptimizeEnumeration"u8);
        }

        if (MaxElements is { } count)
        {
            xml.Element("w:MaxElements"u8, count);
        }

        if (Mode != EnumerationMode.Object)
        {
            xml.Element("w:EnumerationMode"u8, Mode == EnumerationMode.Epr ? "EnumerateEPR" : "EnumerateObjectAndEPR");
        }

        Filter?.Write(xml);
        if (Polymorphism is { } polymorphism)
        {
            xml.Element("b:PolymorphismMode"u8, polymorphism.ToString());
        }

        xml.End("n:Enumerate"u8);
    }

    /// <summary>Reads a positive number of items or characters, or faults with <c>w:InvalidParameter</c>.</summary>
    internal static long ReadCount(BodyReader body)
    {
        var text = body.ReadText();
        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count > 0
            ? count
            : throw FaultCatalog.InvalidParameter.Fault($"MaxElements and MaxCharacters are positive numbers, not '{text}'.");
    }

    private static TimeSpan? ReadExpires(BodyReader body)
    {
        var text = body.ReadText();
        return XmlDuration.TryParse(text, out var expires) && expires > TimeSpan.Zero ? expires : null;
    }

    private static EnumerationMode ReadMode(BodyReader body) => body.ReadText() switch
    {
        "EnumerateObject" => EnumerationMode.Object,
        "EnumerateEPR" => EnumerationMode.Epr,
        "EnumerateObjectAndEPR" => EnumerationMode.ObjectAndEpr,
        var other => throw FaultCatalog.EnumerationModeUnsupported.Fault($"'{other}' is none of EnumerateEPR and EnumerateObjectAndEPR."),
    };

    private static PolymorphismMode ReadPolymorphism(BodyReader body) => body.ReadText() switch
    {
        "None" => PolymorphismMode.None,
        "ExcludeSubClassProperties" => PolymorphismMode.ExcludeSubClassProperties,
        "IncludeSubClassProperties" => PolymorphismMode.IncludeSubClassProperties,
        var other => throw FaultCatalog.PolymorphismModeUnsupported.Fault($"'{other}' is none of None, ExcludeSubClassProperties, IncludeSubClassProperties."),
    };

    private static Enumerate Skipped(BodyReader body, Enumerate enumerate)
    {
        body.Skip();
        return enumerate;
    }
}
