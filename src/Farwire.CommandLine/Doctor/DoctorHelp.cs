namespace Farwire.CommandLine.Doctor;

internal static class DoctorHelp
{
    public const string Doctor = """
        farwire doctor: why a connection fails, and what helps

          farwire doctor HOST [OPTIONS]

        Walks name, route, port, TLS, HTTP, clock, offered schemes, authentication, authorization, shell and quotas. Each stage is a line:
        ✓ good, ! works and will hurt one day, ✗ failed, - nothing to try it with. The first that fails ends the walk, with the likely
        cause and commands for this side (here) and the other (over there). Without a user the walk ends before authentication.

          HOST                 a name; [http://|https://]HOST[:PORT]; or --connect FILE
          -u, --user USER      the password comes from --password-file FILE, FARWIRE_PASSWORD, or is asked for
          -a, --auth METHOD    negotiate, kerberos, credssp, certificate, basic, digest
          --pin SHA256, --ca FILE                    how to trust the service's certificate
          --deadline SEC       be done by then
          --json, -o json      an object a stage: stage, health, message, cause, here, there

        Examples
          farwire doctor web1
          farwire doctor https://web1:5986 -u ann
          farwire doctor web1 -u ann --json | jq 'select(.health=="failed")'

        Exit: 0, or 69 not reached, 77 not believed or not allowed, 70 no shell, 64 usage, 124 deadline
        """;

    public const string Wait = """
        farwire wait: until a service is ready, saying each stage once

          farwire wait HOST [--for tcp|tls|http|auth|shell] [--deadline SEC] [OPTIONS]

          --for STAGE          how far; shell when left out: a command ran
          --deadline SEC       give up after so long; 300 when left out
          -q, --quiet          say nothing but the reason at the end
          -u, --user, --auth, --password-file, --pin, --ca, --connect as for doctor

        A password that is refused three times ends the waiting, before the account is locked.

        Examples
          farwire wait web1 -u ann && farwire run -H web1 -u ann ./deploy
          farwire wait web1 --for tcp --deadline 60

        Exit: 0, or 124 deadline, 77 not believed, 64 usage
        """;
}
