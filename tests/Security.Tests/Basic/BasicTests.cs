using System.Text;
using Farwire.Security.Accounts;
using Farwire.Security.Basic;
using Farwire.TestKit;

namespace Farwire.Security.Tests.Basic;

public sealed class BasicTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("farwire-test-").FullName;
    private readonly ManualTime _time = new();
    private readonly UserStore _users;
    private readonly BasicScheme _scheme;

    public BasicTests()
    {
        _users = UserStore.Open(Path.Combine(_folder, "users"));
        _users.Put(new StoredUser("Ann", "daemon", PasswordHash.Of("p\u00e4ss:word", 1000)));
        _scheme = new BasicScheme(_users, _time);
    }

    [Theory]
    [InlineData("Ann:p\u00e4ss:word")]
    [InlineData("ANN:p\u00e4ss:word")]
    [InlineData("BOX\\ann:p\u00e4ss:word")]
    [Trait("Feature", "AUT-01")]
    public async Task The_right_password_proves_the_user_and_the_account(string credentials)
    {
        var step = await StepAsync(credentials);

        Assert.True(step.IsAccepted);
        Assert.Equal("Ann", step.Principal!.Identity!.Name);
        Assert.Equal("daemon", step.Principal.FindFirst(SecurityClaims.Account)!.Value);
        Assert.Same(step, await StepAsync(credentials));
    }

    [Theory]
    [InlineData("Ann:wrong")]
    [InlineData("Ann:")]
    [InlineData("Bob:p\u00e4ss:word")]
    [InlineData(":p\u00e4ss:word")]
    [InlineData("Ann")]
    [Trait("Feature", "AUT-01")]
    public async Task Anything_else_is_refused(string credentials) => Assert.Same(TokenStep.Refused, await StepAsync(credentials));

    [Fact]
    public async Task What_is_not_base64_is_refused() => Assert.Same(TokenStep.Refused, await AcceptorFor("1.2.3.4").StepAsync("***", default));

    [Fact]
    public async Task A_changed_password_counts_at_once()
    {
        Assert.True((await StepAsync("Ann:p\u00e4ss:word")).IsAccepted);

        _users.Put(new StoredUser("Ann", "daemon", PasswordHash.Of("new", 1000)));

        Assert.False((await StepAsync("Ann:p\u00e4ss:word")).IsAccepted);
        Assert.True((await StepAsync("Ann:new")).IsAccepted);
        Assert.True(_users.Remove("ann"));
        Assert.False((await StepAsync("Ann:new")).IsAccepted);
    }

    [Fact]
    public async Task A_password_that_another_process_changed_counts_at_once()
    {
        Assert.True((await StepAsync("Ann:p\u00e4ss:word")).IsAccepted);

        var path = Path.Combine(_folder, "users");
        UserStore.Open(path).Put(new StoredUser("Ann", "daemon", PasswordHash.Of("new", 1000)));
        File.SetLastWriteTimeUtc(path, DateTime.UtcNow.AddSeconds(2)); // dates are coarse where kernels are old

        Assert.True((await StepAsync("Ann:new")).IsAccepted);
        Assert.False((await StepAsync("Ann:p\u00e4ss:word")).IsAccepted);
    }

    [Fact]
    public async Task Guessing_is_stopped_for_a_while_and_only_from_where_it_came()
    {
        for (var i = 0; i < GuessLimit.FreeGuesses; i++)
        {
            Assert.False((await StepAsync("Ann:" + i)).IsAccepted);
        }

        Assert.False((await StepAsync("Ann:p\u00e4ss:word")).IsAccepted);
        Assert.True((await StepAsync("Ann:p\u00e4ss:word", "5.6.7.8")).IsAccepted);
    }

    [Fact]
    public async Task The_pause_after_guessing_ends()
    {
        for (var i = 0; i < GuessLimit.FreeGuesses; i++)
        {
            await StepAsync("Ann:" + i);
        }

        _time.Advance(TimeSpan.FromSeconds(61));

        Assert.True((await StepAsync("Ann:p\u00e4ss:word")).IsAccepted);
    }

    [Fact]
    public void The_store_is_readable_by_its_owner_alone_and_holds_no_password()
    {
        var path = Path.Combine(_folder, "users");

        Assert.DoesNotContain("word", File.ReadAllText(path), StringComparison.Ordinal);
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
        }

        Assert.Equal("daemon", UserStore.Open(path).Find("ann")!.Account);
    }

    [Theory]
    [InlineData("ann")]
    [InlineData("ann:x:pbkdf2-sha256$0$AAAA$AAAA")]
    [InlineData("ann:x:md5$1$AAAA$AAAA")]
    [InlineData(":x:pbkdf2-sha256$1000$AAAAAAAAAAA=$AAAA")]
    public void A_broken_line_is_an_error_with_its_number(string line)
    {
        var path = Path.Combine(_folder, "broken");
        File.WriteAllText(path, "# users\n" + line + "\n");

        Assert.Contains("line 2", Assert.Throws<InvalidDataException>(() => UserStore.Open(path)).Message, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private async Task<TokenStep> StepAsync(string credentials, string peer = "1.2.3.4") =>
        await AcceptorFor(peer).StepAsync(Convert.ToBase64String(Encoding.UTF8.GetBytes(credentials)), default);

    private ITokenAcceptor AcceptorFor(string peer) => _scheme.Accept(new ConnectionFacts(peer));
}
