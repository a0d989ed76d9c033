using Farwire.Cim.Classes;
using Farwire.Cim.Instances;
using Farwire.Providers.Contract;

namespace Farwire.Providers.Tests;

/// <summary>What holds for each class that is served, on the system that the tests run on.</summary>
public sealed class EveryClassTests
{
    private static readonly CimCatalog Catalog = CimProviders.Linux();

    public static IEnumerable<TheoryDataRow<string, string>> Classes() =>
        Catalog.Namespaces.SelectMany(n => n.Providers.Where(p => !LooksTwice(p)).Select(p => new TheoryDataRow<string, string>(n.Name, p.Class.Name)));

    [Fact]
    public async Task Classes_that_look_twice_fit_too()
    {
        var providers = Catalog.Namespaces.SelectMany(n => n.Providers).Where(LooksTwice).ToList();

        var instances = await Task.WhenAll(providers.Select(async p => await p.EnumerateAsync(CimNeed.All, CancellationToken.None).ToListAsync()));

        Assert.NotEmpty(instances);
        foreach (var instance in instances.SelectMany(i => i))
        {
            Assert.All(instance.Class.Properties, p => Assert.True(Fits(instance[p.Name], p), $"{instance.Class.Name}.{p.Name} holds {instance[p.Name]}"));
        }
    }

    [Theory]
    [MemberData(nameof(Classes))]
    public async Task Its_instances_fit_the_class_and_are_found_by_their_keys(string namespaceName, string className)
    {
        var provider = Catalog.Namespaces.Single(n => n.Name == namespaceName).Providers.Single(p => p.Class.Name == className);
        if (provider.NeedsNames)
        {
            return; // shown by a test of its own
        }

        var instances = await provider.EnumerateAsync(CimNeed.All, CancellationToken.None).Take(200).ToListAsync();

        foreach (var instance in instances)
        {
            Assert.Same(provider.Class, instance.Class);
            foreach (var property in provider.Class.Properties)
            {
                Assert.True(Fits(instance[property.Name], property), $"{className}.{property.Name} of type {property.Type.MofName()} holds {instance[property.Name].Kind} '{instance[property.Name]}'");
                Assert.False(property.IsKey && instance[property.Name].IsNull && !provider.Class.Qualifiers.IsSet("Singleton"), $"the key {className}.{property.Name} is NULL");
            }
        }

        var keys = provider.Class.Keys;
        if (provider.Class.Qualifiers.IsSet("Singleton") || keys.Count == 0 || keys.Any(k => k.Type == CimType.Reference))
        {
            return;
        }

        var names = instances.Select(i => string.Join('\n', keys.Select(k => i[k.Name].ToString()))).ToList();
        Assert.Equal(names.Count, names.Distinct(StringComparer.Ordinal).Count());
        foreach (var instance in instances.Take(3))
        {
            string[] values = [.. keys.Select(k => instance[k.Name].ToString())];
            if (await provider.GetAsync(values, CancellationToken.None) is { } found) // it may have ended meanwhile
            {
                Assert.Equal(values, keys.Select(k => found[k.Name].ToString()));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Classes))]
    public async Task A_property_has_the_same_value_whether_others_are_asked_for_or_not(string namespaceName, string className)
    {
        var provider = Catalog.Namespaces.Single(n => n.Name == namespaceName).Providers.Single(p => p.Class.Name == className);
        if (provider.NeedsNames || className.Contains("Perf", StringComparison.Ordinal))
        {
            return; // the former by a test of its own, the latter changes while one looks
        }

        var keys = provider.Class.Keys.Select(k => provider.Class.SlotOf(k.Name)).ToArray();
        var whole = await provider.EnumerateAsync(CimNeed.All, CancellationToken.None).Take(20).ToListAsync();
        var narrow = await provider.EnumerateAsync(CimNeed.Of(provider.Class, keys, []), CancellationToken.None).Take(200).ToListAsync();

        string Name(CimInstance instance) => string.Join('\n', keys.Select(slot => instance[slot].ToString()));
        Assert.True(whole.Count == 0 || whole.Any(w => narrow.Any(n => Name(n) == Name(w))));
    }

    // Rates take a second: all of them together take no longer.
    private static bool LooksTwice(ICimProvider provider) => provider.Class.IsA("Win32_PerfFormattedData");

    private static bool Fits(CimValue value, CimProperty property)
    {
        if (value.IsNull)
        {
            return true;
        }

        if (property.IsArray != (value.Kind == CimValueKind.Array))
        {
            return false;
        }

        return property.IsArray ? value.AsArray().All(v => FitsType(v, property.Type)) : FitsType(value, property.Type);
    }

    private static bool FitsType(CimValue value, CimType type) => type switch
    {
        CimType.Boolean => value.Kind == CimValueKind.Boolean,
        CimType.UInt8 => InRange(value, 0, byte.MaxValue),
        CimType.UInt16 => InRange(value, 0, ushort.MaxValue),
        CimType.UInt32 => InRange(value, 0, uint.MaxValue),
        CimType.UInt64 => InRange(value, 0, ulong.MaxValue),
        CimType.SInt8 => InRange(value, sbyte.MinValue, sbyte.MaxValue),
        CimType.SInt16 => InRange(value, short.MinValue, short.MaxValue),
        CimType.SInt32 => InRange(value, int.MinValue, int.MaxValue),
        CimType.SInt64 => InRange(value, long.MinValue, long.MaxValue),
        CimType.Real32 or CimType.Real64 => value.Kind == CimValueKind.Real,
        CimType.DateTime => value.Kind == CimValueKind.DateTime,
        CimType.Reference => value.Kind == CimValueKind.Reference,
        CimType.Instance => value.Kind == CimValueKind.Instance,
        _ => value.Kind == CimValueKind.String,
    };

    private static bool InRange(CimValue value, Int128 low, Int128 high) => value.Kind switch
    {
        CimValueKind.Signed => value.AsInt64() is var signed && signed >= low && signed <= high,
        CimValueKind.Unsigned => value.AsUInt64() is var unsigned && unsigned >= low && unsigned <= high,
        _ => false,
    };
}
