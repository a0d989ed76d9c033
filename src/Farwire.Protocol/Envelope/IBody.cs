using Farwire.Protocol.Xml;

namespace Farwire.Protocol.Envelope;

/// <summary>What a message's <c>s:Body</c> holds.</summary>
public interface IBody
{
    /// <summary>Writes the content in wire order.</summary>
    void Write(XmlUtf8Writer xml);

    /// <summary>The prefixes that <see cref="Write"/> uses beyond <c>s a w p</c>.</summary>
    BodyPrefixes Prefixes => BodyPrefixes.None;
}

/// <summary>A body that can be read back.</summary>
public interface IBody<TSelf> : IBody
    where TSelf : IBody<TSelf>
{
    /// <summary>Reads the content in wire order, or faults with <c>w:SchemaValidationError</c>.</summary>
    static abstract TSelf Read(BodyReader body);
}

/// <summary>Namespace prefixes that an envelope declares besides <c>s a w p</c>.</summary>
[Flags]
public enum BodyPrefixes
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary><c>x</c>: WS-Transfer.</summary>
    Transfer = 1,

    /// <summary><c>n</c>: WS-Enumeration.</summary>
    Enumeration = 2,

    /// <summary><c>e</c>: WS-Eventing.</summary>
    Eventing = 4,

    /// <summary><c>rsp</c>: remote shells.</summary>
    Shell = 8,

    /// <summary><c>b</c>: CIM binding.</summary>
    CimBinding = 16,
}
