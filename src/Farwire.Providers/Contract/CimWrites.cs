using Farwire.Cim.Classes;
using Farwire.Cim.Instances;
using Farwire.Cim.Naming;
using Farwire.Protocol.Addressing;
using Farwire.Protocol.Envelope;
using Farwire.Protocol.Faults;
using Farwire.Protocol.Xml;

namespace Farwire.Providers.Contract;

/// <summary>What changes instances: Put, Create, Delete and methods, with the rules that hold for all classes.</summary>
/// <remarks>
/// DSP0227, "WS-Transfer". What a Put leaves out stays as it is, <c>xsi:nil</c> sets NULL, and what is the same as before is no change, so that what a
/// Get answered can be put back. A change of a key or of a property without the qualifier Write is refused before anything is done.
/// </remarks>
internal static class CimWrites
{
    private const string ModifiedListOption = "wmiarray:__MIInstanceModifiedPropertiesList";

    /// <summary>The properties that a client of MI says it has changed; null when it says nothing.</summary>
    public static IReadOnlySet<string>? ModifiedOnly(OptionSet options)
    {
        var names = options.Where(o => o.Name.Equals(ModifiedListOption, StringComparison.OrdinalIgnoreCase) && o.Value is not null).Select(o => o.Value!);
        var set = names.ToHashSet(StringComparer.OrdinalIgnoreCase);
        return set.Count > 0 ? set : null;
    }

    /// <summary>The instance as the representation wants it.</summary>
    public static CimInstance Read(BodyReader representation, CimInstance before, IReadOnlySet<string>? only)
    {
        if (!representation.HasElement)
        {
            throw FaultCatalog.SchemaValidationError.Fault($"the body must hold a {before.Class.Name}.");
        }

        var after = before.Copy();
        foreach (var (name, value) in InstanceReader.ReadProperties(representation, before.Class))
        {
            if (only is null || only.Contains(name))
            {
                after[name] = value;
            }
        }

        return after;
    }

    public static async ValueTask<CimInstance> PutAsync(
        ICimProvider provider, CimInstance before, CimInstance after, CimCaller caller, CancellationToken cancellationToken)
    {
        var changed = before.Class.Properties.Where(p => before[p.Name] != after[p.Name]).ToList();
        if (changed.Find(p => p.IsKey) is { } key)
        {
            throw CimError.InvalidParameter($"{key.Name} is a key of {before.Class.Name}: an instance cannot be renamed");
        }

        var refused = changed.Where(p => !p.IsWritable).Select(p => p.Name).ToList();
        if (refused.Count > 0 && provider is not ICimPut { JudgesReadOnly: true })
        {
            throw CimError.ReadOnly($"{before.Class.Name}.{refused[0]} cannot be written");
        }

        if (changed.Count == 0)
        {
            return before;
        }

        var writable = provider as ICimPut ?? throw CimError.NotCapable($"instances of {before.Class.Name} cannot be changed on this system");
        var changes = new CimChanges(changed.Where(p => p.IsWritable).ToDictionary(p => p.Name, p => after[p.Name])) { NotWritable = refused, Caller = caller };
        return await writable.PutAsync([.. before.Class.Keys.Select(k => before[k.Name].ToString())], changes, cancellationToken).ConfigureAwait(false)
            ?? throw CimError.NotFound($"{before} is gone");
    }

    public static async ValueTask<CimInstance> CreateAsync(
        ICimProvider provider, BodyReader representation, SelectorSet selectors, CimCaller caller, CancellationToken cancellationToken)
    {
        var creator = provider as ICimCreate ?? throw CimError.NotCapable($"instances of {provider.Class.Name} cannot be made on this system");
        if (!representation.HasElement)
        {
            throw FaultCatalog.SchemaValidationError.Fault($"the body must hold a {provider.Class.Name}.");
        }

        var instance = InstanceReader.Read(representation, provider.Class);
        foreach (var key in provider.Class.Keys.Where(k => instance[k.Name].IsNull))
        {
            if (selectors[key.Name] is not { } text || !InstanceReader.TryParse(text, key.Type, out var value))
            {
                throw CimError.InvalidParameter($"the key {key.Name} of {provider.Class.Name} is missing");
            }

            instance[key.Name] = value;
        }

        return await creator.CreateAsync(instance, caller, cancellationToken).ConfigureAwait(false);
    }

    public static ValueTask DeleteAsync(ICimProvider provider, CimInstance instance, CimCaller caller, CancellationToken cancellationToken) =>
        provider is ICimDelete remover
            ? remover.DeleteAsync(instance, caller, cancellationToken)
            : throw CimError.NotCapable($"instances of {provider.Class.Name} cannot be removed on this system");

    public static async ValueTask<CimInstance> InvokeAsync(
        CimNamespace place, CimClass cimClass, string name, SelectorSet selectors, BodyReader input, CimCaller caller, CancellationToken cancellationToken)
    {
        var method = cimClass.Method(name) ?? throw CimError.InvalidMethod($"{cimClass.Name} has no method '{name}'");
        var target = method.IsStatic ? null : await TargetAsync(place, cimClass, selectors, cancellationToken).ConfigureAwait(false);
        var call = CimMethodShapes.Read(method, input) with { Target = target, Caller = caller };
        var outcome = place.MethodsOf(target?.Class ?? cimClass, method.Name) is { } methods
            ? await methods.InvokeAsync(call, cancellationToken).ConfigureAwait(false)
            : await RunByProviderAsync(place, call, cimClass, cancellationToken).ConfigureAwait(false);
        return CimMethodShapes.Output(method, outcome);
    }

    private static async ValueTask<CimOutcome> RunByProviderAsync(CimNamespace place, CimCall call, CimClass cimClass, CancellationToken cancellationToken)
    {
        if (call.Target is not { } target || place.ProviderOf(target.Class) is not ICimInvoke provider)
        {
            throw CimError.MethodNotImplemented($"nothing on this system does what {cimClass.Name}.{call.Method.Name} is for");
        }

        return await provider.InvokeAsync([.. target.Class.Keys.Select(k => target[k.Name].ToString())], call, cancellationToken).ConfigureAwait(false)
            ?? throw CimError.NotFound($"{target} is gone");
    }

    private static async ValueTask<CimInstance> TargetAsync(CimNamespace place, CimClass cimClass, SelectorSet selectors, CancellationToken cancellationToken)
    {
        if (place.ProviderOf(cimClass) is { } provider)
        {
            return await CimKeys.RequireAsync(provider, selectors, cancellationToken).ConfigureAwait(false);
        }

        foreach (var derived in place.ProvidersOf(cimClass))
        {
            if (await CimKeys.FindAsync(derived, selectors, cancellationToken).ConfigureAwait(false) is { } found)
            {
                return found;
            }
        }

        throw CimError.NotFound($"there is no {cimClass.Name} with {selectors}");
    }
}
