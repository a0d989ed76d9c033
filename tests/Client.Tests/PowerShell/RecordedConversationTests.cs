using Farwire.Client.PowerShell;
using Farwire.Client.PowerShell.Clixml;
using Farwire.Client.PowerShell.Messages;
using Farwire.Client.PowerShell.Records;
using Farwire.TestKit.Recorded;

namespace Farwire.Client.Tests.PowerShell;

/// <summary>Recorded conversations with Windows, held again by this client: its requests are the recorded ones, its records are what Windows said.</summary>
public sealed class RecordedConversationTests
{
    [Theory]
    [InlineData("test_psrp_open_runspace")]
    [InlineData("test_psrp_no_profile")]
    [InlineData("test_psrp_run_protocol_version_2.1")]
    [InlineData("test_psrp_run_protocol_version_2.2")]
    [InlineData("test_psrp_run_protocol_version_2.3")]
    [InlineData("test_psrp_long_running_cmdlet")]
    [InlineData("test_psrp_error_failed")]
    [InlineData("test_psrp_with_input")]
    [InlineData("test_psrp_with_history")]
    [InlineData("test_psrp_with_no_history")]
    [InlineData("test_psrp_stream_output_invocation")]
    [InlineData("test_psrp_stream_no_output_invocation")]
    [InlineData("test_psrp_clear_commands")]
    [InlineData("test_client_execute_ps")]
    [InlineData("test_client_execute_ps_environment")]
    [InlineData("test_client_execute_ps_failure")]
    [InlineData("test_client_fetch_file")]
    [Trait("Feature", "PSC-01")]
    public Task A_recorded_conversation_is_held_again(string conversation) => HoldAsync(conversation);

    [Fact]
    [Trait("Feature", "PSC-04")]
    public async Task Pools_are_left_and_come_back_to_as_recorded()
    {
        var token = TestContext.Current.CancellationToken;
        var recorded = RecordedMessages.Of("test_psrp_disconnect_runspaces").ToList();
        var service = new RecordedService("test_psrp_disconnect_runspaces");
        var ids = recorded.Where(m => m.Message.Type == MessageType.InitRunspacePool).Select(m => m.Message.RunspacePoolId).ToList();
        var first = await service.Client.OpenRunspacePoolAsync(new RunspacePoolSettings { Id = ids[0] }, token);
        await first.DisconnectAsync(token);
        Assert.Equal(RunspacePoolState.Disconnected, first.State);
        await Assert.ThrowsAsync<InvalidOperationException>(() => first.StartAsync(new PipelineSettings([PowerShellCommand.Script("1")]), token));
        await first.ReconnectAsync(token);
        Assert.Equal(RunspacePoolState.Opened, first.State);
        await first.DisconnectAsync(token);
        var second = await service.Client.OpenRunspacePoolAsync(new RunspacePoolSettings { Id = ids[1] }, token);
        await second.DisconnectAsync(token);

        await using var again = await service.Client.ConnectRunspacePoolAsync(ids[0], cancellationToken: token);
        await using var other = await service.Client.ConnectRunspacePoolAsync(ids[1], cancellationToken: token);

        Assert.Equal((RunspacePoolState.Opened, RunspacePoolState.Opened), (again.State, other.State));
        service.AssertAllAsked("Create", "Disconnect", "Reconnect", "Connect");
    }

    [Fact]
    [Trait("Feature", "PSC-04")]
    public async Task A_pipeline_that_ran_on_is_read_by_another_client_as_recorded()
    {
        var token = TestContext.Current.CancellationToken;
        var recorded = RecordedMessages.Of("test_psrp_disconnected_commands").ToList();
        var service = new RecordedService("test_psrp_disconnected_commands");
        var start = recorded.First(m => m.Message.Type == MessageType.CreatePipeline).Message;
        var first = await service.Client.OpenRunspacePoolAsync(new RunspacePoolSettings { Id = start.RunspacePoolId }, token);
        var left = await first.StartAsync(Pipeline(start, []), token);
        await first.DisconnectAsync(token);
        await left.DisposeAsync();
        await first.DisposeAsync();
        Assert.DoesNotContain("Delete", service.Heard); // what was left runs on
        Assert.DoesNotContain("Signal", service.Heard);

        await using var pool = await service.Client.ConnectRunspacePoolAsync(start.RunspacePoolId, cancellationToken: token);
        await using var pipeline = await pool.ConnectPipelineAsync(left.Id, token);
        var records = new List<PipelineRecord>();
        await foreach (var record in pipeline.ReadAsync(token))
        {
            records.Add(record);
        }

        Assert.Equal(["a", "b"], records.OfType<OutputRecord>().Select(r => r.Value));
        Assert.Equal(PipelineState.Completed, pipeline.State);
        Assert.True(service.Compared > 7);
    }

    [Fact]
    [Trait("Feature", "PSC-03")]
    public Task A_constrained_endpoint_is_reached_by_its_name() => HoldAsync("test_psrp_with_jea_configuration");

    private static async Task HoldAsync(string conversation)
    {
        var token = TestContext.Current.CancellationToken;
        var recorded = RecordedMessages.Of(conversation).ToList();
        var service = new RecordedService(conversation);
        await using (var pool = await service.Client.OpenRunspacePoolAsync(Settings(recorded), token))
        {
            Assert.Equal(RunspacePoolState.Opened, pool.State);
            Assert.NotNull(pool.ApplicationPrivateData?["PSVersionTable"]);
            foreach (var start in recorded.Where(m => m.Message.Type == MessageType.CreatePipeline).Select(m => m.Message))
            {
                var said = recorded.Where(m => !m.Envelope.IsRequest && m.Message.PipelineId == start.PipelineId).Select(m => m.Message).ToList();

                await AssertSaysAsync(pool.Run(Pipeline(start, recorded.Select(m => m.Message)), token), said);
            }
        }

        service.AssertInputIsRecorded();
        Assert.True(service.Compared > 3);
    }

    private static async Task AssertSaysAsync(IAsyncEnumerable<PipelineRecord> running, List<RemotingMessage> said)
    {
        var records = new List<PipelineRecord>();
        var last = (RemoteObject)ClixmlReader.Read(said[^1].Data)!;
        if (last["PipelineState"] is 5)
        {
            var failure = await Assert.ThrowsAsync<PipelineFailedException>(GatherAsync);
            Assert.Equal(((RemoteObject)last["ExceptionAsErrorRecord"]!)["FullyQualifiedErrorId"], failure.Error.FullyQualifiedErrorId);
            Assert.NotEmpty(failure.Message);
        }
        else
        {
            await GatherAsync();
        }

        Assert.Equal(said.SkipLast(1).Select(m => m.Type), records.Select(TypeOf));
        Assert.All(records.Zip(said), pair => Assert.Equal(
            Convert.ToHexString(pair.Second.Data.Span),
            pair.First is OutputRecord output ? Convert.ToHexString(ClixmlWriter.Write(output.Value)) : Convert.ToHexString(pair.Second.Data.Span)));
        Assert.All(records.Where(r => r is not OutputRecord), r => Assert.NotEmpty(r.ToString()));
        Assert.DoesNotContain(records, r => r.ToString().Contains("CLIXML", StringComparison.Ordinal));

        async Task GatherAsync()
        {
            await foreach (var record in running)
            {
                records.Add(record);
            }
        }
    }

    private static MessageType TypeOf(PipelineRecord record) => record switch
    {
        OutputRecord => MessageType.PipelineOutput,
        ErrorRecord => MessageType.ErrorRecord,
        WarningRecord => MessageType.WarningRecord,
        VerboseRecord => MessageType.VerboseRecord,
        DebugRecord => MessageType.DebugRecord,
        ProgressRecord => MessageType.ProgressRecord,
        _ => MessageType.InformationRecord,
    };

    private static RunspacePoolSettings Settings(List<(RecordedMessage Envelope, RemotingMessage Message)> recorded)
    {
        var (envelope, capability) = recorded[0];
        var configuration = System.Text.RegularExpressions.Regex.Match(envelope.Xml, "http://schemas.microsoft.com/powershell/([^<]+)</wsman:ResourceURI").Groups[1].Value;
        return new RunspacePoolSettings
        {
            Id = capability.RunspacePoolId,
            ConfigurationName = configuration,
            ProtocolVersion = (Version)((RemoteObject)ClixmlReader.Read(capability.Data)!)["protocolversion"]!,
            NoProfile = envelope.Xml.Contains("WINRS_NOPROFILE", StringComparison.Ordinal),
        };
    }

    // What the recorded client was told to run, in the words of this one.
    private static PipelineSettings Pipeline(RemotingMessage start, IEnumerable<RemotingMessage> all)
    {
        var data = (RemoteObject)ClixmlReader.Read(start.Data)!;
        var shell = (RemoteObject)data["PowerShell"]!;
        return new PipelineSettings(Commands(shell))
        {
            MoreStatements = shell["ExtraCmds"] is RemoteObject { Value: RemoteList statements } ? [.. statements.Skip(1).Cast<RemoteObject>().Select(Commands)] : [],
            AddsInvocationInfo = data["RemoteStreamOptions"] is RemoteObject { Value: not 0 },
            Id = start.PipelineId,
            AddToHistory = data["AddToHistory"] is true,
            Input = data["NoInput"] is true ? null : Input(all.Where(m => m.Type == MessageType.PipelineInput && m.PipelineId == start.PipelineId)).ToAsyncEnumerable(),
        };

        static IEnumerable<object?> Input(IEnumerable<RemotingMessage> messages) => messages.Select(m => ClixmlReader.Read(m.Data));
    }

    private static List<PowerShellCommand> Commands(RemoteObject statement) =>
        [.. ((RemoteList)((RemoteObject)statement["Cmds"]!).Value!).Cast<RemoteObject>().Select(Command)];

    private static PowerShellCommand Command(RemoteObject command) => new((string)command["Cmd"]!)
    {
        IsScript = command["IsScript"] is true,
        UseLocalScope = command["UseLocalScope"] as bool?,
        MergesErrors = command["MergeMyResult"] is RemoteObject { Value: 2 },
        Parameters = [.. ((RemoteList)((RemoteObject)command["Args"]!).Value!).Cast<RemoteObject>().Select(p => KeyValuePair.Create(p["N"] as string, p["V"]))],
    };
}
