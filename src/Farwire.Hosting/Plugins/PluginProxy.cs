using System.Runtime.CompilerServices;
using Farwire.Plugins;
using Farwire.Protocol.Faults;
using Farwire.Service.Plugins;
using Farwire.Shells.Plugins;

namespace Farwire.Hosting.Plugins;

/// <summary>A plug-in in another process, as if it were here. A call starts the process when it does not run.</summary>
internal sealed class PluginProxy(PluginProcesses processes, PluginKey key)
    : IGetPlugin, IPutPlugin, ICreatePlugin, IDeletePlugin, IInvokePlugin, IEnumeratePlugin, IRemoteSubscriptions, IShellPlugin
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

    public async ValueTask<IAsyncEnumerable<PluginItem>> OpenAsync(PluginRequest request, CancellationToken opening, CancellationToken end)
    {
        var (process, list) = await OpenAsync(PluginCall.Subscribe, request, opening).ConfigureAwait(false);
        return ItemsAsync(process, list, end);
    }

    private async IAsyncEnumerable<PluginItem> ListAsync(PluginCall call, PluginRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var (process, list) = await OpenAsync(call, request, cancellationToken).ConfigureAwait(false);
        await foreach (var item in ItemsAsync(process, list, cancellationToken).ConfigureAwait(false))
        {
            yield return item;
        }
    }

    // Whoever opens a list uses the process until the list is closed.
    private async Task<(PluginProcess Process, int List)> OpenAsync(PluginCall call, PluginRequest request, CancellationToken cancellationToken)
    {
        var process = await processes.EnterAsync(key, cancellationToken).ConfigureAwait(false);
        try
        {
            return (process, (await Offered(process.CallAsync(call, message => message.Write(request), cancellationToken)).ConfigureAwait(false)).Int32());
        }
        catch
        {
            process.Leave();
            throw;
        }
    }

    private static async IAsyncEnumerable<PluginItem> ItemsAsync(PluginProcess process, int list, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                var next = await process.CallAsync(PluginCall.Next, message => message.Int32(list), cancellationToken).ConfigureAwait(false);
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
            await process.CloseAsync(PluginCall.Close, list).ConfigureAwait(false);
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

            await process.CloseAsync(PluginCall.CloseShell, number).ConfigureAwait(false);
            process.Leave();
            if (key.ShellId is not null)
            {
                await processes.EndAsync(key).ConfigureAwait(false);
            }
        }
    }
}
