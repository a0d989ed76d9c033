using System.Collections;
using System.Diagnostics.CodeAnalysis;
using Farwire.Protocol.Faults;
using Farwire.Protocol.Names;
using Farwire.Protocol.Xml;

namespace Farwire.Protocol.Envelope;

/// <summary>The switches of a request, in wire order.</summary>
/// <remarks>DSP0226, "wsman:OptionSet".</remarks>
[SuppressMessage("Naming", "CA1710", Justification = "OptionSet is the element's name.")]
public sealed class OptionSet : IReadOnlyList<Option>
{
    /// <summary>Options that one message may carry.</summary>
    public const int MaxCount = 256;

    private readonly Option[] _options;

    private OptionSet(Option[] options) => _options = options;

    /// <summary>A service that knows no options must refuse the request.</summary>
    public bool MustUnderstand { get; private init; }

    /// <summary>No options.</summary>
    public static OptionSet Empty { get; } = new([]);

    /// <summary>Makes a set of <paramref name="options"/>.</summary>
    public static OptionSet Of(params ReadOnlySpan<Option> options) => new(options.ToArray());

    /// <summary>Makes a set of <paramref name="options"/>, in their order.</summary>
    /// <param name="options">The options.</param>
    /// <param name="mustUnderstand">A service that knows no options must refuse the request.</param>
    public static OptionSet From(IEnumerable<Option> options, bool mustUnderstand) => new([.. options]) { MustUnderstand = mustUnderstand };

    /// <inheritdoc/>
    public int Count => _options.Length;

    /// <inheritdoc/>
    public Option this[int index] => _options[index];

    /// <summary>The text of the first option <paramref name="name"/>, or null.</summary>
    public string? this[string name] => Find(name)?.Value;

    /// <summary>The first option <paramref name="name"/>, or null.</summary>
    public Option? Find(string name)
    {
        foreach (var option in _options)
        {
            if (string.Equals(option.Name, name, StringComparison.OrdinalIgnoreCase))
            {
                return option;
            }
        }

        return null;
    }

    /// <summary>The truth of the option <paramref name="name"/>: TRUE, true and 1 are true, absence is <paramref name="absent"/>.</summary>
    public bool IsTrue(string name, bool absent = false) =>
        Find(name) is { } option ? option.Value is null or "1" || option.Value.Equals("true", StringComparison.OrdinalIgnoreCase) : absent;

    // <w:OptionSet>
    //   <w:Option Name="" Type=""? MustComply=""? xsi:nil=""?>text</w:Option>*
    // </w:OptionSet>

    internal static OptionSet Read(BodyReader body)
    {
        var options = new List<Option>(4);
        body.Enter();
        while (body.NextChild())
        {
            if (!body.Is("Option", Namespaces.WSMan))
            {
                body.Skip();
                continue;
            }

            if (options.Count == MaxCount)
            {
                throw FaultCatalog.OptionLimit.Fault($"a message carries at most {MaxCount} options.");
            }

            var name = body.Attribute("Name") ?? "";
            var type = body.Attribute("Type");
            var mustComply = body.Attribute("MustComply") is { } comply && comply.Trim() is "true" or "1";
            if (body.IsNil)
            {
                body.Skip();
                options.Add(new Option(name, null) { Type = type, MustComply = mustComply });
            }
            else
            {
                options.Add(new Option(name, body.ReadText()) { Type = type, MustComply = mustComply });
            }
        }

        return options.Count == 0 ? Empty : new OptionSet([.. options]);
    }

    internal void Write(XmlUtf8Writer xml)
    {
        xml.Start("w:OptionSet"u8);
        xml.Attribute("xmlns:xsi"u8, Namespaces.SchemaInstance);
        if (MustUnderstand || _options.Any(o => o.MustComply))
        {
            xml.Attribute("s:mustUnderstand"u8, "true"u8);
        }

        foreach (var option in _options)
        {
            xml.Start("w:Option"u8);
            xml.Attribute("Name"u8, option.Name);
            if (option.Type is not null)
            {
                xml.Attribute("Type"u8, option.Type);
            }

            if (option.MustComply)
            {
                xml.Attribute("MustComply"u8, "true"u8);
            }

            if (option.Value is null)
            {
                xml.Attribute("xsi:nil"u8, "true"u8);
            }
            else
            {
                xml.Text(option.Value);
            }

            xml.End("w:Option"u8);
        }

        xml.End("w:OptionSet"u8);
    }

    /// <inheritdoc/>
    public IEnumerator<Option> GetEnumerator() => ((IEnumerable<Option>)_options).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => _options.GetEnumerator();
}
