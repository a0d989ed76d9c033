using System.Text;
using Farwire.Security.Accounts;
using Farwire.Security.Ntlm;

namespace Farwire.Security.Tests.Accounts;

public sealed class SecretKeyTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("farwire-test-").FullName;

    [Fact]
    public void A_hash_opens_for_its_user_and_purpose_alone()
    {
        using var key = SecretKey.OpenOrCreate(KeyFile);
        var text = key.Seal("Ann", "nt", NtHash.Of("secret"));
        using var again = SecretKey.Open(KeyFile);

        Assert.True(again.TryOpen("ANN", "nt", text, out var hash));
        Assert.Equal(NtHash.Of("secret"), hash);
        Assert.False(again.TryOpen("Bob", "nt", text, out _));
        Assert.False(again.TryOpen("Ann", "digest", text, out _));
        Assert.False(SecretKey.Ephemeral().TryOpen("Ann", "nt", text, out _));
        Assert.False(again.TryOpen("Ann", "nt", "rubbish", out _));
        Assert.False(again.TryOpen("Ann", "nt", text[..20], out _));
    }

    [Fact]
    public void The_hash_stands_in_the_user_file_only_sealed()
    {
        using var key = SecretKey.OpenOrCreate(KeyFile);
        var file = Path.Combine(_folder, "users");
        UserStore.Open(file).Put(new StoredUser("Ann", "ann", PasswordHash.Of("secret", 1), key.Seal("Ann", "nt", NtHash.Of("secret"))));

        var user = UserStore.Open(file).Find("ann")!;

        Assert.True(key.TryOpen("Ann", "nt", user.NtHash!, out var hash));
        Assert.Equal(NtHash.Of("secret"), hash);
        var bytes = File.ReadAllBytes(file);
        Assert.Equal(-1, bytes.AsSpan().IndexOf(hash));
        Assert.DoesNotContain(Convert.ToHexString(hash), Encoding.UTF8.GetString(bytes), StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(Convert.ToBase64String(hash), Encoding.UTF8.GetString(bytes), StringComparison.Ordinal);
    }

    [Fact]
    public void A_key_that_others_may_read_or_that_is_none_is_refused()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Windows has no file modes");
            return;
        }

        SecretKey.OpenOrCreate(KeyFile).Dispose();
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(KeyFile));
        File.SetUnixFileMode(KeyFile, UnixFileMode.UserRead | UnixFileMode.GroupRead);
        Assert.Contains("chmod 600", Assert.Throws<InvalidDataException>(() => SecretKey.Open(KeyFile)).Message, StringComparison.Ordinal);
        File.SetUnixFileMode(KeyFile, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        File.WriteAllBytes(KeyFile, [1, 2, 3]);
        Assert.Throws<InvalidDataException>(() => SecretKey.Open(KeyFile));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string KeyFile => Path.Combine(_folder, "key");
}
