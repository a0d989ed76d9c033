using System.Collections.Concurrent;
using Farwire.Plugins;
using Farwire.Service.Plugins;

namespace Farwire.Hosting.Plugins;

/// <summary>The process of a plug-in: it serves calls from its standard input until that ends. What the plug-in prints goes to the log of the service.</summary>
public sealed class PluginProgram : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<int, ServedList> _lists = new();
    private readonly ConcurrentDictionary<int, ServedShell> _shells = new();
    private readonly ConcurrentDictionary<int, ServedCommand> _commands = new();
    private readonly PluginChannel _channel;
    private IPlugin? _plugin;
    private int _last;
    private int _isShutDown;

    private PluginProgram(Stream input, Stream output) => _channel = new PluginChannel(input, output, ServeAsync);

    /// <summary>Serves until the service goes; answers the exit code.</summary>
    public static async Task<int> RunAsync()
    {
        using var input = System.Console.OpenStandardInput();
        using var output = System.Console.OpenStandardOutput();
        System.Console.SetOut(System.Console.Error);
        System.Console.SetIn(TextReader.Null);
        using var program = new PluginProgram(input, output);
        await program._channel.RunAsync().ConfigureAwait(false);
        await program.ShutdownAsync(ShutdownReason.Service).ConfigureAwait(false); // the service ended without a word
        return 0;
    }

    /// <inheritdoc/>
    public void Dispose() => _channel.Dispose();

    private async ValueTask<byte[]> ServeAsync(PluginCall call, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        var message = new PluginReader(content);
        switch (call)
        {
            case PluginCall.Start:
                return await StartAsync(message, cancellationToken).ConfigureAwait(false);
            case PluginCall.Get:
                return (await Able<IGetPlugin>().GetAsync(message.Request(), cancellationToken).ConfigureAwait(false)).Utf8.ToArray();
            case PluginCall.Put:
                return (await Able<IPutPlugin>().PutAsync(message.Request(), cancellationToken).ConfigureAwait(false)).Utf8.ToArray();
            case PluginCall.Create:
                var keys = await Able<ICreatePlugin>().CreateAsync(message.Request(), cancellationToken).ConfigureAwait(false);
                return Answer(answer => answer.Pairs([.. keys]));
            case PluginCall.Delete:
                await Able<IDeletePlugin>().DeleteAsync(message.Request(), cancellationToken).ConfigureAwait(false);
                return [];
            case PluginCall.Invoke:
                var method = message.Text();
                return (await Able<IInvokePlugin>().InvokeAsync(message.Request(), method, cancellationToken).ConfigureAwait(false)).Utf8.ToArray();
            case PluginCall.Enumerate:
                return Numbered(_lists, new ServedList(end => Able<IEnumeratePlugin>().EnumerateAsync(message.Request(), end)));
            case PluginCall.Subscribe:
                return Numbered(_lists, new ServedList(end => Able<ISubscribePlugin>().SubscribeAsync(message.Request(), end)).Begin());
            case PluginCall.Next:
                return await Find(_lists, message.Int32()).NextAsync(cancellationToken).ConfigureAwait(false);
            case PluginCall.Close:
                if (_lists.TryRemove(message.Int32(), out var list))
                {
                    await list.DisposeAsync().ConfigureAwait(false);
                }

                return [];
            case PluginCall.OpenShell:
                return Numbered(_shells, new ServedShell(await Able<IShellPlugin>().OpenAsync(message.ShellRequest(), cancellationToken).ConfigureAwait(false)));
            case PluginCall.ConnectShell:
                var connected = await Find(_shells, message.Int32()).Shell.ConnectAsync(message.OptionalText(), cancellationToken).ConfigureAwait(false);
                return Answer(answer => answer.OptionalText(connected));
            case PluginCall.CloseShell:
                if (_shells.TryRemove(message.Int32(), out var shell))
                {
                    await shell.DisposeAsync().ConfigureAwait(false);
                }

                return [];
            case PluginCall.Run:
                return await RunAsync(message, cancellationToken).ConfigureAwait(false);
            case PluginCall.Input:
                await Find(_commands, message.Int32()).AcceptAsync(new PluginStreamData(message.Text(), message.Bytes(), message.Flag()), cancellationToken).ConfigureAwait(false);
                return [];
            case PluginCall.Signal:
                Find(_commands, message.Int32()).Raise(message.Text());
                return [];
            case PluginCall.Shutdown:
                await ShutdownAsync((ShutdownReason)message.Byte()).ConfigureAwait(false);
                return [];
            default:
                throw new IOException($"A process of a plug-in does not serve {call}.");
        }
    }

    private async Task<byte[]> StartAsync(PluginReader message, CancellationToken cancellationToken)
    {
        var path = PluginVariables.Expand(message.Text());
        var applicationId = message.Text();
        var reason = (StartupReason)message.Byte();
        var parameters = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, value) in message.Pairs())
        {
            parameters[name] = value;
        }

        try
        {
            _plugin = PluginLoadContext.Load<IPlugin>(path);
        }
        catch (InvalidDataException e)
        {
            throw new PluginNotLoadedException(e.Message);
        }

        await _plugin.StartupAsync(new PluginStartup(reason, applicationId, parameters), cancellationToken).ConfigureAwait(false);
        return [];
    }

    private async Task<byte[]> RunAsync(PluginReader message, CancellationToken cancellationToken)
    {
        var shell = Find(_shells, message.Int32());
        var number = message.Int32();
        var command = new ServedCommand(_channel, number)
        {
            CommandId = message.Text(),
            CommandLine = message.Text(),
            Arguments = message.Many(message.Text),
            Options = message.Options(),
        };
        _commands[number] = command;
        try
        {
            using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, shell.Closing);
            var code = await shell.Shell.RunAsync(command, both.Token).ConfigureAwait(false);
            return Answer(answer => answer.Int32(code));
        }
        finally
        {
            _commands.TryRemove(number, out _);
        }
    }

    private async ValueTask ShutdownAsync(ShutdownReason reason)
    {
        if (_plugin is not { } plugin || Interlocked.Exchange(ref _isShutDown, 1) != 0)
        {
            return;
        }

        foreach (var shell in _shells.Values)
        {
            await shell.DisposeAsync().ConfigureAwait(false);
        }

        foreach (var list in _lists.Values)
        {
            await list.DisposeAsync().ConfigureAwait(false);
        }

        using var patience = new CancellationTokenSource(Patience);
        await plugin.ShutdownAsync(reason, patience.Token).ConfigureAwait(false);
    }

    private T Able<T>()
        where T : class => _plugin as T ?? throw new PluginNotOfferedException($"its class is no {typeof(T).Name}.");

    private byte[] Numbered<T>(ConcurrentDictionary<int, T> table, T entry)
    {
        var number = Interlocked.Increment(ref _last);
        table[number] = entry;
        return Answer(answer => answer.Int32(number));
    }

    private static T Find<T>(ConcurrentDictionary<int, T> table, int number) => table.TryGetValue(number, out var found) ? found : throw new IOException($"There is no number {number} here.");

    private static byte[] Answer(Action<PluginWriter> write)
    {
        var answer = new PluginWriter();
        write(answer);
        return answer.ToArray();
    }
}
