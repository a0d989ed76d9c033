using Farwire.Client.PowerShell;
using Farwire.Client.PowerShell.Records;
using Farwire.Protocol.Shell;

namespace Farwire.Client.Tests.PowerShell;

public sealed class HostTests
{
    private const int SetWindowTitle = 42;
    private const int GetCursorPosition = 31;

    [Fact]
    [Trait("Feature", "PSC-03")]
    public async Task Prompts_are_answered_by_the_host_and_secrets_travel_sealed()
    {
        var token = TestContext.Current.CancellationToken;
        var host = new Host();
        await using var service = new PromptingService(
            (1, HostCall.ReadLine, "ReadLine"),
            (2, HostCall.ReadLineAsSecureString, "ReadLineAsSecureString"),
            (3, HostCall.PromptForCredential2, "PromptForCredential2"),
            (-100, SetWindowTitle, "SetWindowTitle"),
            (4, HostCall.PromptForChoice, "PromptForChoice"),
            (5, GetCursorPosition, "GetCursorPosition"));
        await using var pool = await service.Client.OpenRunspacePoolAsync(new RunspacePoolSettings { Id = service.PoolId, Host = host }, token);

        var said = new List<string>();
        await foreach (var record in pool.Run("Read-Host", token))
        {
            said.Add(record.ToString());
        }

        Assert.Equal(
            ["ReadLine: typed", "ReadLineAsSecureString: pässword", "PromptForCredential2: ann s3cret", "PromptForChoice: 1", "GetCursorPosition: HostFunctionNotImplemented"],
            said);
        Assert.Equal(["ReadLine", "ReadLineAsSecureString", "PromptForCredential2", "SetWindowTitle", "PromptForChoice", "GetCursorPosition"], host.Asked);
    }

    [Fact]
    [Trait("Feature", "PSC-03")]
    public async Task A_prompt_with_nobody_there_is_an_error_of_the_script()
    {
        var token = TestContext.Current.CancellationToken;
        await using var service = new PromptingService((1, HostCall.ReadLine, "ReadLine"));
        await using var pool = await service.Client.OpenRunspacePoolAsync(new RunspacePoolSettings { Id = service.PoolId }, token);

        var said = new List<PipelineRecord>();
        await foreach (var record in pool.Run("Read-Host", token))
        {
            said.Add(record);
        }

        Assert.Equal("ReadLine: HostFunctionNotImplemented", Assert.Single(said).ToString());
    }

    [Fact]
    [Trait("Feature", "PSC-03")]
    public async Task The_stop_signal_ends_a_pipeline()
    {
        var token = TestContext.Current.CancellationToken;
        await using var service = new PromptingService();
        await using var pool = await service.Client.OpenRunspacePoolAsync(new RunspacePoolSettings { Id = service.PoolId }, token);
        await using var pipeline = await pool.StartAsync(new PipelineSettings([PowerShellCommand.Script("Start-Sleep 1000")]), token);

        var reading = Task.Run(
            async () =>
            {
                await foreach (var record in pipeline.ReadAsync(token))
                {
                    Assert.Fail(record.ToString());
                }
            },
            token);
        await pipeline.StopAsync(token);
        await reading;

        Assert.Equal(PipelineState.Stopped, pipeline.State);
        Assert.Equal(ShellNames.StopPipeline, service.Signals[0]);
    }

    private sealed class Host : IPowerShellHost
    {
        public List<string> Asked { get; } = [];

        public ValueTask<object?> AnswerAsync(HostCall call, CancellationToken cancellationToken)
        {
            Asked.Add(call.Name);
            return ValueTask.FromResult<object?>(call.Method switch
            {
                HostCall.ReadLine => "typed",
                HostCall.ReadLineAsSecureString => new Secret("pässword".AsMemory()),
                HostCall.PromptForCredential2 => new Credential("ann", new Secret("s3cret".AsMemory())),
                HostCall.PromptForChoice => 1,
                _ => throw new NotSupportedException("there is no screen buffer."),
            });
        }
    }
}
