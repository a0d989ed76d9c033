using Farwire.Security;
using Farwire.Security.Accounts;
using Farwire.Security.Kerberos;
using Farwire.Security.Ntlm;
using Farwire.Security.Spnego;

namespace Farwire.Samples.HostedInWebApp;

/// <summary>WinRM's own way to know users, and to seal what they say: Negotiate, which is Kerberos with the keys of KRB5_KTNAME, or NTLM with the users of a file.</summary>
public static class SealingUsers
{
    /// <summary>Takes the users of <paramref name="file"/>, whose hashes are sealed under the key beside it.</summary>
    public static IReadOnlyList<IAuthenticationScheme> In(string file)
    {
        var key = SecretKey.Open(Path.Combine(Path.GetDirectoryName(Path.GetFullPath(file))!, "key"));
        var ntlm = new NtlmService(UserStore.Open(file), key, new GuessLimit(TimeProvider.System), TimeProvider.System);
        return [.. NegotiateScheme.For(ntlm, KerberosService.TryOpen(Environment.GetEnvironmentVariable("KRB5_KTNAME")))];
    }
}
