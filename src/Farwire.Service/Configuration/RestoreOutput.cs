using Farwire.Protocol.Envelope;
using Farwire.Protocol.Xml;

namespace Farwire.Service.Configuration;

/// <summary>The answer to Restore: nothing but its name.</summary>
internal sealed class RestoreOutput(string uri) : IBody
{
    public const string Method = "Restore";

    // <cfg:Restore_OUTPUT xmlns:cfg="…"/>
    public void Write(XmlUtf8Writer xml)
    {
        xml.Start("cfg:Restore_OUTPUT"u8);
        xml.Attribute("xmlns:cfg"u8, uri);
        xml.End("cfg:Restore_OUTPUT"u8);
    }
}
