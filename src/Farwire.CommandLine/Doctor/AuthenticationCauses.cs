using Farwire.Client.Connection;

namespace Farwire.CommandLine.Doctor;

/// <summary>Why a service does not believe who one is: what is known by now narrows it down.</summary>
internal static class AuthenticationCauses
{
    private static readonly TimeSpan MaxSkew = TimeSpan.FromMinutes(5);

    public static Finding Of(Patient patient, WSManConnectionOptions? options, WSManTransportException failure)
    {
        var method = options?.Authentication;
        var finding = new Finding(Stage.Authentication, Health.Failed, failure.Message) { Here = [failure.Fix] };
        return failure.Failure switch
        {
            TransportFailure.ClearText => finding with
            {
                Cause = $"{method} seals nothing, and the way is plain HTTP; AllowUnencrypted is off on this side, as it should be.",
                Here = ["use https://, or --auth negotiate, which seals messages"],
                There = ["winrm quickconfig -transport:https"],
            },
            TransportFailure.NotTrusted => finding with
            {
                Cause = "Over HTTP the service must prove itself by Kerberos, or be among the trusted hosts (TrustedHosts).",
                Here = [$"--trusted-hosts {patient.Address.Host}", "use https://, or connect by the name that Kerberos knows"],
            },
            _ when patient.IsByAddress && method is AuthenticationMethod.Kerberos or null => finding with
            {
                Cause = "Kerberos knows services by name, and this is an IP address.",
                Here = ["connect by name", "--auth negotiate --user USER"],
            },
            _ when NotOffered(patient, method) is { } scheme => finding with
            {
                Cause = $"{scheme} is switched off on the service; it offers {string.Join(", ", patient.Schemes)}.",
                Here = ["--auth negotiate"],
                There = [$"winrm set winrm/config/service/auth '@{{{scheme}=\"true\"}}'"],
            },
            _ when method is AuthenticationMethod.Kerberos or AuthenticationMethod.Negotiate && patient.Skew?.Duration() > MaxSkew => finding with
            {
                Cause = "The clocks differ by more than five minutes, which Kerberos refuses.",
                Here = ["timedatectl", "chronyc makestep"],
                There = ["w32tm /resync"],
            },
            _ when method == AuthenticationMethod.Kerberos => finding with
            {
                Cause = $"No ticket for HTTP/{patient.Host}: there is no such service principal, it belongs to another account, or there is no ticket to ask with.",
                Here = ["klist", "kinit USER@REALM", $"kvno HTTP/{patient.Host}"],
                There = [$"setspn -Q HTTP/{patient.Host}"],
            },
            TransportFailure.Authentication => finding with
            {
                Cause = "User or password are wrong"
                    + (patient.User?.Contains('\\', StringComparison.Ordinal) == true || patient.User?.Contains('@', StringComparison.Ordinal) == true ? "" : ", or the account needs its domain or host in front")
                    + (patient.IsTls ? "; or a proxy ends TLS on the way and the service insists on channel binding (CbtHardeningLevel Strict)." : "; or NTLM is switched off there."),
                Here = [failure.Fix, $"--user {(patient.IsByAddress ? "HOST" : patient.Host.Split('.')[0].ToUpperInvariant())}\\{patient.User ?? "USER"}"],
                There = ["winrm get winrm/config/service/auth", "Get-WinEvent -FilterHashtable @{LogName='Security';Id=4625} -MaxEvents 3"],
            },
            _ => finding with { Cause = "The way to the service broke during the proof." },
        };
    }

    private static string? NotOffered(Patient patient, AuthenticationMethod? method)
    {
        string[] schemes = method switch
        {
            AuthenticationMethod.Basic => ["Basic"],
            AuthenticationMethod.Digest => ["Digest"],
            AuthenticationMethod.CredSsp => ["CredSSP"],
            AuthenticationMethod.Kerberos => ["Kerberos", "Negotiate"],
            AuthenticationMethod.Negotiate => ["Negotiate"],
            _ => [],
        };
        return schemes.Length > 0 && patient.Schemes.Count > 0 && !schemes.Intersect(patient.Schemes, StringComparer.OrdinalIgnoreCase).Any() ? schemes[0] : null;
    }
}
