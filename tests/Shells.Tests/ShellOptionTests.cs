using Farwire.Protocol.Envelope;
using Farwire.Protocol.Faults;
using Farwire.Protocol.Names;
using Farwire.Protocol.Shell;
using Farwire.TestKit;

namespace Farwire.Shells.Tests;

public sealed class ShellOptionTests
{
    [Theory]
    [InlineData("FALSE", "from the profile\n")]
    [InlineData("TRUE", "\n")]
    [InlineData(null, "\n")]
    [Trait("Feature", "SHL-05")]
    public async Task The_profile_is_read_when_the_client_asks_for_it(string? noProfile, string expected)
    {
        var home = Directory.CreateTempSubdirectory("farwire-home-").FullName;
        await File.WriteAllTextAsync(Path.Combine(home, ".profile"), "echo welcome; read swallowed; FROM='from the profile'\n");
        await using var service = new RemoteService();
        var shell = await OpenAsync(service, [KeyValuePair.Create("HOME", home)], noProfile is null ? [] : [new Option(ShellNames.NoProfile, noProfile)]);

        Assert.Equal(expected, (await service.RunAsync(shell, "echo $FROM")).Text);
        Directory.Delete(home, recursive: true);
    }

    [Fact]
    [Trait("Feature", "SHL-05")]
    public async Task Code_page_and_console_mode_are_visible_in_the_command()
    {
        await using var service = new RemoteService();
        var shell = await OpenAsync(service, [], [new Option(ShellNames.CodePage, "65001")]);

        var outcome = await service.RunAsync(
            shell, "echo $WINRS_CODEPAGE $LC_CTYPE $WINRS_CONSOLEMODE_STDIN", OptionSet.Of(new Option(ShellNames.ConsoleModeStdin, "true")));

        Assert.Equal("65001 C.UTF-8 TRUE\n", outcome.Text);
    }

    [Fact]
    [Trait("Feature", "SHL-05")]
    public async Task A_shell_ends_with_its_lifetime_whatever_runs_in_it()
    {
        var time = new ManualTime();
        await using var service = new RemoteService(shellTime: time);
        var shell = await service.OpenAsync(RemoteService.Wish() with { Lifetime = TimeSpan.FromMinutes(1) });
        await service.StartAsync(shell, "sleep 6721");

        time.Advance(TimeSpan.FromSeconds(59));
        Assert.Equal(1, service.Shells.OpenShells);
        time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(0, service.Shells.OpenShells);
        Assert.True(SpinWait.SpinUntil(() => CommandShellTests.Processes("sleep 6721").Count == 0, TimeSpan.FromSeconds(10)));
    }

    [Fact]
    [Trait("Feature", "SHL-05")]
    public async Task Idle_times_have_bounds()
    {
        await using var service = new RemoteService(new ShellOptions { MinIdleTimeout = TimeSpan.FromMinutes(1), MaxIdleTimeout = TimeSpan.FromHours(1) });
        var create = Exchange.Headers(Actions.Create, ResourceUris.CommandShell);

        using var reply = await service.As("ann").AskAsync(create, RemoteService.Wish() with { IdleTimeOut = TimeSpan.FromHours(5) });
        var fault = await service.FaultAsync(create, RemoteService.Wish() with { IdleTimeOut = TimeSpan.FromSeconds(5) });

        Assert.Equal(FaultCatalog.IdleTimeOutOutOfBounds.Code, fault.Code);
        await foreach (var shell in ShellsAsync(service))
        {
            Assert.Contains("<rsp:IdleTimeOut>PT3600.000S</rsp:IdleTimeOut>", shell, StringComparison.Ordinal);
        }
    }

    [Fact]
    [Trait("Feature", "SHL-08")]
    public async Task An_administrator_sees_and_ends_the_shells_of_all()
    {
        await using var service = new RemoteService();
        var anns = await service.OpenAsync();
        await service.StartAsync(anns, "sleep 6722");
        var administrator = service.AsAdministrator();

        using var read = await administrator.AskAsync(Exchange.Headers(Actions.Get, ResourceUris.Shell, (ShellNames.ShellId, anns)));
        Assert.Equal("ann", ShellInstance.Read(read.Body).Owner);
        var foreign = await administrator.FaultAsync(RemoteService.Headers(Actions.Command, anns), new CommandLine("true", []));
        var stranger = await service.As("bob").FaultAsync(RemoteService.Headers(Actions.Delete, anns));
        using var deleted = await administrator.AskAsync(RemoteService.Headers(Actions.Delete, anns));

        Assert.Equal(FaultCatalog.UnexpectedSelectors.Code, foreign.Code); // seen and ended, but not used
        Assert.Equal(FaultCatalog.UnexpectedSelectors.Code, stranger.Code);
        Assert.Null(deleted.Fault);
        Assert.Equal(0, service.Shells.OpenShells);
        Assert.Empty(CommandShellTests.Processes("sleep 6722"));
    }

    [Fact]
    [Trait("Feature", "SHL-10")]
    public async Task Where_remote_shells_are_off_none_is_opened()
    {
        await using var service = new RemoteService(new ShellOptions { AllowRemoteShellAccess = false });

        var fault = await service.FaultAsync(Exchange.Headers(Actions.Create, ResourceUris.CommandShell), RemoteService.Wish());

        Assert.Equal(FaultCatalog.ShellsDisabled.Code, fault.Code);
        Assert.Equal(0, service.Shells.OpenShells);
    }

    [Fact]
    [Trait("Feature", "SHL-15")]
    public async Task A_custom_shell_runs_its_program()
    {
        Environment.SetEnvironmentVariable("FARWIRE_TEST_BIN", "/usr/bin");
        const string uri = ResourceUris.Shell + "/print";
        await using var service = new RemoteService(new ShellOptions { CustomShells = [new CustomShell(uri, "%FARWIRE_TEST_BIN%/printf", "<%s>")] });
        var id = Guid.NewGuid().ToString();
        using var created = await service.As("ann").AskAsync(Exchange.Headers(Actions.Create, uri.ToUpperInvariant()), RemoteService.Wish() with { ShellId = id });
        using var started = await service.As("ann").AskAsync(Exchange.Headers(Actions.Command, uri, (ShellNames.ShellId, id)), new CommandLine("a;b", ["\"c d\""]));

        var outcome = await service.FinishAsync(id, CommandResponse.Read(started.Body).CommandId);

        Assert.Equal("<a;b><c d>", outcome.Text);
        Assert.Equal(FaultCatalog.ResourceNotFound.Code, (await service.FaultAsync(Exchange.Headers(Actions.Create, ResourceUris.Shell + "/other"), RemoteService.Wish())).Code);
    }

    [Fact]
    public async Task What_a_lost_client_was_sent_last_is_sent_again_to_the_one_that_takes_over()
    {
        var time = new ManualTime();
        await using var service = new RemoteService(shellTime: time);
        var shell = await service.OpenAsync();
        var command = await service.StartAsync(shell, "printf abc; read line; printf def");
        Assert.Equal("abc"u8.ToArray(), (await service.ReceiveAsync(shell, command)).Streams[0].Data.ToArray());

        time.Advance(TimeSpan.FromMinutes(5));
        using var taken = await service.As("ann").AskAsync(RemoteService.Headers(Actions.Connect, shell) with { SessionId = "uuid:2" }, new Connect());
        await service.SendAsync(shell, command, "\n", end: true);

        Assert.Null(taken.Fault);
        Assert.Equal("abcdef", (await service.FinishAsync(shell, command)).Text);
    }

    private static async Task<string> OpenAsync(RemoteService service, List<KeyValuePair<string, string>> environment, Option[] options)
    {
        var id = Guid.NewGuid().ToString("D").ToUpperInvariant();
        using var reply = await service.As("ann").AskAsync(
            Exchange.Headers(Actions.Create, ResourceUris.CommandShell) with { Options = OptionSet.Of(options) }, RemoteService.Wish() with { ShellId = id, Environment = environment });
        Assert.Null(reply.Fault);
        return id;
    }

    private static async IAsyncEnumerable<string> ShellsAsync(RemoteService service)
    {
        using var list = await service.As("ann").AskAsync(
            Exchange.Headers(Actions.Enumerate, ResourceUris.Shell), new Protocol.Enumeration.Enumerate { Optimize = true, MaxElements = 10 });
        yield return list.Body.ReadOuterXml();
    }
}
