using System.Security.Cryptography;
using Farwire.Security;
using Farwire.Security.Accounts;
using Farwire.Security.Ntlm;
using Farwire.Security.Sealing;

namespace Farwire.Benchmarks.Security;

/// <summary>How fast one core seals and opens.</summary>
internal static class Throughput
{
    private const int MessageBytes = 500 * 1024;

    public static void Show()
    {
        using var key = SecretKey.Ephemeral();
        var users = UserStore.InMemory();
        users.Put(new StoredUser("ann", "", PasswordHash.Of("secret", 1), key.Seal("ann", NtlmService.NtHashPurpose, NtHash.Of("secret"))));
        using var client = new NtlmInitiator(NtlmCredential.Of("ann", "secret"), "HTTP/box", null, TimeProvider.System);
        using var service = new NtlmService(users, key, new GuessLimit(TimeProvider.System), TimeProvider.System).Accept(new ConnectionFacts("local"));
        service.Step(client.Step(service.Step(client.Step([])!)!)!);

        var plain = RandomNumberGenerator.GetBytes(MessageBytes);
        var type = new SealedContentType(SealedProtocol.Negotiate, SealedContentType.UsualBoundary);
        var (sealing, opening) = (TimeSpan.Zero, TimeSpan.Zero);
        const int Messages = 400;
        for (var i = 0; i < Messages; i++)
        {
            using var buffer = new RentedBuffer(SealedBody.MaxBytes(plain.Length));
            var started = Cpu();
            SealedBody.Write(client.Seal!, SealedProtocol.Negotiate, "application/soap+xml;charset=UTF-8", plain, buffer);
            sealing += Cpu() - started;
            var body = buffer.Written.ToArray();
            started = Cpu();
            SealedBody.Open(service.Seal!, type, body);
            opening += Cpu() - started;
        }

        Console.WriteLine($"{"NTLM seals 500 KB, one core",-44}{Rate(sealing),9:0} MB/s");
        Console.WriteLine($"{"NTLM opens 500 KB, one core",-44}{Rate(opening),9:0} MB/s");

        // What this process took of a core, however busy the machine is.
        static TimeSpan Cpu() => Environment.CpuUsage.TotalTime;

        static double Rate(TimeSpan time) => (double)MessageBytes * Messages / 1e6 / time.TotalSeconds;
    }
}
