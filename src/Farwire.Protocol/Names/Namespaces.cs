namespace Farwire.Protocol.Names;

/// <summary>The XML namespaces of WS-Management and its Windows dialect, by the prefix that Windows writes.</summary>
/// <remarks>DSP0226, "XML namespaces"; MS-WSMV, "Namespaces". Prefixes never matter when reading.</remarks>
public static class Namespaces
{
    /// <summary><c>s</c>: SOAP 1.2 envelope.</summary>
    public const string Soap = "http://www.w3.org/2003/05/soap-envelope";

    /// <summary>SOAP 1.1, answered with <c>s:VersionMismatch</c>.</summary>
    public const string Soap11 = "http://schemas.xmlsoap.org/soap/envelope/";

    /// <summary><c>a</c>: WS-Addressing, August 2004.</summary>
    public const string Addressing = "http://schemas.xmlsoap.org/ws/2004/08/addressing";

    /// <summary><c>x</c>: WS-Transfer, September 2004.</summary>
    public const string Transfer = "http://schemas.xmlsoap.org/ws/2004/09/transfer";

    /// <summary><c>n</c>: WS-Enumeration, September 2004.</summary>
    public const string Enumeration = "http://schemas.xmlsoap.org/ws/2004/09/enumeration";

    /// <summary><c>e</c>: WS-Eventing, August 2004.</summary>
    public const string Eventing = "http://schemas.xmlsoap.org/ws/2004/08/eventing";

    /// <summary><c>w</c>: WS-Management.</summary>
    public const string WSMan = "http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd";

    /// <summary><c>p</c>: Microsoft's additions to WS-Management.</summary>
    public const string Microsoft = "http://schemas.microsoft.com/wbem/wsman/1/wsman.xsd";

    /// <summary><c>b</c>: WS-Management CIM binding.</summary>
    public const string CimBinding = "http://schemas.dmtf.org/wbem/wsman/1/cimbinding.xsd";

    /// <summary><c>cim</c>: WS-CIM common types.</summary>
    public const string CimCommon = "http://schemas.dmtf.org/wbem/wscim/1/common";

    /// <summary><c>wsmid</c>: Identify.</summary>
    public const string Identity = "http://schemas.dmtf.org/wbem/wsman/identity/1/wsmanidentity.xsd";

    /// <summary>A misspelling of <see cref="Identity"/> that some clients send; read, never written.</summary>
    public const string IdentityMisspelt = "http://schemas.dmtf.org/wbem/wsman/identify/1/wsmanidentity.xsd";

    /// <summary><c>f</c>: the Windows fault detail.</summary>
    public const string Fault = "http://schemas.microsoft.com/wbem/wsman/1/wsmanfault";

    /// <summary><c>rsp</c>: remote shells.</summary>
    public const string Shell = "http://schemas.microsoft.com/wbem/wsman/1/windows/shell";

    /// <summary><c>cfg</c>: the configuration tree.</summary>
    public const string Config = "http://schemas.microsoft.com/wbem/wsman/1/config";

    /// <summary><c>m</c>: the machine that sends an event.</summary>
    public const string MachineId = "http://schemas.microsoft.com/wbem/wsman/1/machineid";

    /// <summary><c>m</c>: subscriptions as a collector hands them out.</summary>
    public const string Subscription = "http://schemas.microsoft.com/wbem/wsman/1/subscription";

    /// <summary>Creation and connection data of PowerShell shells.</summary>
    public const string PowerShell = "http://schemas.microsoft.com/powershell";

    /// <summary><c>xsi</c>: XML Schema instance.</summary>
    public const string SchemaInstance = "http://www.w3.org/2001/XMLSchema-instance";

    /// <summary>The namespace of <c>xml:lang</c>.</summary>
    public const string Xml = "http://www.w3.org/XML/1998/namespace";
}
