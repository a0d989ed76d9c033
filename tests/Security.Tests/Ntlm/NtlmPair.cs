using Farwire.Security.Accounts;
using Farwire.Security.ChannelBinding;
using Farwire.Security.Ntlm;
using Farwire.TestKit;

namespace Farwire.Security.Tests.Ntlm;

/// <summary>A service with one user, and clients for it.</summary>
internal sealed class NtlmPair : IDisposable
{
    public const string Password = "p\u00e4ss:w\u00f6rd \u20ac";

    public NtlmPair(BindingLevel level = BindingLevel.Relaxed)
    {
        Users = UserStore.InMemory();
        Users.Put(new StoredUser("J\u00fcrgen", "daemon", PasswordHash.Of(Password, 1), Key.Seal("J\u00fcrgen", NtlmService.NtHashPurpose, NtHash.Of(Password))));
        Users.Put(new StoredUser("Basic", "daemon", PasswordHash.Of(Password, 1)));
        Service = new NtlmService(Users, Key, new GuessLimit(Time), Time, "box.example.org") { BindingLevel = level };
    }

    public ManualTime Time { get; } = new();

    public UserStore Users { get; }

    public SecretKey Key { get; } = SecretKey.Ephemeral();

    public NtlmService Service { get; }

    public ISecurityContext Client(string user = "DOM\\j\u00fcrgen", string password = Password, TlsBinding? binding = null) =>
        new NtlmInitiator(NtlmCredential.Of(user, password), "HTTP/box", binding, Time);

    public ISecurityContext Acceptor(TlsBinding? binding = null, string address = "192.0.2.1") => Service.Accept(new ConnectionFacts(address, binding));

    /// <summary>Carries tokens to and fro until nobody has one more.</summary>
    public static void Shake(ISecurityContext client, ISecurityContext service, Func<byte[], byte[]>? onTheWay = null)
    {
        var token = client.Step([]);
        while (token is not null)
        {
            var reply = service.Step(onTheWay?.Invoke(token) ?? token);
            token = reply is null || client.IsComplete ? null : client.Step(reply);
        }

        Assert.True(client.IsComplete && service.IsComplete);
    }

    public void Dispose() => Key.Dispose();
}
