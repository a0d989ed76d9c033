using System.Diagnostics;
using System.Globalization;
using Farwire.Client;
using Farwire.Client.Connection;
using Farwire.Client.PowerShell;
using Farwire.Client.PowerShell.Clixml;
using Farwire.Client.PowerShell.Records;

namespace Farwire.Peers.Tests;

/// <summary>Our client, the built service, and PowerShell itself behind it.</summary>
[CollectionDefinition(nameof(RealPowerShellTests))]
public sealed class RealPowerShellCollection : ICollectionFixture<RealPowerShell>;

/// <inheritdoc cref="RealPowerShellCollection"/>
[Collection(nameof(RealPowerShellTests))]
public sealed class RealPowerShellTests(RealPowerShell real)
{
    [Fact]
    [Trait("Feature", "SHL-18")]
    [Trait("Peer", RealPowerShell.Name)]
    public async Task The_endpoint_hosts_PowerShell_as_the_account_that_authenticated()
    {
        var token = TestContext.Current.CancellationToken;
        await using var client = Client();
        int process;
        await using (var pool = await client.OpenRunspacePoolAsync(cancellationToken: token))
        {
            var table = Assert.IsType<RemoteDictionary>(Assert.IsType<RemoteObject>(pool.ApplicationPrivateData?["PSVersionTable"]).Value);
            var told = await ValuesAsync(pool, "$PID; [Environment]::UserName; [IO.File]::ReadAllText('/proc/self/cmdline').Contains('-SSHServerMode'); $PSSenderInfo -ne $null; 1..3 | ForEach-Object { $_ * $_ }");
            process = Assert.IsType<int>(told[0]);

            Assert.Equal(7, Assert.IsType<Version>(Unwrapped(table["PSVersion"])).Major);
            Assert.Equal([Environment.UserName, true, true, 1, 4, 9], told[1..]);
            Assert.True(Directory.Exists($"/proc/{process}"));
        }

        await WhenAsync(() => !Directory.Exists($"/proc/{process}"));
    }

    [Fact]
    [Trait("Feature", "PSC-01")]
    [Trait("Peer", RealPowerShell.Name)]
    public async Task Every_stream_comes_as_typed_records_in_order()
    {
        var token = TestContext.Current.CancellationToken;
        await using var client = Client();
        await using var pool = await client.OpenRunspacePoolAsync(cancellationToken: token);

        var records = await RecordsAsync(pool, """
            $VerbosePreference = $DebugPreference = 'Continue'
            'out'; Write-Error 'wrong' -ErrorId Mine -Category ObjectNotFound -TargetObject 7; Write-Warning 'careful'; Write-Verbose 'more'; Write-Debug 'inner'
            Write-Information 'told' -Tags a, b; Write-Progress -Activity Work -Status half -PercentComplete 50 -SecondsRemaining 9 -Id 3; 'end'
            """);

        Assert.Equal(
            [typeof(OutputRecord), typeof(ErrorRecord), typeof(WarningRecord), typeof(VerboseRecord), typeof(DebugRecord), typeof(InformationRecord), typeof(ProgressRecord), typeof(OutputRecord)],
            records.Select(r => r.GetType()));
        var error = Assert.IsType<ErrorRecord>(records[1]);
        Assert.Equal(("wrong", 13, "Mine", 7), (error.Message, error.Category, error.FullyQualifiedErrorId.Split(',')[0], error.TargetObject));
        Assert.Equal(["careful", "more", "inner", "told"], records[2..6].Select(r => r.ToString()));
        Assert.Equal(["a", "b"], Assert.IsType<InformationRecord>(records[5]).Tags);
        var progress = Assert.IsType<ProgressRecord>(records[6]);
        Assert.Equal(("Work", "half", 50, 9, 3), (progress.Activity, progress.StatusDescription, progress.PercentComplete, progress.SecondsRemaining, progress.ActivityId));
        var failure = await Assert.ThrowsAsync<PipelineFailedException>(() => RecordsAsync(pool, "throw 'the end'"));
        Assert.Equal(("the end", "System.Management.Automation.RuntimeException"), (failure.Message, failure.Error.ExceptionType));
        await Assert.ThrowsAsync<PipelineFailedException>(() => RecordsAsync(pool, "if ("));
        Assert.Equal("again", Assert.Single(await ValuesAsync(pool, "'again'")));
    }

    [Fact]
    [Trait("Feature", "PSC-01")]
    [Trait("Peer", RealPowerShell.Name)]
    public async Task Pipelines_of_one_pool_run_side_by_side_and_large_objects_go_in_many_fragments()
    {
        var token = TestContext.Current.CancellationToken;
        await using var client = Client();
        await using var pool = await client.OpenRunspacePoolAsync(new RunspacePoolSettings { MaxRunspaces = 3 }, token);

        var together = await Task.WhenAll(Enumerable.Range(0, 6).Select(i => ValuesAsync(pool, $"'{new string((char)('a' + i), 200_000)}'; Start-Sleep -Milliseconds 50; {i}")));

        for (var i = 0; i < together.Length; i++)
        {
            Assert.Equal([new string((char)('a' + i), 200_000), i], together[i]);
        }
    }

    [Fact]
    [Trait("Feature", "PSC-02")]
    [Trait("Peer", RealPowerShell.Name)]
    public async Task Objects_come_back_to_PowerShell_as_it_sent_them()
    {
        // Every kind that PowerShell writes: what it gets back it serialises again, and compares.
        const string objects = """
            'text _x000A_ ü € 😀', "a`nb`0c", [char]'x', $true, [byte]1, [sbyte]-1, [int16]-2, [uint16]2, 3, [uint32]3, [int64]-4, [uint64]4, 1.5, [single]2.5, [decimal]3.25,
            [datetime]::new(2020, 1, 2, 3, 4, 5, [DateTimeKind]::Utc), [timespan]::FromSeconds(90), [guid]'11111111-2222-3333-4444-555555555555', [uri]'https://x/y', [version]'1.2.3',
            (, [byte[]](1, 2, 255)), [xml]'<a b="c"/>', { Get-Date }, @{ k = 'v'; n = @{ inner = 1, 2 } }, [ordered]@{ z = 1; a = 2 }, (, @(1, 'two', $null)),
            [System.Collections.Generic.List[int]](1, 2), [System.Collections.Queue]@(1, 2), [System.Collections.Stack]@(1, 2), [pscustomobject]@{ Name = 'n'; Nested = [pscustomobject]@{ A = 1 } },
            [System.IO.FileAttributes]::Hidden, [System.DayOfWeek]::Friday, [System.UriBuilder]::new("https://x/y"), ([System.UriBuilder]::new("https://x/z") | Select-Object Host, Port), [System.Net.IPAddress]::Loopback
            """;
        var token = TestContext.Current.CancellationToken;
        await using var client = Client();
        await using var pool = await client.OpenRunspacePoolAsync(cancellationToken: token);
        var sent = await ValuesAsync(pool, $"$global:sent = @({objects}); $global:sent", unwrap: false);

        var compare = PowerShellCommand.Script("""
            function text($o) { [regex]::Replace([Management.Automation.PSSerializer]::Serialize($o), 'Deserialized\.', '') }
            $i = 0; foreach ($back in $input) { $first = [Management.Automation.PSSerializer]::Deserialize([Management.Automation.PSSerializer]::Serialize($sent[$i], 1)); if ((text $first) -ne (text $back)) { "$i`n$(text $first)`n$(text $back)" }; $i++ }; $i
            """);
        var differences = new List<object?>();
        await foreach (var record in pool.Run(new PipelineSettings([compare]) { Input = Given(sent) }, token))
        {
            differences.Add(Assert.IsType<OutputRecord>(record).Value);
        }

        Assert.Equal([sent.Count], differences);
        Assert.True(sent.Count > 30);
    }

    [Fact]
    [Trait("Feature", "PSC-02")]
    [Trait("Peer", RealPowerShell.Name)]
    public async Task What_PowerShell_as_a_program_writes_to_its_errors_is_read()
    {
        var outcome = await Commands.RunAsync(
            RunningService.Program("farwire"),
            ["winrs", "--connect", real.Service.ConnectionFile, "pwsh -NoProfile -OutputFormat XML -Command 'Write-Progress x; Write-Error broken; Write-Warning careful; exit 3' > /dev/null"]);

        Assert.Equal(3, outcome.ExitCode);
        Assert.Contains("broken", outcome.Errors, StringComparison.Ordinal);
        Assert.Contains("careful", outcome.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("CLIXML", outcome.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("<Obj", outcome.Errors, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Feature", "PSC-03")]
    [Trait("Peer", RealPowerShell.Name)]
    public async Task Prompts_are_answered_here_and_secrets_arrive()
    {
        var token = TestContext.Current.CancellationToken;
        await using var client = Client();
        await using var pool = await client.OpenRunspacePoolAsync(new RunspacePoolSettings { Host = new Host() }, token);

        var told = await ValuesAsync(pool, """
            Read-Host
            [Net.NetworkCredential]::new('', (Read-Host -AsSecureString)).Password
            $c = Get-Credential; $c.UserName; $c.GetNetworkCredential().Password
            $Host.UI.PromptForChoice('caption', 'message', [System.Management.Automation.Host.ChoiceDescription[]]('&Yes', '&No'), 0)
            $f = [System.Management.Automation.Host.FieldDescription]::new('field'); $Host.UI.Prompt('caption', 'message', $f)['field']
            [Net.NetworkCredential]::new('', (Read-Host -AsSecureString pin)).Password
            try { $Host.UI.RawUI.ReadKey() } catch { 'no keys' }
            """);

        Assert.Equal(["typed", "pässword", "ann", "s3cret", 1, "value", "1234", "no keys"], told);
        await using var nobody = await client.OpenRunspacePoolAsync(cancellationToken: token);
        var refused = await Record.ExceptionAsync(() => RecordsAsync(nobody, "$ErrorActionPreference = 'Stop'; Read-Host"));
        Assert.IsType<PipelineFailedException>(refused);
    }

    [Fact]
    [Trait("Feature", "PSC-03")]
    [Trait("Peer", RealPowerShell.Name)]
    public async Task A_configuration_of_few_commands_is_entered_by_its_name_and_takes_no_code()
    {
        var token = TestContext.Current.CancellationToken;
        await using var client = Client();
        await using var pool = await client.OpenRunspacePoolAsync(new RunspacePoolSettings { ConfigurationName = "Limited" }, token);

        var refused = await Assert.ThrowsAsync<PipelineFailedException>(() => RecordsAsync(pool, "$x = 1"));
        var year = new PowerShellCommand("Get-Date") { Parameters = [new("Year", 2020), new("Month", 1), new("Day", 2)] };
        var told = new List<PipelineRecord>();
        await foreach (var record in pool.Run(new PipelineSettings([year]), token))
        {
            told.Add(record);
        }

        Assert.StartsWith("ScriptsNotAllowed", refused.Error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Contains("01/02/2020", Assert.Single(told).ToString(), StringComparison.Ordinal);
        var hidden = await Record.ExceptionAsync(() => GatherAsync(pool.Run(new PipelineSettings([new PowerShellCommand("Get-Item")]), token)));
        Assert.Contains("Get-Item", Assert.IsType<PipelineFailedException>(hidden).Message, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Feature", "PSC-03")]
    [Trait("Peer", RealPowerShell.Name)]
    public async Task The_stop_signal_ends_the_pipeline_and_not_the_pool()
    {
        var token = TestContext.Current.CancellationToken;
        await using var client = Client();
        await using var pool = await client.OpenRunspacePoolAsync(cancellationToken: token);
        await using var pipeline = await pool.StartAsync(new PipelineSettings([PowerShellCommand.Script("'begun'; Start-Sleep 1000; 'over'")]), token);

        var told = new List<string>();
        await foreach (var record in pipeline.ReadAsync(token))
        {
            told.Add(record.ToString());
            await pipeline.StopAsync(token);
        }

        Assert.Equal(["begun"], told);
        Assert.Equal(PipelineState.Stopped, pipeline.State);
        Assert.Equal([1], await ValuesAsync(pool, "1"));
    }

    [Fact]
    [Trait("Feature", "PSC-03")]
    [Trait("Peer", RealPowerShell.Name)]
    public async Task A_pipeline_that_is_stopped_as_soon_as_it_starts_ends()
    {
        var token = TestContext.Current.CancellationToken;
        await using var client = Client();
        await using var pool = await client.OpenRunspacePoolAsync(cancellationToken: token);
        for (var i = 0; i < 20; i++)
        {
            await using var pipeline = await pool.StartAsync(new PipelineSettings([PowerShellCommand.Script("Start-Sleep 1000; 'over'")]), token);
            await pipeline.StopAsync(token);

            Assert.Empty(await GatherAsync(pipeline.ReadAsync(token)));
            Assert.Equal(PipelineState.Stopped, pipeline.State);
        }
    }

    [Fact]
    [Trait("Feature", "PSC-03")]
    [Trait("Peer", RealPowerShell.Name)]
    public async Task An_input_that_breaks_stops_its_pipeline_and_is_told()
    {
        var token = TestContext.Current.CancellationToken;
        await using var client = Client();
        await using var pool = await client.OpenRunspacePoolAsync(cancellationToken: token);
        await using var pipeline = await pool.StartAsync(new PipelineSettings([PowerShellCommand.Script("process { $_ }")]) { Input = Broken() }, token);

        var failure = await Assert.ThrowsAsync<InvalidDataException>(() => GatherAsync(pipeline.ReadAsync(token)));

        Assert.Equal("broken", failure.Message);
        Assert.Equal([1], await ValuesAsync(pool, "1"));

        static async IAsyncEnumerable<object?> Broken()
        {
            yield return "first";
            await Task.Yield();
            throw new InvalidDataException("broken");
        }
    }

    [Fact]
    [Trait("Feature", "PSC-04")]
    [Trait("Peer", RealPowerShell.Name)]
    public async Task A_pool_is_left_while_a_pipeline_runs_and_its_output_is_there_on_return()
    {
        var token = TestContext.Current.CancellationToken;
        await using var client = Client();
        await using var pool = await client.OpenRunspacePoolAsync(cancellationToken: token);
        await using var pipeline = await pool.StartAsync(new PipelineSettings([PowerShellCommand.Script("1..5 | ForEach-Object { $_; Start-Sleep -Milliseconds 100 }")]), token);
        var reading = GatherAsync(pipeline.ReadAsync(token));

        await pool.DisconnectAsync(token);
        Assert.Equal(RunspacePoolState.Disconnected, pool.State);
        await pool.ReconnectAsync(token);

        Assert.Equal(["1", "2", "3", "4", "5"], (await reading).Select(r => r.ToString()));
    }

    [Fact]
    [Trait("Feature", "PSC-04")]
    [Trait("Peer", RealPowerShell.Name)]
    public async Task Another_client_finds_the_pool_connects_to_it_and_reads_what_its_pipeline_says()
    {
        var token = TestContext.Current.CancellationToken;
        await using var first = Client();
        var pool = await first.OpenRunspacePoolAsync(new RunspacePoolSettings { MaxRunspaces = 2 }, token);
        await ValuesAsync(pool, "$global:kept = 'kept'");
        var pipeline = await pool.StartAsync(new PipelineSettings([PowerShellCommand.Script("1..3 | ForEach-Object { Start-Sleep -Milliseconds 200; \"$_\" * 100000 }; 'end'")]), token);
        await pool.DisconnectAsync(token);
        await pipeline.DisposeAsync();
        await pool.DisposeAsync(); // of a pool that was left nothing ends

        await using var second = Client();
        var shells = new List<string>();
        await foreach (var shell in second.EnumerateShellsAsync(token))
        {
            shells.Add($"{shell.ShellId} {shell.State}");
        }

        Assert.Contains($"{pool.Id.ToString().ToUpperInvariant()} Disconnected", shells);
        await using var again = await second.ConnectRunspacePoolAsync(pool.Id, cancellationToken: token);
        var pipelines = new List<Guid>();
        await foreach (var id in again.EnumeratePipelinesAsync(token))
        {
            pipelines.Add(id);
        }

        Assert.Equal([pipeline.Id], pipelines);
        await using var taken = await again.ConnectPipelineAsync(pipeline.Id, token);
        Assert.Equal([new string('1', 100_000), new string('2', 100_000), new string('3', 100_000), "end"], (await GatherAsync(taken.ReadAsync(token))).Select(r => r.ToString()));
        Assert.Equal((PipelineState.Completed, RunspacePoolState.Opened), (taken.State, again.State));
        Assert.Equal(["kept"], await ValuesAsync(again, "$kept"));
    }

    private WSManClient Client() => new(new WSManConnectionOptions
    {
        Address = new Uri(real.Service.Https), User = real.Service.User, Password = real.Service.Password, CertificateSha256 = real.Service.CertificateSha256,
    });

    private static async Task WhenAsync(Func<bool> condition)
    {
        var waited = Stopwatch.StartNew();
        while (!condition())
        {
            Assert.True(waited.Elapsed < TimeSpan.FromMinutes(2), "it did not happen");
            await Task.Delay(20);
        }
    }

    private static Task<List<PipelineRecord>> RecordsAsync(RunspacePool pool, string script) => GatherAsync(pool.Run(script, TestContext.Current.CancellationToken));

    private static async Task<List<PipelineRecord>> GatherAsync(IAsyncEnumerable<PipelineRecord> records)
    {
        var all = new List<PipelineRecord>();
        await foreach (var record in records)
        {
            all.Add(record);
        }

        return all;
    }

    private static async Task<List<object?>> ValuesAsync(RunspacePool pool, string script, bool unwrap = true) =>
        [.. (await RecordsAsync(pool, script)).Select(r => Assert.IsType<OutputRecord>(r).Value).Select(v => unwrap ? Unwrapped(v) : v)];

    private static object? Unwrapped(object? value) => value is RemoteObject { HasValue: true, Value: var held } ? held : value;

    private static async IAsyncEnumerable<object?> Given(IEnumerable<object?> items)
    {
        foreach (var item in items)
        {
            yield return item;
        }

        await Task.CompletedTask;
    }

    private sealed class Host : IPowerShellHost
    {
        public ValueTask<object?> AnswerAsync(HostCall call, CancellationToken cancellationToken) => ValueTask.FromResult<object?>(call.Method switch
        {
            HostCall.ReadLine => "typed",
            HostCall.ReadLineAsSecureString => new Secret("pässword".AsMemory()),
            HostCall.PromptForCredential1 or HostCall.PromptForCredential2 => new Credential("ann", new Secret("s3cret".AsMemory())),
            HostCall.PromptForChoice => 1,
            HostCall.Prompt => Fields((RemoteObject)((RemoteList)((RemoteObject)call.Parameters[2]!).Value!)[0]!),
            HostCall.Write1 or HostCall.Write2 or HostCall.WriteLine1 or HostCall.WriteLine2 or HostCall.WriteLine3 => null,
            _ => throw new NotSupportedException(string.Create(CultureInfo.InvariantCulture, $"{call.Method} is not for this host.")),
        });

        private static RemoteObject Fields(RemoteObject asked) => new()
        {
            Value = new RemoteDictionary { { asked["name"]!, asked["parameterTypeFullName"] is "System.Security.SecureString" ? new Secret("1234".AsMemory()) : "value" } },
            HasValue = true,
            TypeNames = ["System.Collections.Hashtable", "System.Object"],
        };
    }
}
