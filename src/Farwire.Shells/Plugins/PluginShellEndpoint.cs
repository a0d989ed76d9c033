using Farwire.Plugins;
using Farwire.Protocol.Compression;
using Farwire.Protocol.Faults;
using Farwire.Protocol.Shell;
using Farwire.Service.Dispatch;
using Farwire.Service.Plugins;
using Farwire.Service.Resources;

namespace Farwire.Shells.Plugins;

/// <summary>The shells of plug-ins: the service keeps them, the plug-ins run what is in them.</summary>
/// <remarks>WinRM plug-in API, "WSManPluginShell" to "WSManPluginReleaseShellContext"; MS-WSMV, "Remote shells".</remarks>
internal sealed class PluginShellEndpoint(PluginCatalog plugins, ShellTable shells, Func<ShellHost> host) : IResourceProvider
{
    /// <inheritdoc/>
    public IReadOnlyList<string> Uris => [];

    /// <inheritdoc/>
    public IResource? Find(string resourceUri) => plugins.FindShell(resourceUri) is { } found ? new Endpoint(found.Entry, found.Plugin, shells, host) : null;

    /// <summary>The shells of one resource.</summary>
    private sealed class Endpoint(PluginResourceEntry entry, ActivePlugin plugin, ShellTable shells, Func<ShellHost> host) : IDisconnectableShellResource
    {
        /// <summary>What an envelope needs beside streams and the echoed message id.</summary>
        private const int EnvelopeBytes = 3072;

        public bool AcceptsOption(string name) => entry.SupportsOptions;

        public async ValueTask<ShellInstance> CreateAsync(OperationContext context, CreateShell request)
        {
            var now = Limited(host(), context.MaxShells);
            if (!now.Options.AllowRemoteShellAccess)
            {
                throw FaultCatalog.ShellsDisabled.Fault();
            }

            Options(context);
            if (request.ShellId is { } given && !Guid.TryParse(given, out _))
            {
                throw FaultCatalog.ShellIdInvalid.Fault($"ShellId is a GUID, not '{given}'.");
            }

            var place = plugin.Limits.EnterShell(context.Caller.Name);
            OpenPluginShell shell;
            try
            {
                shell = new OpenPluginShell(request.ShellId ?? OpenShell.NewId(), context, request, now, plugin, place, Expire);
                shells.Add(shell, now.Options);
            }
            catch
            {
                place.Dispose();
                throw;
            }

            try
            {
                var running = await plugin.Host.StartAsync(plugin.Registration, context.Caller.Account, shell.Id, context.Cancellation).ConfigureAwait(false);
                var opener = running as IShellPlugin ?? throw FaultCatalog.ActionNotSupported.Fault($"the plug-in '{plugin.Registration.Name}' declares Shell, but its class is no {nameof(IShellPlugin)}.");
                shell.Opened(await opener.OpenAsync(Told(context, request, shell.Id), context.Cancellation).ConfigureAwait(false));
                return shell.Describe();
            }
            catch (Exception e)
            {
                shells.Remove(shell);
                await shell.EndAsync().ConfigureAwait(false);
                throw e is WSManFaultException or OperationCanceledException ? e : PluginFaults.Of(e, plugin.Registration, plugin.Log);
            }
        }

        public ValueTask<CommandResponse> CommandAsync(OperationContext context, CommandLine request)
        {
            if (request.CommandId is { } id && !Guid.TryParse(id, out _))
            {
                throw FaultCatalog.CommandIdInvalid.Fault($"CommandId is a GUID, not '{id}'.");
            }

            Options(context);
            return UsedAsync(context, shell => ValueTask.FromResult(new CommandResponse(shell.Start(request, PluginRequests.Of(context).Options))));
        }

        public ValueTask<SendResponse> SendAsync(OperationContext context, Send request) => UsedAsync(context, async shell =>
        {
            foreach (var piece in request.Streams)
            {
                var plain = shell.IsCompressed ? piece with { Data = host().Decompressed(piece.Data.Span) } : piece;
                await shell.Find(piece.CommandId).AcceptAsync(plain, context.Cancellation).ConfigureAwait(false);
            }

            return new SendResponse();
        });

        public ValueTask<ReceiveResponse> ReceiveAsync(OperationContext context, Receive request) => UsedAsync(context, async shell =>
        {
            // No names are all of them.
            var command = shell.Find(request.CommandId);
            var wanted = request.Streams.Count == 0 ? shell.OutputStreams : [.. request.Streams.Where(shell.OutputStreams.Has)];
            var room = context.MaxEnvelopeBytes - EnvelopeBytes - (3 * (context.Headers.MessageId?.Length ?? 0));
            using var waiting = CancellationTokenSource.CreateLinkedTokenSource(context.Cancellation, shell.Disconnected);
            try
            {
                var (pieces, end) = await command.Output.TakeAsync(wanted, room, waiting.Token).ConfigureAwait(false);
                if (end && pieces.Count == 0 && command.Output.End is { Fault: { } fault })
                {
                    throw new WSManFaultException(fault.Fault);
                }

                end &= command.Output.End?.Fault is null; // the fault comes with the next Receive
                return new ReceiveResponse(pieces.ConvertAll(piece => piece with { CommandId = request.CommandId, Data = shell.IsCompressed ? XpressStream.Compress(piece.Data.Span) : piece.Data }))
                {
                    CommandId = request.CommandId,
                    State = end ? ShellNames.Done : ShellNames.Running,
                    ExitCode = end ? command.Output.End!.ExitCode : null,
                };
            }
            catch (OperationCanceledException) when (shell.IsDisconnected && !context.ClientGone.IsCancellationRequested)
            {
                throw FaultCatalog.ShellDisconnected.Fault();
            }
        });

        public ValueTask<SignalResponse> SignalAsync(OperationContext context, Signal request) => UsedAsync(context, shell =>
        {
            var command = shell.Find(request.CommandId);
            if (request.Code.Trim().Equals(ShellNames.Terminate, StringComparison.OrdinalIgnoreCase))
            {
                shell.End(command);
            }
            else
            {
                command.Raise(request.Code.Trim());
            }

            return ValueTask.FromResult(new SignalResponse());
        });

        public ValueTask DeleteAsync(OperationContext context) => shells.DeleteAsync(context);

        public ValueTask DisconnectAsync(OperationContext context, Disconnect request)
        {
            Find(context).Disconnect(request);
            return ValueTask.CompletedTask;
        }

        public ValueTask ReconnectAsync(OperationContext context, Reconnect request)
        {
            var shell = Find(context);
            if (request.CommandId is { } id)
            {
                shell.BeginUse(); // its commands come back with it, and not before
                shell.EndUse();
                shell.Find(id);
            }
            else
            {
                shell.Reconnect(context.Headers.SessionId);
            }

            return ValueTask.CompletedTask;
        }

        public async ValueTask<ConnectResponse> ConnectAsync(OperationContext context, Connect request)
        {
            var shell = Find(context);
            if (request.CommandId is { } id)
            {
                shell.BeginUse();
                shell.EndUse();
                shell.Find(id);
                return new ConnectResponse();
            }

            shell.Connect(context.Headers.SessionId);
            var answer = await shell.ConnectAsync(request.ConnectXml, context.Cancellation).ConfigureAwait(false);
            return new ConnectResponse { InputStreams = shell.InputStreams, OutputStreams = shell.OutputStreams, ConnectResponseXml = answer };
        }

        // The plug-in's limits in the place of the service's; a shell is counted where it belongs.
        private ShellHost Limited(ShellHost now, int maxShells)
        {
            var quotas = plugin.Registration.Quotas;
            var idle = quotas.IdleTimeoutms == PluginQuotas.UsualIdleTimeoutms ? now.Options.IdleTimeout : TimeSpan.FromMilliseconds(quotas.IdleTimeoutms);
            return now with
            {
                Options = now.Options with
                {
                    IdleTimeout = idle,
                    MaxIdleTimeout = quotas.MaxIdleTimeoutms == int.MaxValue ? now.Options.MaxIdleTimeout : TimeSpan.FromMilliseconds(quotas.MaxIdleTimeoutms),
                    MaxShellsPerUser = maxShells,
                    MaxConcurrentUsers = int.MaxValue,
                },
            };
        }

        private void Options(OperationContext context)
        {
            if (context.Options.Count > 0 && !entry.SupportsOptions)
            {
                throw FaultCatalog.OptionNotSupported.Fault($"the plug-in '{plugin.Registration.Name}' takes no options; '{context.Options[0].Name}' is one.");
            }
        }

        private static PluginShellRequest Told(OperationContext context, CreateShell request, string id) => new(PluginRequests.Of(context), id)
        {
            Environment = request.Environment,
            WorkingDirectory = request.WorkingDirectory,
            InputStreams = request.InputStreams,
            OutputStreams = request.OutputStreams,
            CreationXml = request.CreationXml,
        };

        private async ValueTask<T> UsedAsync<T>(OperationContext context, Func<OpenPluginShell, ValueTask<T>> use)
        {
            var shell = Find(context);
            shell.BeginUse();
            try
            {
                return await use(shell).ConfigureAwait(false);
            }
            finally
            {
                shell.EndUse();
            }
        }

        private OpenPluginShell Find(OperationContext context)
        {
            var id = context.RequireSelector(ShellNames.ShellId);
            return shells.Find(id, context.Caller.Name) as OpenPluginShell ?? throw FaultCatalog.UnexpectedSelectors.Fault($"there is no shell '{id}' of this kind.");
        }

        private void Expire(OpenShell shell)
        {
            if (shells.Remove(shell))
            {
                _ = shell.EndAsync();
            }
        }
    }
}
