using Farwire.CommandLine.Connection;
using Farwire.CommandLine.Exit;
using Farwire.CommandLine.Grammar;

namespace Farwire.CommandLine.Modern;

/// <summary><c>farwire profile</c>: which profiles there are, and what one, or a host, gets from them.</summary>
/// <param name="terminal">What it reads from and writes to.</param>
public sealed class ProfileCommand(Terminal terminal)
{
    internal static readonly IReadOnlyDictionary<string, string> Known = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase) { ["--help"] = "help", ["?"] = "help", ["h"] = "help" };

    /// <summary>Runs a command line; the answer is the exit code.</summary>
    public Task<int> RunAsync(IReadOnlyList<string> arguments, CancellationToken cancellationToken) => new VerbBoundary(terminal, "profile").RunAsync(
        () =>
        {
            var switches = Switches.Parse(arguments, Known);
            switch (switches.Words)
            {
                case [] when switches.Has("help") || arguments.Count == 0:
                    terminal.Output.WriteLine(Help);
                    break;
                case ["list"]:
                    foreach (var profile in Profiles.Load(terminal).All)
                    {
                        terminal.Output.WriteLine($"{profile.Name}  {string.Join(", ", profile.Hosts)}".TrimEnd());
                    }

                    break;
                case ["show", var word]:
                    Show(word);
                    break;
                default:
                    throw new UsageException($"'{string.Join(' ', switches.Words)}' is neither list nor show NAME|HOST.");
            }

            return Task.FromResult(ExitCode.Done);
        },
        cancellationToken);

    private void Show(string word)
    {
        var profiles = Profiles.Load(terminal);
        var profile = profiles.All.FirstOrDefault(p => p.Name.Equals(word, StringComparison.OrdinalIgnoreCase)) ?? profiles.For(word) ?? profiles.Find(word);
        terminal.Output.WriteLine($"# {profile.Name}, in {profile.File}");
        foreach (var (name, value) in profile.Values)
        {
            terminal.Output.WriteLine(value.Length > 0 ? $"{name.TrimStart('-')}: {value}" : name.TrimStart('-'));
        }
    }

    internal const string Help = """
        farwire profile: what one does not want to type each time

          farwire profile list             the profiles and the hosts they are for
          farwire profile show NAME|HOST   what one, or a host, gets

        They stand in ~/.config/farwire/profiles.yaml, and for all users in /etc/farwire/profiles.yaml:

          lab:
            hosts: ["*.lab.example.org", "10.1.*"]
            user: LAB\ann
            auth: kerberos
            ca: /etc/ssl/lab.pem
          dmz:
            hosts: dmz*
            jump: ssh://bastion.example.org
            credentialHelper: /usr/local/bin/vault-helper

        Names: host, hosts, user, auth, certificate, ca, pin, passwordFile, credentialHelper, proxy, jump, trustedHosts, timeout, unencrypted,
        spnPort, trustFirstUse. The first whose pattern fits the host is taken, or the one that --profile NAME or FARWIRE_PROFILE names; what the
        line says wins.

        Examples
          farwire profile show web1.lab.example.org
          farwire run --profile lab -H web1 uptime
        """;
}
