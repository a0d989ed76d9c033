using Farwire.Cim.Naming;
using Farwire.Protocol.Faults;
using Farwire.Service.Dispatch;

namespace Farwire.Providers.Contract;

/// <summary>The place where errors of WMI take the form that the client reads.</summary>
internal static class CimAnswer
{
    /// <summary>Does the work; an error in it is told as clients of MI are told, when the request comes from one.</summary>
    public static async ValueTask<T> To<T>(OperationContext context, Func<ValueTask<T>> work)
    {
        try
        {
            return await work().ConfigureAwait(false);
        }
        catch (WSManFaultException e) when (e.Fault.Provider?.Status is not null && WmiError.IsWantedBy(context.Options))
        {
            throw WmiError.From(e.Fault);
        }
    }
}
