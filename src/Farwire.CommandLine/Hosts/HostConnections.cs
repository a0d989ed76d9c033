using Farwire.Client.Connection;
using Farwire.CommandLine.Connection;
using Farwire.CommandLine.Grammar;

namespace Farwire.CommandLine.Hosts;

/// <summary>From a host of the list to the options of its connection; a password is asked for once.</summary>
internal sealed class HostConnections(Switches switches, Terminal terminal) : IDisposable
{
    private readonly Dictionary<(string User, string? OfFile), string> _passwords = [];
    private readonly HostWay _way = new(ClientSettings.Load(terminal));
    private readonly SemaphoreSlim _asking = new(1);

    /// <summary>It goes without a user too.</summary>
    public bool Anonymous { get; init; }

    /// <summary>The hosts that the line names; one with its address from <c>--connect</c>.</summary>
    /// <exception cref="UsageException">None is named.</exception>
    public IReadOnlyList<HostWord> Hosts() => (switches.Has("remote"), switches["--connect"]) switch
    {
        (true, _) => HostList.Parse(string.Join(',', switches.All("remote"))),
        (false, { } file) => [new HostWord(file)],
        _ => throw new UsageException("say which computer: --host HOST or --connect FILE."),
    };

    /// <summary>How to reach a host, which may mean to knock at its ports.</summary>
    public async Task<WSManConnectionOptions> OptionsAsync(HostWord host, CancellationToken cancellationToken)
    {
        var line = switches.WithDefaults(host.Facts);
        if (!line.Has("--connect") || line.Has("remote"))
        {
            line = line.With("remote", await _way.FindAsync(host.Address, line, cancellationToken).ConfigureAwait(false));
            if (line.Has("verbose"))
            {
                terminal.Errors.WriteLine($"{host.Name}: {line["remote"]}");
            }
        }

        await _asking.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return ConnectionSwitches.Read(line, terminal, Anonymous, PasswordOf);
        }
        finally
        {
            _asking.Release();
        }
    }

    public void Dispose() => _asking.Dispose();

    private string PasswordOf(Switches line, Terminal asked, string user, string? fromConnection)
    {
        var key = (user, fromConnection ?? line[HostSwitches.PasswordOfFile]);
        if (!_passwords.TryGetValue(key, out var password))
        {
            _passwords.Add(key, password = Passwords.Find(line, asked, user, fromConnection));
        }

        return password;
    }
}
