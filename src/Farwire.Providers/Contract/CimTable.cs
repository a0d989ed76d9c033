using System.Runtime.CompilerServices;
using Farwire.Cim.Classes;
using Farwire.Cim.Instances;
using Farwire.Cim.Naming;

namespace Farwire.Providers.Contract;

/// <summary>A class as a table: for each property a line that says how its value comes from a row of facts.</summary>
/// <remarks>
/// A property without a line is NULL. A line is followed only when its property is asked for, so a row finds costly facts when a line wants them;
/// what is cheaper for many rows at once is fetched ahead by the source, which is told the need. Names of this computer and of the class itself
/// need no lines.
/// </remarks>
public sealed class CimTable<TRow> : ICimPut, ICimInvoke, ICimSignals, ICimArrivals
    where TRow : class
{
    private readonly Func<CimNeed, CancellationToken, IAsyncEnumerable<TRow>> _rows;
    private readonly Func<TRow, CimValue>?[] _lines;

    /// <summary>A table over rows that take time to come.</summary>
    public CimTable(CimSchema schema, string className, Func<CimNeed, CancellationToken, IAsyncEnumerable<TRow>> rows)
    {
        Class = schema.Find(className) ?? throw new ArgumentException($"{schema.Namespace} has no class '{className}'.", nameof(className));
        _rows = rows;
        _lines = new Func<TRow, CimValue>?[Class.Properties.Count];
        MapWhereKnown("CreationClassName", _ => Class.Name);
        MapWhereKnown("SystemCreationClassName", _ => "Win32_ComputerSystem");
        MapWhereKnown("CSCreationClassName", _ => "Win32_ComputerSystem");
        MapWhereKnown("SystemName", _ => Environment.MachineName);
        MapWhereKnown("CSName", _ => Environment.MachineName);
    }

    /// <summary>A table over rows that are at hand.</summary>
    public CimTable(CimSchema schema, string className, Func<CimNeed, IEnumerable<TRow>> rows)
        : this(schema, className, (need, cancellationToken) => Walk(rows(need), cancellationToken))
    {
    }

    /// <inheritdoc/>
    public CimClass Class { get; }

    /// <inheritdoc/>
    public bool NeedsNames { get; init; }

    /// <summary>The way to one row by its keys, where that is shorter than looking through all.</summary>
    public Func<IReadOnlyList<string>, CancellationToken, ValueTask<TRow?>>? Find { get; init; }

    /// <summary>Sets properties of a row, where they can be set.</summary>
    public Func<TRow, CimChanges, CancellationToken, ValueTask>? Put { get; init; }

    /// <inheritdoc/>
    public bool JudgesReadOnly => Put is not null;

    /// <summary>Runs methods on a row, where there are any.</summary>
    public Func<TRow, CimCall, CancellationToken, ValueTask<CimOutcome>>? Invoke { get; init; }

    /// <summary>The lines of another table over the same rows, for a class that has the same properties and more.</summary>
    public CimTable<TRow>? Like
    {
        init
        {
            for (var slot = 0; value is not null && slot < value._lines.Length; slot++)
            {
                // Each class has a name of its own.
                if (value._lines[slot] is { } line && value.Class.Properties[slot].Name != "CreationClassName")
                {
                    _lines[Class.SlotOf(value.Class.Properties[slot].Name)] = line;
                }
            }
        }
    }

    /// <summary>The line of a property.</summary>
    public Func<TRow, CimValue> this[string property]
    {
        init => _lines[Class.SlotOf(property) is >= 0 and var slot ? slot : throw new ArgumentException($"{Class.Name} has no property '{property}'.", nameof(property))] = value;
    }

    /// <summary>Adds a line to one of several classes that are made alike, where the class has the property.</summary>
    internal void MapWhereKnown(string property, Func<TRow, CimValue> value)
    {
        if (Class.SlotOf(property) is >= 0 and var slot)
        {
            _lines[slot] = value;
        }
    }

    /// <summary>How the system tells of changes; null when it does not.</summary>
    public Func<Action, CancellationToken, Task<IDisposable?>>? Listen { get; init; }

    /// <inheritdoc/>
    public async ValueTask<IDisposable?> ListenAsync(Action changed, CancellationToken cancellationToken) =>
        Listen is null ? null : await Listen(changed, cancellationToken).ConfigureAwait(false);

    /// <summary>Begins to note rows that come, where rows come and do not change: what takes them, and what ends it.</summary>
    public Func<(Func<IReadOnlyList<TRow>> Take, IDisposable End)?>? Follow { get; init; }

    /// <inheritdoc/>
    public ICimArrival? Arrivals() => Follow?.Invoke() is { } following ? new Arrival(this, following.Take, following.End) : null;

    /// <inheritdoc/>
    public async IAsyncEnumerable<CimInstance> EnumerateAsync(CimNeed need, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var slots = need == CimNeed.All ? AllSlots : [.. AllSlots.Where(need.Needs)];
        await foreach (var row in _rows(need, cancellationToken).ConfigureAwait(false))
        {
            yield return ToInstance(row, slots);
        }
    }

    /// <inheritdoc/>
    public async ValueTask<CimInstance?> GetAsync(IReadOnlyList<string> keys, CancellationToken cancellationToken)
    {
        return await RowAsync(keys, cancellationToken).ConfigureAwait(false) is { } row ? ToInstance(row, AllSlots) : null;
    }

    /// <inheritdoc/>
    public async ValueTask<CimInstance?> PutAsync(IReadOnlyList<string> keys, CimChanges changes, CancellationToken cancellationToken)
    {
        var put = Put ?? throw CimError.NotCapable($"instances of {Class.Name} cannot be changed on this system");
        if (await RowAsync(keys, cancellationToken).ConfigureAwait(false) is not { } row)
        {
            return null;
        }

        await put(row, changes, cancellationToken).ConfigureAwait(false);
        return await GetAsync(keys, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask<CimOutcome?> InvokeAsync(IReadOnlyList<string> keys, CimCall call, CancellationToken cancellationToken)
    {
        var invoke = Invoke ?? throw CimError.MethodNotImplemented($"nothing on this system does what {Class.Name}.{call.Method.Name} is for");
        return await RowAsync(keys, cancellationToken).ConfigureAwait(false) is { } row
            ? await invoke(row, call, cancellationToken).ConfigureAwait(false)
            : null;
    }

    // Those with a line; known once the table is built.
    private int[] AllSlots => field ??= [.. Enumerable.Range(0, _lines.Length).Where(slot => _lines[slot] is not null)];

    private async ValueTask<TRow?> RowAsync(IReadOnlyList<string> keys, CancellationToken cancellationToken)
    {
        if (Find is not null)
        {
            return await Find(keys, cancellationToken).ConfigureAwait(false);
        }

        // CIM's names know no case but Linux's do: an exact match comes before one that differs in case.
        TRow? similar = null;
        var need = CimNeed.Of(Class, Enumerable.Range(0, _lines.Length), [.. Class.Keys.Select((k, i) => (k.Name, (CimValue)keys[i]))]);
        await foreach (var row in _rows(need, cancellationToken).ConfigureAwait(false))
        {
            switch (Compare(row, keys))
            {
                case Likeness.Exact: return row;
                case Likeness.Similar when similar is null: similar = row; break;
            }
        }

        return similar;
    }

    private CimInstance ToInstance(TRow row, int[] slots)
    {
        var instance = new CimInstance(Class);
        foreach (var slot in slots)
        {
            instance[slot] = _lines[slot]!(row);
        }

        return instance;
    }

    private Likeness Compare(TRow row, IReadOnlyList<string> keys)
    {
        var likeness = Likeness.Exact;
        for (var i = 0; i < keys.Count; i++)
        {
            var value = _lines[Class.SlotOf(Class.Keys[i].Name)]?.Invoke(row).ToString() ?? "";
            if (!value.Equals(keys[i], StringComparison.OrdinalIgnoreCase))
            {
                return Likeness.Other;
            }

            likeness = value == keys[i] ? likeness : Likeness.Similar;
        }

        return likeness;
    }

    private static async IAsyncEnumerable<TRow> Walk(IEnumerable<TRow> rows, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await ValueTask.CompletedTask.ConfigureAwait(false);
        foreach (var row in rows)
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return row;
        }
    }

    private sealed class Arrival(CimTable<TRow> table, Func<IReadOnlyList<TRow>> take, IDisposable end) : ICimArrival
    {
        public IReadOnlyList<CimInstance> Take() => [.. take().Select(row => table.ToInstance(row, table.AllSlots))];

        public void Dispose() => end.Dispose();
    }

    private enum Likeness
    {
        Other,
        Similar,
        Exact,
    }
}
