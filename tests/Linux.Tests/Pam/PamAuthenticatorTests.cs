using System.Text;
using System.Runtime.Versioning;
using Farwire.Linux.Pam;

namespace Farwire.Linux.Tests.Pam;

/// <summary>The real library with modules of its own: pam_exec hands the password to a script, which knows the right one.</summary>
[SupportedOSPlatform("linux")]
public sealed class PamAuthenticatorTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("farwire-test-").FullName;

    [Theory]
    [InlineData("p\u00e4ss word", PamVerdict.Accepted)]
    [InlineData("p\u00e4ss", PamVerdict.Refused)]
    [InlineData("", PamVerdict.Refused)]
    [InlineData("p\u00e4ss word\0more", PamVerdict.Refused)]
    [Trait("Peer", "pam")]
    public void The_password_is_what_the_modules_say(string password, PamVerdict verdict)
    {
        Configure("account required pam_permit.so");

        Assert.Equal(verdict, Check(password));
    }

    [Fact]
    [Trait("Peer", "pam")]
    public void An_account_that_may_not_be_used_is_told_apart()
    {
        Configure("account required pam_deny.so");

        Assert.Equal(PamVerdict.AccountUnusable, Check("p\u00e4ss word"));
        Assert.Equal(PamVerdict.Refused, Check("wrong"));
    }

    [Fact]
    [Trait("Peer", "pam")]
    public void The_modules_know_who_asks_and_from_where()
    {
        Configure("account required pam_permit.so");

        Assert.Equal(PamVerdict.Accepted, Check("p\u00e4ss word"));

        Assert.Equal("ann 192.0.2.7 farwire", File.ReadAllText(Path.Combine(_folder, "asked")).Trim());
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private PamVerdict Check(string password) => new PamAuthenticator("farwire", _folder).Check("ann", Encoding.UTF8.GetBytes(password), "192.0.2.7");

    private void Configure(string account)
    {
        if (!PamAuthenticator.IsPresent || !Directory.EnumerateFiles("/usr/lib", "pam_exec.so", new EnumerationOptions { RecurseSubdirectories = true }).Any())
        {
            Assert.Skip("PAM and its module pam_exec are not installed.");
        }

        var script = Path.Combine(_folder, "check");
        File.WriteAllText(script, $"#!/bin/sh\necho \"$PAM_USER $PAM_RHOST $PAM_SERVICE\" > '{_folder}/asked'\n[ \"$(tr -d '\\0')\" = 'p\u00e4ss word' ]\n");
        File.SetUnixFileMode(script, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        File.WriteAllText(Path.Combine(_folder, "farwire"), $"""
            auth [success=1 default=ignore] pam_exec.so expose_authtok quiet {script}
            auth requisite pam_deny.so
            auth required pam_permit.so
            {account}

            """);
    }
}
