using Farwire.Protocol.Faults;

namespace Farwire.Client.Shells;

/// <summary>A shell for many commands, opened when the first one comes, and anew when the service has ended it or takes no more commands into it.</summary>
/// <remarks>
/// Services end shells that nobody used for some time, and count what runs in one. 1. A command that the service refused to start for such a reason is started
/// in a new shell; one that has begun is never begun again. 2. The old shell is closed once the commands that still run in it have ended.
/// </remarks>
/// <param name="client">The way.</param>
/// <param name="settings">What each shell shall be.</param>
public sealed class RecycledShell(WSManClient client, ShellSettings? settings = null) : IAsyncDisposable
{
    private const uint KeyDeleted = 0x800703FA; // ERROR_KEY_DELETED

    // The first new shell at once; where all commands of a user are counted, the next when some may have ended.
    private static readonly TimeSpan[] Pauses = [TimeSpan.Zero, TimeSpan.FromMilliseconds(250), TimeSpan.FromSeconds(1)];

    private readonly Lock _lock = new();
    private readonly SemaphoreSlim _opening = new(1, 1);
    private Used? _current;
    private bool _isDisposed;

    /// <summary>The id of the shell that takes the next command; null when it will be a new one.</summary>
    public string? ShellId => _current?.Shell.Id;

    /// <summary>Runs a command to its end and gathers its output. Cancelled, it ends the command before it throws.</summary>
    /// <param name="command">The program, or a whole line for the shell's interpreter.</param>
    /// <param name="input">What the command reads, and its end; empty sends neither.</param>
    /// <param name="starting">How it starts.</param>
    /// <param name="cancellationToken">Ends the command.</param>
    public async Task<CommandOutcome> RunAsync(
        string command, ReadOnlyMemory<byte> input = default, CommandSettings? starting = null, CancellationToken cancellationToken = default)
    {
        for (var attempt = 0; ; attempt++)
        {
            var used = await EnterAsync(cancellationToken).ConfigureAwait(false);
            var hasStarted = false;
            try
            {
                await using var running = await used.Shell.StartAsync(command, settings: starting, cancellationToken: cancellationToken).ConfigureAwait(false);
                hasStarted = true;
                return await used.Shell.GatherAsync(running, input, cancellationToken).ConfigureAwait(false);
            }
            catch (WSManFaultException e) when (!hasStarted && attempt < Pauses.Length && IsWornOut(e.Fault.Code)) // 1
            {
                Retire(used);
            }
            finally
            {
                await LeaveAsync(used).ConfigureAwait(false);
            }

            await Task.Delay(Pauses[attempt], client.Options.Time, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Closes the shell; those in which commands still run are closed when they have ended.</summary>
    public async ValueTask DisposeAsync()
    {
        Used? last;
        lock (_lock)
        {
            _isDisposed = true;
            last = _current;
            _current = null;
            if (last is null || !last.Retire())
            {
                return;
            }
        }

        await last.Shell.DisposeAsync().ConfigureAwait(false);
    }

    // The shell is not there any more, has its number of commands, or its user has; or Windows unloaded the profile that it used.
    private static bool IsWornOut(uint code) =>
        code == FaultCatalog.UnexpectedSelectors.Code || code == FaultCatalog.CommandsQuotaPerShell.Code || code == FaultCatalog.OperationsQuotaPerUser.Code || code == KeyDeleted;

    private async Task<Used> EnterAsync(CancellationToken cancellationToken)
    {
        await _opening.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (Current() is { } used)
            {
                return used;
            }

            var shell = await client.OpenShellAsync(settings, cancellationToken).ConfigureAwait(false);
            lock (_lock)
            {
                if (!_isDisposed)
                {
                    return _current = new Used(shell);
                }
            }

            await shell.DisposeAsync().ConfigureAwait(false);
            throw new ObjectDisposedException(nameof(RecycledShell));
        }
        finally
        {
            _opening.Release();
        }
    }

    private Used? Current()
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            _current?.Enter();
            return _current;
        }
    }

    private void Retire(Used used)
    {
        lock (_lock)
        {
            used.Retire();
            _current = _current == used ? null : _current;
        }
    }

    private async ValueTask LeaveAsync(Used used)
    {
        bool isLast;
        lock (_lock)
        {
            isLast = used.Leave();
        }

        if (isLast)
        {
            await used.Shell.DisposeAsync().ConfigureAwait(false); // 2
        }
    }

    /// <summary>A shell, and how many commands run in it.</summary>
    private sealed class Used(RemoteShell shell)
    {
        private int _commands = 1;
        private bool _isRetired;

        public RemoteShell Shell => shell;

        public void Enter() => _commands++;

        /// <summary>True when nothing runs in it, and nothing will.</summary>
        public bool Leave() => --_commands == 0 && _isRetired;

        /// <summary>Takes no more commands. True when none runs in it.</summary>
        public bool Retire()
        {
            _isRetired = true;
            return _commands == 0;
        }
    }
}
