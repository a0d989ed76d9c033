using Farwire.Cim.Mof;
using Farwire.Client;
using Farwire.Client.Connection;
using Farwire.Client.PowerShell;
using Farwire.CommandLine.Bmc;
using Farwire.CommandLine.Grammar;
using Farwire.CommandLine.Output;
using Farwire.Ipmi;
using Farwire.Protocol.Faults;

namespace Farwire.CommandLine.Exit;

/// <summary>What went wrong in a modern verb: its exit code, and how it is told.</summary>
internal static class Failure
{
    /// <summary>True for what can go wrong in use; everything else is a mistake of ours and is not hidden.</summary>
    public static bool IsKnown(Exception e) =>
        e is UsageException or MofException or WSManFaultException or WSManTransportException or IpmiException or BmcRefusedException or PowerShellProtocolException or IOException or UnauthorizedAccessException;

    public static int ExitOf(Exception e) => e switch
    {
        UsageException => ExitCode.Usage,
        MofException => ExitCode.Data,
        WSManFaultException fault => fault.Fault.Code == FaultCatalog.AccessDenied.Code ? ExitCode.Authentication : ExitCode.Fault,
        WSManTransportException transport => transport.Failure == TransportFailure.Authentication ? ExitCode.Authentication : ExitCode.Unreachable,
        IpmiTransportException { Failure: IpmiTransportFailure.Authentication or IpmiTransportFailure.Privilege } => ExitCode.Authentication,
        IpmiTransportException => ExitCode.Unreachable,
        IpmiCompletionException { Code: CompletionCode.InsufficientPrivilege } or BmcRefusedException { Code: CompletionCode.InsufficientPrivilege } => ExitCode.Authentication,
        _ => ExitCode.Fault,
    };

    /// <summary>Tells it: to people in a line or Windows' block, to programs as JSON.</summary>
    /// <param name="errors">Where to.</param>
    /// <param name="e">What went wrong.</param>
    /// <param name="verb">The verb, such as <c>cim</c>.</param>
    /// <param name="host">The host it happened on, when there are several.</param>
    /// <param name="json">The answers are JSON, so this is too.</param>
    public static void Show(TextWriter errors, Exception e, string verb, string? host, bool json)
    {
        switch (e)
        {
            case WSManFaultException fault:
                Faults.Show(errors, fault.Fault, json);
                break;
            case WSManTransportException transport:
                Faults.Show(errors, transport, json);
                break;
            case var _ when json:
                Faults.ShowJson(errors, CodeOf(e), SymbolOf(e), e.Message, host, null, null);
                break;
            default:
                errors.WriteLine(host is null ? $"farwire {verb}: {e.Message}" : $"farwire {verb}: {host}: {e.Message}");
                if (e is UsageException)
                {
                    errors.WriteLine($"Try 'farwire {verb} --help'.");
                }

                break;
        }
    }

    // The completion code where a controller spoke, else the exit code.
    private static uint CodeOf(Exception e) => e switch
    {
        IpmiCompletionException completion => (uint)completion.Code,
        BmcRefusedException refused => (uint)refused.Code,
        _ => (uint)ExitOf(e),
    };

    private static string SymbolOf(Exception e) => e switch
    {
        UsageException => "Usage",
        MofException => "Data",
        IpmiTransportException transport => transport.Failure.ToString(),
        IpmiCompletionException completion => completion.Code.ToString(),
        BmcRefusedException refused => refused.Code.ToString(),
        _ => "Format",
    };
}
