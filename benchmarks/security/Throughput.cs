using System.Security.Cryptography;
using Farwire.Security;
using Farwire.Security.Accounts;
using Farwire.Security.CredSsp;
using Farwire.Security.Kerberos;
using Farwire.Security.Ntlm;
using Farwire.Security.Sealing;

namespace Farwire.Benchmarks.Security;

/// <summary>How fast one core seals and opens.</summary>
internal static class Throughput
{
    private const int MessageBytes = 500 * 1024;
    private const int Messages = 400;

    public static void Show(bool kerberos)
    {
        using var key = SecretKey.Ephemeral();
        var users = UserStore.InMemory();
        users.Put(new StoredUser("ann", "", PasswordHash.Of("secret", 1), key.Seal("ann", NtlmService.NtHashPurpose, NtHash.Of("secret"))));
        var ntlm = new NtlmService(users, key, new GuessLimit(TimeProvider.System), TimeProvider.System);
        var credential = NtlmCredential.Of("ann", "secret");

        using (var client = new NtlmInitiator(credential, "HTTP/box", null, TimeProvider.System))
        using (var service = ntlm.Accept(new ConnectionFacts("local")))
        {
            service.Step(client.Step(service.Step(client.Step([])!)!)!);
            Show("NTLM", SealedProtocol.Negotiate, client.Seal!, service.Seal!);
        }

        if (kerberos)
        {
            using var keys = KerberosService.Open(accountOf: (_, local) => local);
            using var client = new KerberosInitiator(new KerberosCredential(), "HTTP@localhost", null);
            using var service = keys.Accept(new ConnectionFacts("local"));
            client.Step(service.Step(client.Step([])!)!);
            Show("Kerberos", SealedProtocol.Kerberos, client.Seal!, service.Seal!);
        }

        using (var client = new CredSspInitiator(credential, "localhost", new NtlmInitiator(credential, "HTTP/box", null, TimeProvider.System), _ => true))
        using (var service = new CredSspScheme(ntlm, kerberos: null).Accept(new ConnectionFacts("local")))
        {
            Show("CredSSP", SealedProtocol.CredSsp, client, service);
        }
    }

    private static void Show(string name, string protocol, CredSspInitiator client, ITokenAcceptor service)
    {
        TokenStep step;
        string? token = null;
        do
        {
            step = service.StepAsync(client.StepAsync(token ?? "", default).AsTask().GetAwaiter().GetResult()!, default).AsTask().GetAwaiter().GetResult();
            token = step.Reply;
        }
        while (step.IsContinued);
        Show(name, protocol, client.Seal!, step.Seal!);
    }

    private static void Show(string name, string protocol, IMessageSeal client, IMessageSeal service)
    {
        var plain = RandomNumberGenerator.GetBytes(MessageBytes);
        var (sealing, opening) = (TimeSpan.Zero, TimeSpan.Zero);
        for (var i = 0; i < Messages; i++)
        {
            using var buffer = new RentedBuffer(SealedBody.MaxBytes(plain.Length));
            var started = Cpu();
            var type = SealedBody.Write(client, protocol, "application/soap+xml;charset=UTF-8", plain, buffer);
            sealing += Cpu() - started;
            var body = buffer.Written.ToArray();
            var read = SealedContentType.Read(type);
            started = Cpu();
            SealedBody.Open(service, read, body);
            opening += Cpu() - started;
        }

        Console.WriteLine($"{$"{name} seals 500 KB, one core",-44}{Rate(sealing),9:0} MB/s");
        Console.WriteLine($"{$"{name} opens 500 KB, one core",-44}{Rate(opening),9:0} MB/s");

        // What this process took of a core, however busy the machine is.
        static TimeSpan Cpu() => Environment.CpuUsage.TotalTime;

        static double Rate(TimeSpan time) => (double)MessageBytes * Messages / 1e6 / time.TotalSeconds;
    }
}
