using Farwire.CommandLine.Connection;
using Farwire.CommandLine.Grammar;
using Farwire.CommandLine.Hosts;

namespace Farwire.CommandLine.Doctor;

/// <summary>From a command line to the one service that is meant.</summary>
internal static class Reception
{
    /// <exception cref="UsageException">None is named, or several.</exception>
    public static async Task<Patient> PatientAsync(Switches switches, Terminal terminal, CancellationToken cancellationToken)
    {
        var line = switches.Words switch
        {
            [var host] when !switches.Has("remote") => switches.With("remote", host),
            [] => switches,
            [.., var word] => throw new UsageException($"'{word}' is one word too many: one HOST is looked at."),
        };
        if (line["remote"] is not { } named)
        {
            return line.Has("--connect")
                ? new Patient(line, terminal, ConnectionSwitches.Read(line, terminal, anonymous: true).Address)
                : throw new UsageException("say which computer: HOST, or --connect FILE.");
        }

        var hosts = HostList.Parse(named);
        if (hosts.Count > 1)
        {
            throw new UsageException("one HOST is looked at.");
        }

        var settings = ClientSettings.Load(terminal);
        line = line.WithDefaults(hosts[0].Facts);
        var address = await new HostWay(settings).FindAsync(hosts[0].Address, line, cancellationToken).ConfigureAwait(false);
        return new Patient(line.With("remote", address), terminal, RemoteWord.Parse(address, useSsl: false, settings.HttpPort, settings.HttpsPort, settings.UrlPrefix));
    }
}
