using System.Net;
using System.Runtime.CompilerServices;
using Farwire.AspNetCore;
using Farwire.Cim.Classes;
using Farwire.Cim.Instances;
using Farwire.Providers.Contract;
using Farwire.Security.Accounts;
using Farwire.Security.Basic;
using Farwire.Service.Dispatch;
using Farwire.Service.Resources;

namespace Farwire.Benchmarks.Load.Servers;

/// <summary>Our service with a class of as many instances as one likes, each about 400 bytes on the wire.</summary>
internal static class SyntheticService
{
    public const string Password = "measured";

    public const string User = "bench";

    public static async Task RunAsync(string folder, int count)
    {
        var users = UserStore.Open(Path.Combine(folder, "users"));
        users.Put(new StoredUser(User, Environment.UserName, PasswordHash.Of(Password)));
        await using var dispatcher = new Dispatcher(new ResourceCatalog().Add(new CimCatalog().Add(SyntheticProvider.Schema, new SyntheticProvider(count))));
        await using var server = await WSManServer.StartAsync(
            [new Listener(new IPEndPoint(IPAddress.Loopback, 0))],
            dispatcher,
            [new BasicScheme(users, TimeProvider.System)],
            new WSManEdgeOptions { AllowUnencrypted = true });
        ConnectionFile.Write(folder, server.Addresses[0].ToString(), User, Password);
        await Stopped.ByTheDriver();
    }
}

/// <summary>Instances made one at a time, when they are asked for.</summary>
internal sealed class SyntheticProvider(int count) : ICimProvider
{
    public static CimSchema Schema { get; } = new CimSchema("root/cimv2").AddMof("""
        class Synthetic_Sample
        {
            [Key] uint32 Id;
            string Name;
            boolean Ok;
            uint64 Value;
        };
        """);

    public CimClass Class { get; } = Schema.Find("Synthetic_Sample")!;

    public async IAsyncEnumerable<CimInstance> EnumerateAsync(CimNeed need, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await ValueTask.CompletedTask;
        for (var i = 0; i < count; i++)
        {
            yield return new CimInstance(Class) { ["Id"] = (uint)i, ["Name"] = "sample of a synthetic row", ["Ok"] = true, ["Value"] = 1_000_000_007UL * (uint)i };
        }
    }

    public ValueTask<CimInstance?> GetAsync(IReadOnlyList<string> keys, CancellationToken cancellationToken) => ValueTask.FromResult<CimInstance?>(null);
}
