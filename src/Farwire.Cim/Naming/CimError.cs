using System.Globalization;
using System.Text;
using Farwire.Protocol.Faults;
using Farwire.Protocol.Names;
using Farwire.Protocol.Xml;

namespace Farwire.Cim.Naming;

/// <summary>The error codes of WMI that clients look for, as faults.</summary>
/// <remarks>The WMI SDK, "WMI error constants". The fault has what the part behind it says, with an <c>__ExtendedStatus</c>; see <see cref="WmiError"/> for newer clients.</remarks>
public static class CimError
{
    private const string ExtendedStatusUri = ResourceUris.WmiCimV2 + "/__ExtendedStatus";

    /// <summary>No such instance: 0x80041002.</summary>
    public static WSManFaultException NotFound(string particular) => Fault(FaultCatalog.ResourceNotFound, 0x80041002, particular);

    /// <summary>The caller may not: 0x80041003.</summary>
    public static WSManFaultException AccessDenied(string particular) => Fault(FaultCatalog.AccessDenied, 0x80041003, particular);

    /// <summary>What stands behind the class does not answer: 0x80041004.</summary>
    public static WSManFaultException ProviderFailure(string particular) => Fault(FaultCatalog.InternalError, 0x80041004, particular);

    /// <summary>A value of the wrong type: 0x80041005.</summary>
    public static WSManFaultException TypeMismatch(string particular) => Fault(FaultCatalog.ParameterTypeMismatch, 0x80041005, particular);

    /// <summary>The question would need more than one question may: 0x8004106C.</summary>
    public static WSManFaultException QuotaViolation(string particular) => Fault(FaultCatalog.QuotaLimit, 0x8004106C, particular);

    /// <summary>A value that does not fit, or a name that is none: 0x80041008.</summary>
    public static WSManFaultException InvalidParameter(string particular) => Fault(FaultCatalog.InvalidParameterValue, 0x80041008, particular);

    /// <summary>No such namespace: 0x8004100E.</summary>
    public static WSManFaultException InvalidNamespace(string particular) => Fault(FaultCatalog.ResourceNotFound, 0x8004100E, particular);

    /// <summary>No such class: 0x80041010.</summary>
    public static WSManFaultException InvalidClass(string particular) => Fault(FaultCatalog.ResourceNotFound, 0x80041010, particular);

    /// <summary>A query that is not WQL, or asks for what the class has not: 0x80041017.</summary>
    public static WSManFaultException InvalidQuery(string particular) => Fault(FaultCatalog.CannotProcessFilter, 0x80041017, particular);

    /// <summary>The instance is there already: 0x80041019.</summary>
    public static WSManFaultException AlreadyExists(string particular) => Fault(FaultCatalog.AlreadyExists, 0x80041019, particular);

    /// <summary>The property may not be changed: 0x80041023.</summary>
    public static WSManFaultException ReadOnly(string particular) => Fault(FaultCatalog.InvalidParameterValue, 0x80041023, particular);

    /// <summary>What stands behind the class cannot do this: 0x80041024.</summary>
    public static WSManFaultException NotCapable(string particular) => Fault(FaultCatalog.NotSupported, 0x80041024, particular);

    /// <summary>No such method: 0x8004102E.</summary>
    public static WSManFaultException InvalidMethod(string particular) => Fault(FaultCatalog.InvalidActionUri, 0x8004102E, particular);

    /// <summary>The method has no such parameter, or the value does not fit it: 0x8004102F.</summary>
    public static WSManFaultException InvalidMethodParameters(string particular) => Fault(FaultCatalog.InvalidParameterValue, 0x8004102F, particular);

    /// <summary>No such property: 0x80041031.</summary>
    public static WSManFaultException InvalidProperty(string particular) => Fault(FaultCatalog.InvalidParameterName, 0x80041031, particular);

    /// <summary>Nothing on this system does what the method is for: 0x80041055.</summary>
    public static WSManFaultException MethodNotImplemented(string particular) => Fault(FaultCatalog.NotSupported, 0x80041055, particular);

    private static WSManFaultException Fault(FaultEntry entry, uint code, string particular)
    {
        var fault = entry.ToFault($"{particular.TrimEnd('.')} (WMI error 0x{code.ToString("X8", CultureInfo.InvariantCulture)}).");
        return new WSManFaultException(fault with
        {
            Provider = new ProviderFault("WMI Provider", "") { Text = fault.Particular, Status = code, ExtendedError = ExtendedStatus(code, fault.Particular!) },
        });
    }

    // <p:__ExtendedStatus> Description Operation ParameterInfo ProviderName StatusCode </p:__ExtendedStatus>

    private static string ExtendedStatus(uint code, string description)
    {
        using var xml = new XmlUtf8Writer();
        xml.Start("p:__ExtendedStatus"u8);
        xml.Attribute("xmlns:p"u8, ExtendedStatusUri);
        xml.Attribute("xmlns:xsi"u8, Namespaces.SchemaInstance);
        xml.Element("p:Description"u8, description);
        xml.RawContent("<p:Operation xsi:nil=\"true\"/><p:ParameterInfo xsi:nil=\"true\"/>"u8);
        xml.Element("p:ProviderName"u8, "Farwire");
        xml.Element("p:StatusCode"u8, code);
        xml.End("p:__ExtendedStatus"u8);
        return Encoding.UTF8.GetString(xml.Written.Span);
    }
}
