using System.Text;
using System.Xml;
using Farwire.Cim.Naming;
using Farwire.Cim.Wql;
using Farwire.Protocol.Addressing;
using Farwire.Protocol.Faults;
using Farwire.Protocol.Names;
using Farwire.Protocol.Xml;

namespace Farwire.Providers.Contract;

/// <summary>The filter that asks what belongs to an instance.</summary>
/// <remarks>DSP0227, "Association queries".</remarks>
internal static class AssociationFilter
{
    // <b:AssociatedInstances> | <b:AssociationInstances>
    //   <b:Object> reference </b:Object>
    //   <b:AssociationClassName/>? <b:Role/>? <b:ResultClassName/>? <b:ResultRole/>? <b:IncludeResultProperty/>*

    public static WqlAssociation Read(string? xml)
    {
        if (xml is null)
        {
            throw Wrong("it is empty");
        }

        using var reader = XmlDictionaryReader.CreateTextReader(Encoding.UTF8.GetBytes(xml), XmlDictionaryReaderQuotas.Max); // a part of an envelope, so within its limits
        reader.MoveToContent();
        var body = new BodyReader(reader);
        var associations = body.Is("AssociationInstances", Namespaces.CimBinding);
        if (!associations && !body.Is("AssociatedInstances", Namespaces.CimBinding))
        {
            throw Wrong($"'{body.LocalName}' is neither b:AssociatedInstances nor b:AssociationInstances");
        }

        EndpointReference? source = null;
        var question = new WqlAssociation(new CimObjectPath("", []), associations);
        var properties = new List<string>();
        body.Enter();
        while (body.NextChild())
        {
            switch (body.NamespaceUri == Namespaces.CimBinding ? body.LocalName : "")
            {
                case "Object": source = ReadObject(body); break;
                case "AssociationClassName": question = question with { AssociationClass = Name(body) }; break;
                case "Role": question = question with { Role = Name(body) }; break;
                case "ResultClassName": question = question with { ResultClass = Name(body) }; break;
                case "ResultRole": question = question with { ResultRole = Name(body) }; break;
                case "IncludeResultProperty": properties.Add(body.ReadText()); break;
                default: throw Wrong($"'{body.LocalName}' is no part of it");
            }
        }

        var path = source is null ? null : CimObjectPath.Of(source);
        return question with { Object = path ?? throw Wrong("b:Object does not name an instance"), Properties = properties };
    }

    // The reference stands in b:Object itself; some clients wrap it once more.
    private static EndpointReference ReadObject(BodyReader body)
    {
        var xml = body.ReadOuterXml();
        using var reader = XmlDictionaryReader.CreateTextReader(Encoding.UTF8.GetBytes(xml), XmlDictionaryReaderQuotas.Max);
        reader.MoveToContent();
        var inner = new BodyReader(reader);
        if (!xml.Contains(":EndpointReference", StringComparison.Ordinal) && !xml.Contains("<EndpointReference", StringComparison.Ordinal))
        {
            return EndpointReference.Read(inner);
        }

        inner.Enter();
        return inner.NextChild() && inner.Is("EndpointReference", Namespaces.Addressing) ? EndpointReference.Read(inner) : throw Wrong("b:Object holds something else than a reference");
    }

    private static string? Name(BodyReader body) => body.ReadText() is { Length: > 0 } name ? name : null;

    private static WSManFaultException Wrong(string why) => FaultCatalog.CannotProcessEnumerationFilter.Fault($"the association filter: {why}.");
}
