using Farwire.Service.Dispatch;

namespace Farwire.AspNetCore;

/// <summary>What one connection has proved so far. Requests of a connection come one after another: no locks.</summary>
internal sealed class ConnectionSecurity
{
    /// <summary>The caller of the last authenticated request.</summary>
    public Caller? Caller { get; private set; }

    private System.Security.Claims.ClaimsPrincipal? _principal;

    /// <summary>The caller of <paramref name="principal"/>; the same object as long as it stays the same.</summary>
    public Caller Is(System.Security.Claims.ClaimsPrincipal principal, string address)
    {
        if (!ReferenceEquals(_principal, principal) || Caller is null)
        {
            _principal = principal;
            Caller = new Caller(principal, address);
        }

        return Caller;
    }
}
