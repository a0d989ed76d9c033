using Farwire.Cim.Classes;
using Farwire.Cim.Instances;
using Farwire.Protocol.Addressing;
using Farwire.Providers.Contract;

namespace Farwire.TestService;

/// <summary>One instance with a property of every kind, in the namespace root/test.</summary>
internal sealed class AllTypes : ICimProvider
{
    public static CimSchema Schema { get; } = new CimSchema("root/test").AddMof("""
        class T_Inner { string A; };
        class T_All {
          [Key] string Name; boolean Yes; uint64 Big; sint32 Small; real64 Real; datetime When; datetime Long;
          uint16 Numbers[]; string Words[]; [EmbeddedInstance("T_Inner")] string Inner; T_Inner ref Other; string Nothing; string Empty;
        };
        """);

    public CimClass Class { get; } = Schema.Find("T_All")!;

    public async IAsyncEnumerable<CimInstance> EnumerateAsync(CimNeed need, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask;
        yield return Instance();
    }

    public ValueTask<CimInstance?> GetAsync(IReadOnlyList<string> keys, CancellationToken cancellationToken) =>
        ValueTask.FromResult(keys[0].Equals("one", StringComparison.OrdinalIgnoreCase) ? Instance() : null);

    private CimInstance Instance() => new(Class)
    {
        ["Name"] = "one",
        ["Yes"] = true,
        ["Big"] = ulong.MaxValue,
        ["Small"] = -7,
        ["Real"] = 1.5,
        ["When"] = new CimDateTime(new DateTimeOffset(2013, 4, 15, 16, 28, 38, 376, 625, TimeSpan.Zero)),
        ["Long"] = new CimDateTime(new TimeSpan(1, 2, 3, 4, 500)),
        ["Numbers"] = new uint[] { 3, 4 },
        ["Inner"] = new CimInstance(Schema.Find("T_Inner")!) { ["A"] = "a<b>" },
        ["Other"] = new EndpointReference { ResourceUri = "urn:x", Selectors = SelectorSet.Of(("A", "1")) },
        ["Empty"] = "",
    };
}
