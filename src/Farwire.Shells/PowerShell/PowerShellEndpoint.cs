using System.ComponentModel;
using System.Xml.Linq;
using Farwire.Processes.Launch;
using Farwire.Processes.Limits;
using Farwire.Protocol.Compression;
using Farwire.Protocol.Faults;
using Farwire.Protocol.Names;
using Farwire.Protocol.Shell;
using Farwire.Service.Dispatch;
using Farwire.Service.Resources;

namespace Farwire.Shells.PowerShell;

/// <summary>The shells <c>http://schemas.microsoft.com/powershell/…</c>: PSRP fragments go between the client and a <c>pwsh</c> of the caller's account.</summary>
/// <remarks>MS-PSRP over MS-WSMV. What is in the fragments is the affair of both ends; of theirs only a pipeline's end is looked for.</remarks>
internal sealed class PowerShellEndpoint(ShellTable shells, Func<ShellHost> host) : IDisconnectableShellResource, IResourceProvider
{
    private const string Prefix = Namespaces.PowerShell + "/";
    private const string ProtocolVersion = "protocolversion";
    private const string PromptResponses = "pr";
    private const int EnvelopeBytes = 3072;

    /// <inheritdoc/>
    public IReadOnlyList<string> Uris => [.. host().Options.PowerShellNames().Select(name => Prefix + name)];

    /// <inheritdoc/>
    public IResource? Find(string resourceUri) =>
        resourceUri.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase) && host().Options.PowerShellConfiguration(resourceUri[Prefix.Length..]) is not null ? this : null;

    /// <inheritdoc/>
    public bool AcceptsOption(string name) =>
        name.Equals(ProtocolVersion, StringComparison.OrdinalIgnoreCase) || name.ToUpperInvariant() is ShellNames.NoProfile or ShellNames.KeepAlive;

    /// <inheritdoc/>
    public async ValueTask<ShellInstance> CreateAsync(OperationContext context, CreateShell request)
    {
        var now = host();
        if (!now.Options.AllowRemoteShellAccess)
        {
            throw FaultCatalog.ShellsDisabled.Fault();
        }

        if (context.Options[ProtocolVersion] is not { } version || !Version.TryParse(version.Trim(), out var parsed) || parsed.Major != 2)
        {
            throw FaultCatalog.InvalidParameter.Fault($"PowerShell needs the option {ProtocolVersion} with 2.1, 2.2 or 2.3.");
        }

        var id = request.ShellId ?? OpenShell.NewId();
        if (!Guid.TryParse(id, out var number))
        {
            throw FaultCatalog.ShellIdInvalid.Fault($"ShellId is a GUID, not '{id}'.");
        }

        var pool = Fragments(request.CreationXml is { } creation ? XElement.Parse(creation).Value : null, "creationXml");
        var shell = new OpenPowerShell(id, context, request, now, await TicketCache.KeepAsync(now.Starter, context.Caller, context.Cancellation).ConfigureAwait(false), Expire);
        try
        {
            shells.Add(shell, now.Options);
        }
        catch
        {
            await shell.EndAsync().ConfigureAwait(false);
            throw;
        }

        try
        {
            await StartAsync(shell, context, now, number).ConfigureAwait(false);
            await shell.Process.SendAsync(Guid.Empty, OutOfProcessElement.Default, pool, context.Cancellation).ConfigureAwait(false);
        }
        catch
        {
            shells.Remove(shell);
            await shell.EndAsync().ConfigureAwait(false);
            throw;
        }

        return shell.Describe();
    }

    /// <inheritdoc/>
    public async ValueTask<CommandResponse> CommandAsync(OperationContext context, CommandLine request)
    {
        if (!Guid.TryParse(request.CommandId, out var pipeline))
        {
            throw FaultCatalog.CommandIdInvalid.Fault($"CommandId is the pipeline's GUID, not '{request.CommandId}'.");
        }

        var fragments = Fragments(request.Arguments.Count > 0 ? request.Arguments[0] : null, "Arguments");
        return await UsedAsync(context, async shell =>
        {
            shell.Add(pipeline);
            try
            {
                await shell.Process.TellAsync(OutOfProcessElement.Command, pipeline, context.Cancellation).ConfigureAwait(false);
                await shell.Process.SendAsync(pipeline, OutOfProcessElement.Default, fragments, context.Cancellation).ConfigureAwait(false);
                return new CommandResponse(request.CommandId!);
            }
            catch
            {
                shell.Remove(pipeline);
                throw;
            }
        }).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public ValueTask<SendResponse> SendAsync(OperationContext context, Send request) => UsedAsync(context, async shell =>
    {
        foreach (var piece in request.Streams)
        {
            var target = PipelineOf(piece.CommandId);
            shell.Output(target); // faults for one that is not there
            var stream = piece.Name.Equals(PromptResponses, StringComparison.OrdinalIgnoreCase) ? OutOfProcessElement.PromptResponse : OutOfProcessElement.Default;
            var data = shell.IsCompressed ? host().Decompressed(piece.Data.Span) : piece.Data;
            await shell.Process.SendAsync(target ?? Guid.Empty, stream, data, context.Cancellation).ConfigureAwait(false);
        }

        return new SendResponse();
    });

    /// <inheritdoc/>
    public ValueTask<ReceiveResponse> ReceiveAsync(OperationContext context, Receive request) => UsedAsync(context, async shell =>
    {
        using var waiting = CancellationTokenSource.CreateLinkedTokenSource(context.Cancellation, shell.Disconnected);
        try
        {
            var output = shell.Output(PipelineOf(request.CommandId));
            var (fragments, end) = await output.TakeAsync(context.MaxEnvelopeBytes - EnvelopeBytes, waiting.Token).ConfigureAwait(false);
            if (fragments.Count == 0 && output.Failure is { } failure)
            {
                throw FaultCatalog.OperationAborted.Fault(failure);
            }

            var pieces = fragments.ConvertAll(data =>
                new StreamData(StreamNames.Output, shell.IsCompressed ? XpressStream.Compress(data.Span) : data) { CommandId = request.CommandId });
            return request.CommandId is null ? new ReceiveResponse(pieces)
                : new ReceiveResponse(pieces) { CommandId = request.CommandId, State = end ? ShellNames.Done : ShellNames.Running, ExitCode = end ? 0 : null };
        }
        catch (OperationCanceledException) when (shell.IsDisconnected && !context.ClientGone.IsCancellationRequested)
        {
            throw FaultCatalog.ShellDisconnected.Fault();
        }
    });

    /// <inheritdoc/>
    public ValueTask<SignalResponse> SignalAsync(OperationContext context, Signal request) => UsedAsync(context, async shell =>
    {
        var pipeline = PipelineOf(request.CommandId) ?? throw FaultCatalog.InvalidParameter.Fault("a signal is for a command: CommandId is missing.");
        shell.Output(pipeline);
        var code = request.Code.Trim();
        if (code.Equals(ShellNames.Terminate, StringComparison.OrdinalIgnoreCase))
        {
            await shell.Process.TellAsync(OutOfProcessElement.Close, pipeline, context.Cancellation).ConfigureAwait(false);
            shell.Remove(pipeline);
        }
        else if (code.EndsWith("/crtl_c", StringComparison.OrdinalIgnoreCase) || code.EndsWith("/ctrl_c", StringComparison.OrdinalIgnoreCase))
        {
            await shell.Process.TellAsync(OutOfProcessElement.Signal, pipeline, context.Cancellation).ConfigureAwait(false);
        }
        else
        {
            throw FaultCatalog.InvalidParameter.Fault($"PowerShell does not know the signal '{code}'.");
        }

        return new SignalResponse();
    });

    /// <inheritdoc/>
    public ValueTask DeleteAsync(OperationContext context) => shells.DeleteAsync(context);

    /// <inheritdoc/>
    public ValueTask DisconnectAsync(OperationContext context, Disconnect request)
    {
        Find(context).Disconnect(request);
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask ReconnectAsync(OperationContext context, Reconnect request)
    {
        if (request.CommandId is null)
        {
            Find(context).Reconnect(context.Headers.SessionId);
        }
        else
        {
            Find(context).Output(PipelineOf(request.CommandId));
        }

        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask<ConnectResponse> ConnectAsync(OperationContext context, Connect request)
    {
        var shell = Find(context);
        if (request.CommandId is { } id)
        {
            shell.BeginUse();
            shell.EndUse();
            shell.Output(PipelineOf(id)); // faults for one that is not there
            return ValueTask.FromResult(new ConnectResponse());
        }

        Fragments(request.ConnectXml is { } connect ? XElement.Parse(connect).Value : null, "connectXml");
        shell.Connect(context.Headers.SessionId);
        return ValueTask.FromResult(new ConnectResponse
        {
            InputStreams = shell.InputStreams, OutputStreams = shell.OutputStreams, ConnectResponseXml = shell.Beginning.ToConnectResponse(),
        });
    }

    private static async Task StartAsync(OpenPowerShell shell, OperationContext context, ShellHost host, Guid number)
    {
        var options = host.Options;
        var file = options.PowerShellConfiguration(context.ResourceUri[Prefix.Length..]) ?? throw FaultCatalog.InvalidResourceUri.Fault($"there is no configuration '{context.ResourceUri[Prefix.Length..]}'.");
        string[] profile = Commands.CommandLauncher.IsTrue(context.Options[ShellNames.NoProfile]) ? ["-NoProfile"] : [];
        string[] configuration = file.Length > 0 ? ["-ConfigurationFile", file] : [];
        var start = new ProgramStart(options.PowerShell, ["-SSHServerMode", "-NoLogo", .. profile, .. configuration])
        {
            Group = new ProgramGroup(number.ToString("N"), options.MaxProcessesPerShell, options.MaxMemoryPerShellBytes),
            Environment = shell.Tickets is null ? [] : [shell.Tickets.Variable],
        };
        try
        {
            var process = await host.Starter.StartAsync(start, context.Caller.Account).ConfigureAwait(false);
            shell.Process = new PowerShellProcess(process, shell.ReceivedAsync, shell.Ended);
        }
        catch (UnauthorizedAccessException e)
        {
            throw FaultCatalog.AccessDenied.Fault(e.Message);
        }
        catch (Win32Exception e)
        {
            throw FaultCatalog.FileNotFound.Fault($"'{options.PowerShell}' cannot be started: {e.Message}. Install PowerShell 7 on the machine; its command shell works without.");
        }
    }

    private async ValueTask<T> UsedAsync<T>(OperationContext context, Func<OpenPowerShell, Task<T>> use)
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

    private OpenPowerShell Find(OperationContext context)
    {
        var id = context.RequireSelector(ShellNames.ShellId);
        return shells.Find(id, context.Caller.Name) as OpenPowerShell ?? throw FaultCatalog.UnexpectedSelectors.Fault($"there is no PowerShell '{id}'.");
    }

    private static Guid? PipelineOf(string? commandId) => string.IsNullOrEmpty(commandId) ? null
        : Guid.TryParse(commandId, out var pipeline) ? pipeline
        : throw FaultCatalog.UnexpectedSelectors.Fault($"the shell has no command '{commandId}'.");

    private static byte[] Fragments(string? base64, string what)
    {
        try
        {
            return base64?.Trim() is { Length: > 0 } text ? Convert.FromBase64String(text) : throw FaultCatalog.InvalidParameter.Fault($"{what} with PowerShell's first message is missing.");
        }
        catch (FormatException)
        {
            throw FaultCatalog.InvalidParameter.Fault($"{what} is no base64.");
        }
    }

    private void Expire(OpenShell shell)
    {
        if (shells.Remove(shell))
        {
            _ = shell.EndAsync();
        }
    }
}
