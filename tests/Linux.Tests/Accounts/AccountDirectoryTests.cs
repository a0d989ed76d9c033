using System.Diagnostics;
using Farwire.Linux.Accounts;

namespace Farwire.Linux.Tests.Accounts;

public sealed class AccountDirectoryTests
{
    [Fact]
    public void Accounts_are_those_of_the_system()
    {
        foreach (var line in Ask("getent", "passwd").Take(20))
        {
            var fields = line.Split(':');
            var account = AccountDirectory.Find(fields[0]);

            Assert.Equal(new UnixAccount(fields[0], uint.Parse(fields[2]), uint.Parse(fields[3]), fields[5], fields[6], fields[4]), account);
            Assert.NotNull(AccountDirectory.Find(account!.Uid));
        }
    }

    [Fact]
    public void Groups_are_those_of_the_system()
    {
        foreach (var line in Ask("getent", "passwd").Take(20))
        {
            var account = AccountDirectory.Find(line.Split(':')[0])!;

            var groups = AccountDirectory.GroupsOf(account);

            Assert.Equal(account.Gid, groups[0].Gid);
            Assert.Equal(Ask("id", "-G", account.Name)[0].Split(' ').Order(), groups.Select(g => g.Gid.ToString()).Order());
            Assert.Equal(Ask("id", "-gn", account.Name)[0], groups[0].Name);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("nobody-of-this-name")]
    [InlineData("root\0x")]
    [InlineData("root:0")]
    [InlineData("../root")]
    public void Who_is_not_there_is_nobody(string name) => Assert.Null(AccountDirectory.Find(name));

    private static string[] Ask(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
        return process.StandardOutput.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
