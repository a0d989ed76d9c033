using System.Runtime.CompilerServices;
using Farwire.Cim.Classes;
using Farwire.Cim.Instances;
using Farwire.Cim.Naming;
using Farwire.Providers.Contract;

namespace Farwire.TestService;

/// <summary>Instances that stand in the memory of the tests, and may be changed there.</summary>
internal sealed class FixedProvider(CimClass cimClass, params IEnumerable<CimInstance> instances) : ICimPut, ICimCreate, ICimDelete
{
    private readonly List<CimInstance> _instances = [.. instances];

    public CimClass Class => cimClass;

    public async IAsyncEnumerable<CimInstance> EnumerateAsync(CimNeed need, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask;
        foreach (var instance in Snapshot())
        {
            yield return instance.Copy();
        }
    }

    public ValueTask<CimInstance?> GetAsync(IReadOnlyList<string> keys, CancellationToken cancellationToken) => ValueTask.FromResult(Snapshot().Find(i => Has(i, keys))?.Copy());

    public ValueTask<CimInstance?> PutAsync(IReadOnlyList<string> keys, CimChanges changes, CancellationToken cancellationToken)
    {
        lock (_instances)
        {
            var at = _instances.FindIndex(i => Has(i, keys));
            if (at < 0)
            {
                return ValueTask.FromResult<CimInstance?>(null);
            }

            var after = _instances[at].Copy();
            foreach (var name in changes.Names)
            {
                after[name] = changes[name];
            }

            _instances[at] = after;
            return ValueTask.FromResult<CimInstance?>(after.Copy());
        }
    }

    public ValueTask<CimInstance> CreateAsync(CimInstance instance, CimCaller caller, CancellationToken cancellationToken)
    {
        lock (_instances)
        {
            if (_instances.Exists(i => i.ToString() == instance.ToString()))
            {
                throw CimError.AlreadyExists($"{instance} is there already");
            }

            _instances.Add(instance.Copy());
        }

        return ValueTask.FromResult(instance);
    }

    public ValueTask DeleteAsync(CimInstance instance, CimCaller caller, CancellationToken cancellationToken)
    {
        lock (_instances)
        {
            _instances.RemoveAll(i => i.ToString() == instance.ToString());
        }

        return ValueTask.CompletedTask;
    }

    private List<CimInstance> Snapshot()
    {
        lock (_instances)
        {
            return [.. _instances];
        }
    }

    private static bool Has(CimInstance instance, IReadOnlyList<string> keys) =>
        !instance.Class.Keys.Where((key, i) => !instance[key.Name].ToString().Equals(keys[i], StringComparison.OrdinalIgnoreCase)).Any();
}
