using System.Security;
using Farwire.Client.Connection;
using Farwire.Protocol.Faults;

namespace Farwire.Client.ShellApi;

/// <summary>Why an operation ended without what it was for.</summary>
/// <param name="Code">Windows' number of the error.</param>
/// <param name="Detail">The error as <c>f:WSManFault</c>, XML.</param>
/// <param name="Language">The language of its text.</param>
/// <param name="MachineName">Where it happened; empty for this machine.</param>
/// <param name="PluginName">The part of the service behind it, or null.</param>
/// <remarks>WSMan API, "WSMAN_ERROR".</remarks>
public sealed record ApiError(uint Code, string Detail, string Language, string MachineName, string? PluginName)
{
    /// <summary>The number of an operation that its caller closed: ERROR_OPERATION_ABORTED.</summary>
    public const uint OperationAborted = 995;

    internal static ApiError Of(Exception e) => e switch
    {
        WSManFaultException { Fault: var fault } => new ApiError(fault.Code, Xml(fault.Code, fault.Machine, fault.Message), fault.Language, fault.Machine, fault.Provider?.Provider),
        WSManTransportException transport => new ApiError(transport.ErrorCode, Xml(transport.ErrorCode, "", $"{transport.Message} {transport.Fix}"), FaultLanguage, "", null),
        OperationCanceledException => new ApiError(OperationAborted, Xml(OperationAborted, "", FaultCatalog.OperationAborted.Text(null)), FaultLanguage, "", null),
        _ => new ApiError(FaultCatalog.InvalidParameter.Code, Xml(FaultCatalog.InvalidParameter.Code, "", e.Message), FaultLanguage, "", null),
    };

    private const string FaultLanguage = "en-US";

    private static string Xml(uint code, string machine, string message) =>
        $"<f:WSManFault xmlns:f=\"{Protocol.Names.Namespaces.Fault}\" Code=\"{code}\" Machine=\"{SecurityElement.Escape(machine)}\"><f:Message>{SecurityElement.Escape(message)}</f:Message></f:WSManFault>";
}
