using System.Globalization;
using Farwire.Protocol.Faults;

namespace Farwire.Cim.Naming;

/// <summary>The error codes of WMI that clients look for, as faults.</summary>
/// <remarks>The WMI SDK, "WMI error constants".</remarks>
public static class CimError
{
    /// <summary>No such instance: 0x80041002.</summary>
    public static WSManFaultException NotFound(string particular) => Fault(FaultCatalog.ResourceNotFound, 0x80041002, particular);

    /// <summary>What stands behind the class does not answer: 0x80041004.</summary>
    public static WSManFaultException ProviderFailure(string particular) => Fault(FaultCatalog.InternalError, 0x80041004, particular);

    /// <summary>The question would need more than one question may: 0x8004106C.</summary>
    public static WSManFaultException QuotaViolation(string particular) => Fault(FaultCatalog.QuotaLimit, 0x8004106C, particular);

    /// <summary>No such namespace: 0x8004100E.</summary>
    public static WSManFaultException InvalidNamespace(string particular) => Fault(FaultCatalog.ResourceNotFound, 0x8004100E, particular);

    /// <summary>No such class: 0x80041010.</summary>
    public static WSManFaultException InvalidClass(string particular) => Fault(FaultCatalog.ResourceNotFound, 0x80041010, particular);

    /// <summary>A query that is not WQL, or asks for what the class has not: 0x80041017.</summary>
    public static WSManFaultException InvalidQuery(string particular) => Fault(FaultCatalog.CannotProcessFilter, 0x80041017, particular);

    /// <summary>No such method: 0x80041055.</summary>
    public static WSManFaultException InvalidMethod(string particular) => Fault(FaultCatalog.InvalidActionUri, 0x80041055, particular);

    private static WSManFaultException Fault(FaultEntry entry, uint code, string particular) =>
        entry.Fault($"{particular.TrimEnd('.')} (WMI error 0x{code.ToString("X8", CultureInfo.InvariantCulture)}).");
}
