using Farwire.Client.Shells;
using Farwire.Protocol.Addressing;
using Farwire.Protocol.Faults;
using Farwire.Protocol.Names;
using Farwire.Protocol.Shell;
using Farwire.Shells;

namespace Farwire.Client.Tests.Shells;

public sealed class RecycledShellTests
{
    [Fact]
    public async Task Commands_share_a_shell_until_the_service_ends_it()
    {
        await using var service = new ShellService();
        await using var shell = new RecycledShell(service.Client);

        Assert.Null(shell.ShellId);
        await shell.RunAsync("true");
        var first = shell.ShellId;
        await shell.RunAsync("true");
        Assert.Equal(first, shell.ShellId);
        await EndAsync(service, first!);
        var outcome = await shell.RunAsync("cat", "input\n"u8.ToArray());

        Assert.Equal("input\n", outcome.StandardOutput);
        Assert.NotEqual(first, shell.ShellId);
        await shell.DisposeAsync();
        Assert.Equal(0, service.Shells.OpenShells);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => shell.RunAsync("true"));
    }

    [Fact]
    public async Task A_shell_that_has_all_its_commands_is_left_to_them_and_closed_after_them()
    {
        await using var service = new ShellService(new ShellOptions { MaxCommandsPerShell = 1 });
        await using var shell = new RecycledShell(service.Client);
        var go = Path.GetTempFileName();
        var begun = go + ".begun";

        var first = shell.RunAsync($"touch {begun}; until [ -s {go} ]; do sleep 0.01; done; echo first");
        while (!File.Exists(begun))
        {
            await Task.Yield();
        }

        var old = shell.ShellId;
        var second = await shell.RunAsync("echo second");
        Assert.NotEqual(old, shell.ShellId);
        Assert.Equal(2, service.Shells.OpenShells);
        await File.WriteAllTextAsync(go, "go");

        Assert.Equal(("first\n", "second\n"), ((await first).StandardOutput, second.StandardOutput));
        Assert.Equal(1, service.Shells.OpenShells);
        File.Delete(go);
        File.Delete(begun);
    }

    [Fact]
    public async Task What_has_begun_is_not_begun_again()
    {
        await using var service = new ShellService();
        await using var shell = new RecycledShell(service.Client);
        var marks = Path.GetTempFileName();

        var running = shell.RunAsync($"echo mark >> {marks}; sleep 1000");
        while (new FileInfo(marks).Length == 0)
        {
            await Task.Yield();
        }

        await EndAsync(service, shell.ShellId!);
        await Assert.ThrowsAsync<WSManFaultException>(() => running);

        Assert.Equal("mark\n", await File.ReadAllTextAsync(marks));
        File.Delete(marks);
    }

    [Fact]
    public async Task A_service_that_refuses_every_shell_is_not_asked_for_ever()
    {
        await using var service = new ShellService(new ShellOptions { AllowRemoteShellAccess = false });
        await using var shell = new RecycledShell(service.Client);

        var fault = await Assert.ThrowsAsync<WSManFaultException>(() => shell.RunAsync("true"));

        Assert.Equal(FaultCatalog.ShellsDisabled.Code, fault.Fault.Code);
    }

    private static async Task EndAsync(ShellService service, string id)
    {
        await using var other = service.Another();
        await other.DeleteAsync(ResourceUris.CommandShell, SelectorSet.Of((ShellNames.ShellId, id)));
    }
}
