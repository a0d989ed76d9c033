using System.Runtime.CompilerServices;
using Farwire.Plugins;
using Farwire.Protocol.Faults;
using Farwire.Shells.Plugins;

namespace Farwire.Hosting.Plugins;

/// <summary>A plug-in in another process, as if it were here. A call starts the process when it does not run.</summary>
internal sealed class PluginProxy(PluginProcesses processes, PluginKey key)
    : IGetPlugin, IPutPlugin, ICreatePlugin, IDeletePlugin, IInvokePlugin, IEnumeratePlugin, ISubscribePlugin, IShellPlugin
{
    public async ValueTask<PluginXml> GetAsync(PluginRequest request, CancellationToken cancellationToken) =>
        new(await CallAsync(PluginCall.Get, message => message.Write(request), cancellationToken).ConfigureAwait(false));

    public async ValueTask<PluginXml> PutAsync(PluginRequest request, CancellationToken cancellationToken) =>
        new(await CallAsync(PluginCall.Put, message => message.Write(request), cancellationToken).ConfigureAwait(false));

    public async ValueTask<IReadOnlyList<KeyValuePair<string, string>>> CreateAsync(PluginRequest request, CancellationToken cancellationToken) =>
        new PluginReader(await CallAsync(PluginCall.Create, message => message.Write(request), cancellationToken).ConfigureAwait(false)).Pairs();

    public async ValueTask DeleteAsync(PluginRequest request, CancellationToken cancellationToken) =>
        await CallAsync(PluginCall.Delete, message => message.Write(request), cancellationToken).ConfigureAwait(false);

    public async ValueTask<PluginXml> InvokeAsync(PluginRequest request, string method, CancellationToken cancellationToken) => new(await CallAsync(
        PluginCall.Invoke,
        message =>
        {
            message.Text(method);
            message.Write(request);
        },
        cancellationToken).ConfigureAwait(false));

    public IAsyncEnumerable<PluginItem> EnumerateAsync(PluginRequest request, CancellationToken cancellationToken) => ListAsync(PluginCall.Enumerate, request, cancellationToken);

    public IAsyncEnumerable<PluginItem> SubscribeAsync(PluginRequest request, CancellationToken cancellationToken) => ListAsync(PluginCall.Subscribe, request, cancellationToken);

    public async ValueTask<IPluginShell> OpenAsync(PluginShellRequest request, CancellationToken cancellationToken)
    {
        var process = await processes.EnterAsync(key, cancellationToken).ConfigureAwait(false);
        try
        {
            var shell = await Offered(process.CallAsync(PluginCall.OpenShell, message => message.Write(request), cancellationToken)).ConfigureAwait(false);
            return new RemoteShell(processes, key, process, shell.Int32());
        }
        catch
        {
            process.Leave();
            if (key.ShellId is not null)
            {
                await processes.EndAsync(key).ConfigureAwait(false);
            }

            throw;
        }
    }

    private async IAsyncEnumerable<PluginItem> ListAsync(PluginCall call, PluginRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var process = await processes.EnterAsync(key, cancellationToken).ConfigureAwait(false);
        int? list = null;
        try
        {
            list = (await Offered(process.CallAsync(call, message => message.Write(request), cancellationToken)).ConfigureAwait(false)).Int32();
            while (true)
            {
                var next = await process.CallAsync(PluginCall.Next, message => message.Int32(list.Value), cancellationToken).ConfigureAwait(false);
                foreach (var item in next.Many(next.Item))
                {
                    yield return item;
                }

                if (next.Flag())
                {
                    break;
                }
            }
        }
        finally
        {
            if (list is { } number && !process.Ended.IsCompleted)
            {
                await ((Task)process.CallRawAsync(PluginCall.Close, message => message.Int32(number), CancellationToken.None)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }

            process.Leave();
        }
    }

    private async Task<byte[]> CallAsync(PluginCall call, Action<PluginWriter> write, CancellationToken cancellationToken)
    {
        var process = await processes.EnterAsync(key, cancellationToken).ConfigureAwait(false);
        try
        {
            return await Offered(process.CallRawAsync(call, write, cancellationToken)).ConfigureAwait(false);
        }
        finally
        {
            process.Leave();
        }
    }

    private async Task<T> Offered<T>(Task<T> call)
    {
        try
        {
            return await call.ConfigureAwait(false);
        }
        catch (PluginNotOfferedException e)
        {
            throw FaultCatalog.ActionNotSupported.Fault($"the plug-in '{key.Plugin.Name}' declares this, but {e.Message}");
        }
    }

    /// <summary>A shell in that process.</summary>
    private sealed class RemoteShell(PluginProcesses processes, PluginKey key, PluginProcess process, int number) : IPluginShell, IShellProcess
    {
        private int _isDisposed;

        public Farwire.Processes.RunningProcess Process => process.Process;

        public Task Ended => process.Ended;

        public Task EndAsync() => process.KillAsync();

        public Task<int> RunAsync(PluginCommand command, CancellationToken cancellationToken) => process.RunAsync(number, command, cancellationToken);

        public async ValueTask<string?> ConnectAsync(string? connectXml, CancellationToken cancellationToken)
        {
            var answer = await process.CallAsync(
                PluginCall.ConnectShell,
                message =>
                {
                    message.Int32(number);
                    message.OptionalText(connectXml);
                },
                cancellationToken).ConfigureAwait(false);
            return answer.OptionalText();
        }

        public async ValueTask DisposeAsync()
        {
            if (Interlocked.Exchange(ref _isDisposed, 1) != 0)
            {
                return;
            }

            if (!process.Ended.IsCompleted)
            {
                await ((Task)process.CallRawAsync(PluginCall.CloseShell, message => message.Int32(number), CancellationToken.None)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }

            process.Leave();
            if (key.ShellId is not null)
            {
                await processes.EndAsync(key).ConfigureAwait(false);
            }
        }
    }
}
