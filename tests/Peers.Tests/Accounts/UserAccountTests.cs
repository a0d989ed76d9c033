using System.Security.Cryptography;
using Farwire.Security.Accounts;
using Farwire.Security.Basic;
using Farwire.Security.Ntlm;
using Farwire.Security.Spnego;
using Farwire.TestKit;

namespace Farwire.Peers.Tests.Accounts;

/// <summary>Users that the built <c>farwired user</c> keeps, and a service that knows them, asked by curl.</summary>
public sealed class UserAccountTests : IDisposable
{
    private const string Password = "pass w0rd";
    private const string Typed = "p\u00e4ss w0rd"; // curl knows no such letter in NTLM

    private readonly string _folder = Directory.CreateTempSubdirectory("farwire-users-").FullName;

    private string Users => Path.Combine(_folder, "users");

    private string Key => Path.Combine(_folder, "key");

    [Fact]
    public async Task A_user_with_an_NT_hash_comes_by_NTLM_and_one_without_by_Basic_alone()
    {
        Assert.Equal(0, (await UserAsync(Password, "add", "ann", "--account", "daemon", "--nt-hash")).ExitCode);
        Assert.Equal(0, (await UserAsync(Password, "add", "bob")).ExitCode);
        await using var edge = await StartAsync();

        Assert.Equal(["200", "200", "200", "401"], [await CurlAsync(edge, "--basic", "ann"), await CurlAsync(edge, "--ntlm", "ann"), await CurlAsync(edge, "--basic", "bob"), await CurlAsync(edge, "--ntlm", "bob")]);
        Assert.Equal($"ann\tdaemon\tbasic,ntlm,credssp\nbob\t{Environment.UserName}\tbasic\n", (await UserAsync("", "list")).Output);
    }

    [Fact]
    public async Task A_new_password_takes_the_place_of_the_old_one_for_every_method()
    {
        await UserAsync("old", "add", "ann", "--account", "daemon", "--nt-hash");

        var again = await UserAsync("x", "add", "ann");
        var changed = await UserAsync(Password, "passwd", "ANN");
        var unknown = await UserAsync("x", "passwd", "eve");
        await using var edge = await StartAsync();

        Assert.Equal((65, 0, 65), (again.ExitCode, changed.ExitCode, unknown.ExitCode));
        Assert.Equal(["200", "200", "401", "401"], [await CurlAsync(edge, "--basic", "ann"), await CurlAsync(edge, "--ntlm", "ann"), await CurlAsync(edge, "--basic", "ann", "old"), await CurlAsync(edge, "--ntlm", "ann", "old")]);
        Assert.Equal("ann\tdaemon\tbasic,ntlm,credssp\n", (await UserAsync("", "list")).Output);
        Assert.Equal(0, (await UserAsync("", "remove", "ann")).ExitCode);
        Assert.Equal(65, (await UserAsync("", "remove", "ann")).ExitCode);
    }

    [Fact]
    public async Task Neither_file_nor_output_shows_a_password_or_what_is_worth_one()
    {
        var added = await UserAsync(Password, "add", "ann", "--nt-hash");
        var list = await UserAsync("", "list");
        var kept = await File.ReadAllTextAsync(Users);
        var hash = NtHash.Of(Password);

        Assert.All([added.Output, added.Errors, list.Output, kept], text => Assert.All(
            [Password, Convert.ToHexString(hash), Convert.ToBase64String(hash)], secret => Assert.DoesNotContain(secret, text, StringComparison.OrdinalIgnoreCase)));
        Assert.All([Users, Key], file => Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, OperatingSystem.IsWindows() ? default : File.GetUnixFileMode(file)));
        Assert.Equal(SecretKey.KeyBytes, new FileInfo(Key).Length);
        Assert.Equal(0, CryptographicOperations.FixedTimeEquals(await File.ReadAllBytesAsync(Key), hash) ? 1 : 0);
    }

    [Fact]
    public async Task The_password_is_asked_for_without_an_echo()
    {
        var asked = await Commands.RunAsync(
            "/usr/bin/python3",
            [Path.Combine(AppContext.BaseDirectory, "Peers", "prompt.py"), "Password of ann", Typed, RunningService.Program("farwired"), "user", "add", "ann", "--file", Users]);
        await using var edge = await StartAsync();

        Assert.True(asked.ExitCode == 0, asked.Output);
        Assert.DoesNotContain(Typed, asked.Output, StringComparison.Ordinal);
        Assert.Equal("200", await CurlAsync(edge, "--basic", "ann", Typed));
    }

    [Fact]
    public async Task Whoever_guesses_is_not_heard_for_a_while_and_locks_out_nobody_else()
    {
        await UserAsync(Password, "add", "ann");
        await UserAsync(Password, "add", "bob");
        await using var edge = await StartAsync();
        for (var i = 0; i < GuessLimit.FreeGuesses; i++)
        {
            Assert.Equal("401", await CurlAsync(edge, "--basic", "ann", "guess" + i));
        }

        Assert.Equal("401", await CurlAsync(edge, "--basic", "ann"));
        Assert.Equal("200", await CurlAsync(edge, "--basic", "bob"));
        Assert.Equal("200", await CurlAsync(edge, "--basic", "ann", from: "127.0.0.2"));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private Task<EdgeService> StartAsync()
    {
        Commands.Need("/usr/bin/curl");
        return EdgeService.StartAsync(schemes: (_, _) =>
        {
            var (users, guesses) = (UserStore.Open(Users), new GuessLimit(TimeProvider.System));
            return [.. NegotiateScheme.For(new NtlmService(users, SecretKey.OpenOrCreate(Key), guesses, TimeProvider.System), null), new BasicScheme(users, TimeProvider.System, guesses)];
        });
    }

    private Task<Outcome> UserAsync(string password, params string[] words) => Commands.RunAsync(
        RunningService.Program("farwired"), ["user", .. words, "--file", Users], System.Text.Encoding.UTF8.GetBytes(password + "\n"));

    private static async Task<string> CurlAsync(EdgeService edge, string method, string user, string password = Password, string from = "127.0.0.1") => (await Commands.RunAsync(
        "/usr/bin/curl",
        [
            "-s", "-o", "/dev/null", "-w", "%{http_code}", method, "-u", $"{user}:{password}", "--interface", from, "-H", "Content-Type: application/soap+xml", "--data-binary", Security.NtlmTests.Identify,
            $"http://127.0.0.1:{edge.Http.Port}/wsman",
        ])).Output;
}
