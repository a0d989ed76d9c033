using Farwire.CommandLine.Grammar;
using Farwire.Ipmi;

namespace Farwire.CommandLine.Bmc;

/// <summary>From what went wrong to the exit code.</summary>
internal static class BmcExit
{
    public const int Usage = 64;
    public const int Deadline = 124;
    public const int Interrupted = 130;

    private const int Unreachable = 69;
    private const int Fault = 70;
    private const int Authentication = 77;

    public static bool IsKnown(Exception e) => e is UsageException or IpmiException or BmcRefusedException or IOException or UnauthorizedAccessException;

    public static int Of(Exception e) => e switch
    {
        UsageException => Usage,
        IpmiTransportException { Failure: IpmiTransportFailure.Authentication or IpmiTransportFailure.Privilege } => Authentication,
        IpmiTransportException => Unreachable,
        IpmiCompletionException { Code: CompletionCode.InsufficientPrivilege } or BmcRefusedException { Code: CompletionCode.InsufficientPrivilege } => Authentication,
        _ => Fault,
    };

    /// <summary>The completion code where the controller spoke, else the exit code.</summary>
    public static int CodeOf(Exception e) => e switch
    {
        IpmiCompletionException completion => (int)completion.Code,
        BmcRefusedException refused => (int)refused.Code,
        _ => Of(e),
    };

    public static string SymbolOf(Exception e) => e switch
    {
        UsageException => "Usage",
        IpmiTransportException transport => transport.Failure.ToString(),
        IpmiCompletionException completion => completion.Code.ToString(),
        BmcRefusedException refused => refused.Code.ToString(),
        _ => "Format",
    };
}
