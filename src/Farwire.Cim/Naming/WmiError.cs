using System.Globalization;
using System.Text;
using Farwire.Protocol.Envelope;
using Farwire.Protocol.Faults;
using Farwire.Protocol.Names;
using Farwire.Protocol.Xml;

namespace Farwire.Cim.Naming;

/// <summary>MSFT_WmiError: how the CIM cmdlets and other clients of MI are told of an error of WMI.</summary>
/// <remarks>DSP0004, "CIM_Error". Recorded: every property has its type, those that are NULL too, and the reason is empty.</remarks>
public static class WmiError
{
    private const string Uri = ResourceUris.CimSchema + "/MSFT_WmiError";

    // What only clients of MI send; any one of them tells.
    private static readonly string[] MiOptions = ["__MI_", "wmi:", "wmiarray:", "msftwinrm:"];

    /// <summary>True when a request with these options is answered in this way.</summary>
    public static bool IsWantedBy(OptionSet options)
    {
        foreach (var option in options)
        {
            foreach (var prefix in MiOptions)
            {
                if (option.Name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase))
                {
                    return true;
                }
            }
        }

        return false;
    }

    /// <summary>The fault <paramref name="fault"/>, which has a status of WMI, for such a client.</summary>
    public static WSManFaultException From(WSManFault fault)
    {
        var code = fault.Provider?.Status ?? throw new ArgumentException("The fault is no error of WMI.", nameof(fault));
        return new WSManFaultException(new WSManFault
        {
            SoapCode = "s:Receiver",
            Subcode = "w:InternalError",
            Action = Actions.WSManFault,
            OtherDetail = Detail(code, fault.Provider.Text ?? fault.Message),
        });
    }

    private static string Detail(uint code, string message)
    {
        var (status, description, category) = Meaning(code);
        using var xml = new XmlUtf8Writer();
        xml.Start("p:MSFT_WmiError"u8);
        xml.Attribute("b:IsCIM_Error"u8, "true"u8);
        xml.Attribute("xmlns:xsi"u8, Namespaces.SchemaInstance);
        xml.Attribute("xmlns:b"u8, Namespaces.CimBinding);
        xml.Attribute("xmlns:p"u8, Uri);
        xml.Attribute("xmlns:cim"u8, Namespaces.CimCommon);
        xml.Attribute("xsi:type"u8, "p:MSFT_WmiError_Type"u8);
        Number(xml, "p:CIMStatusCode"u8, "cim:cimUnsignedInt"u8, status);
        Text(xml, "p:CIMStatusCodeDescription"u8, description);
        Text(xml, "p:ErrorSource"u8, null);
        Number(xml, "p:ErrorSourceFormat"u8, "cim:cimUnsignedShort"u8, 0);
        Number(xml, "p:ErrorType"u8, "cim:cimUnsignedShort"u8, 0);
        Text(xml, "p:Message"u8, message);
        Text(xml, "p:MessageID"u8, $"HRESULT 0x{code.ToString("x8", CultureInfo.InvariantCulture)}");
        Text(xml, "p:OtherErrorSourceFormat"u8, null);
        Text(xml, "p:OtherErrorType"u8, null);
        Text(xml, "p:OwningEntity"u8, null);
        Number(xml, "p:PerceivedSeverity"u8, "cim:cimUnsignedShort"u8, 0);
        Number(xml, "p:ProbableCause"u8, "cim:cimUnsignedShort"u8, 0);
        Text(xml, "p:ProbableCauseDescription"u8, null);
        Number(xml, "p:error_Category"u8, "cim:cimUnsignedInt"u8, category);
        Number(xml, "p:error_Code"u8, "cim:cimUnsignedInt"u8, code);
        Text(xml, "p:error_Type"u8, "HRESULT");
        Text(xml, "p:error_WindowsErrorMessage"u8, message);
        xml.End("p:MSFT_WmiError"u8);
        return Encoding.UTF8.GetString(xml.Written.Span);
    }

    private static void Number(XmlUtf8Writer xml, ReadOnlySpan<byte> name, ReadOnlySpan<byte> type, long value)
    {
        xml.Start(name);
        xml.Attribute("xsi:type"u8, type);
        xml.Text(value);
        xml.End(name);
    }

    private static void Text(XmlUtf8Writer xml, ReadOnlySpan<byte> name, string? value)
    {
        xml.Start(name);
        if (value is null)
        {
            xml.Attribute("xsi:nil"u8, "true"u8);
        }

        xml.Attribute("xsi:type"u8, "cim:cimString"u8);
        xml.Text(value ?? "");
        xml.End(name);
    }

    // The status of DSP0200, "Status codes", its name there, and the category in which PowerShell counts it.
    private static (uint Status, string Description, uint Category) Meaning(uint code) => code switch
    {
        0x80041002 => (6, "CIM_ERR_NOT_FOUND", 13),
        0x80041003 => (2, "CIM_ERR_ACCESS_DENIED", 18),
        0x80041005 => (13, "CIM_ERR_TYPE_MISMATCH", 9),
        0x80041008 or 0x8004102F => (4, "CIM_ERR_INVALID_PARAMETER", 5),
        0x8004100E => (3, "CIM_ERR_INVALID_NAMESPACE", 10),
        0x80041010 => (5, "CIM_ERR_INVALID_CLASS", 10),
        0x80041017 => (15, "CIM_ERR_INVALID_QUERY", 5),
        0x80041018 => (14, "CIM_ERR_QUERY_LANGUAGE_NOT_SUPPORTED", 5),
        0x80041019 => (11, "CIM_ERR_ALREADY_EXISTS", 20),
        0x80041023 or 0x80041024 => (7, "CIM_ERR_NOT_SUPPORTED", 11),
        0x8004102E => (17, "CIM_ERR_METHOD_NOT_FOUND", 10),
        0x80041031 => (12, "CIM_ERR_NO_SUCH_PROPERTY", 5),
        0x80041055 => (16, "CIM_ERR_METHOD_NOT_AVAILABLE", 11),
        0x8004106C => (27, "CIM_ERR_SERVER_LIMITS_EXCEEDED", 21),
        _ => (1, "CIM_ERR_FAILED", 0),
    };
}
