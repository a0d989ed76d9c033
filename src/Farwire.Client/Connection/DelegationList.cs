namespace Farwire.Client.Connection;

/// <summary>The services that a password may be delegated to: <c>WSMAN/host</c>, <c>WSMAN/*.domain</c>, <c>*</c>.</summary>
/// <remarks>The group policies "Allow delegating fresh credentials", and the same "with NTLM-only server authentication".</remarks>
internal static class DelegationList
{
    private const string Service = "WSMAN/";

    public static bool Holds(IEnumerable<string> patterns, string host) => patterns.Any(pattern => Fits(pattern.Trim(), host));

    private static bool Fits(string pattern, string host)
    {
        if (pattern.StartsWith(Service, StringComparison.OrdinalIgnoreCase))
        {
            pattern = pattern[Service.Length..];
        }

        return pattern == "*"
            || (pattern.StartsWith("*.", StringComparison.Ordinal) ? host.EndsWith(pattern[1..], StringComparison.OrdinalIgnoreCase) : host.Equals(pattern, StringComparison.OrdinalIgnoreCase));
    }
}
