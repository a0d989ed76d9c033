using Farwire.Cim.Classes;
using Farwire.Cim.Instances;

namespace Farwire.Cim.Wql;

/// <summary>A query made ready for one class: names are slots, constants have the types of their properties.</summary>
public sealed class WqlFilter
{
    private readonly Func<CimInstance, bool>? _test;

    /// <summary>Makes <paramref name="query"/> ready for instances of exactly <paramref name="cimClass"/>: derived classes have slots of their own.</summary>
    /// <exception cref="WqlException">The class has no such property, or a constant does not fit one.</exception>
    public WqlFilter(WqlQuery query, CimClass cimClass)
    {
        var needed = new SortedSet<int>();
        var names = query.Properties.Select(name => WithoutClass(name, query.ClassName)).ToList();
        SelectedSystem = [.. names.Where(IsSystem).Select(KnownSystem).Distinct(StringComparer.OrdinalIgnoreCase)];
        Selected = [.. names.Where(name => !IsSystem(name)).Select(name => Slot(cimClass, Head(name))).Distinct().Order()];
        needed.UnionWith(query.IsWhole ? Enumerable.Range(0, cimClass.Properties.Count) : Selected);
        _test = query.Where is null ? null : Compile(query.Where, cimClass, needed);
        Needed = [.. needed];
        Equalities = query.Where is null ? [] : [.. EqualitiesOf(query.Where)];
        LowerBounds = query.Where is null ? [] : [.. LowerBoundsOf(query.Where)];
    }

    /// <summary>The slots after SELECT, in wire order; empty for <c>*</c>.</summary>
    public IReadOnlyList<int> Selected { get; }

    /// <summary>The system properties after SELECT.</summary>
    public IReadOnlyList<string> SelectedSystem { get; }

    /// <summary>The slots that must have their values for answer and test.</summary>
    public IReadOnlyList<int> Needed { get; }

    /// <summary>What every match has in common: property and value, from the conjunction at the top.</summary>
    public IReadOnlyList<(string Property, CimValue Value)> Equalities { get; }

    /// <summary>What no match lies below: property and value, from the conjunction at the top.</summary>
    public IReadOnlyList<(string Property, CimValue Value)> LowerBounds { get; }

    /// <summary>True when the instance meets the condition.</summary>
    public bool Matches(CimInstance instance) => _test?.Invoke(instance) ?? true;

    private static IEnumerable<(string, CimValue)> EqualitiesOf(WqlCondition condition) => condition switch
    {
        WqlAnd and => EqualitiesOf(and.Left).Concat(EqualitiesOf(and.Right)),
        WqlComparison { Operator: WqlOperator.Equal } equal => [(equal.Property, equal.Constant)],
        _ => [],
    };

    private static IEnumerable<(string, CimValue)> LowerBoundsOf(WqlCondition condition) => condition switch
    {
        WqlAnd and => LowerBoundsOf(and.Left).Concat(LowerBoundsOf(and.Right)),
        WqlComparison { Operator: WqlOperator.Greater or WqlOperator.GreaterOrEqual } bound => [(bound.Property, bound.Constant)],
        _ => [],
    };

    private static Func<CimInstance, bool> Compile(WqlCondition condition, CimClass cimClass, SortedSet<int> needed)
    {
        switch (condition)
        {
            case WqlAnd and:
                var (andLeft, andRight) = (Compile(and.Left, cimClass, needed), Compile(and.Right, cimClass, needed));
                return i => andLeft(i) && andRight(i);
            case WqlOr or:
                var (orLeft, orRight) = (Compile(or.Left, cimClass, needed), Compile(or.Right, cimClass, needed));
                return i => orLeft(i) || orRight(i);
            case WqlNot not:
                var inner = Compile(not.Inner, cimClass, needed);
                return i => !inner(i);
            case WqlIsNull isNull when IsSystem(isNull.Property):
                return _ => false;
            case WqlIsNull isNull when IsPath(isNull.Property):
                var nullPath = ValueAt(isNull.Property);
                return i => nullPath(i).IsNull;
            case WqlIsNull isNull:
                var nullSlot = Need(isNull.Property);
                return i => i[nullSlot].IsNull;
            case WqlLike like:
                var pattern = new LikePattern(like.Pattern);
                var text = TextOf(like.Property);
                return i => text(i) is { } value && pattern.Matches(value);
            case WqlIsA { Property: var property, ClassName: var name } when property.Equals("__this", StringComparison.OrdinalIgnoreCase):
                return i => i.Class.IsA(name);
            case WqlIsA isA:
                var embedded = ValueAt(isA.Property);
                return i => embedded(i) is { Kind: CimValueKind.Instance } value && value.AsInstance().Class.IsA(isA.ClassName);
            case WqlComparison comparison when IsSystem(comparison.Property):
                var system = TextOf(comparison.Property);
                var wanted = comparison.Constant.ToString();
                return i => Decide(string.Compare(system(i), wanted, StringComparison.OrdinalIgnoreCase), comparison.Operator);
            case WqlComparison comparison when IsPath(comparison.Property):
                var inside = ValueAt(comparison.Property);
                return i => ComparesAs(inside(i), comparison.Operator, comparison.Constant);
            case WqlComparison comparison:
                return Comparison(comparison, cimClass.Properties[Need(comparison.Property)], Slot(cimClass, comparison.Property));
            default:
                throw new InvalidOperationException($"Unknown condition {condition}.");
        }

        int Need(string name)
        {
            var slot = Slot(cimClass, name);
            needed.Add(slot);
            return slot;
        }

        Func<CimInstance, string?> TextOf(string name)
        {
            if (IsSystem(name))
            {
                var system = SystemProperties.TryFind(name, out var known) && !name.Equals("__DERIVATION", StringComparison.OrdinalIgnoreCase)
                    ? known
                    : throw new WqlException($"'{name}' cannot be used in a condition", 1);
                return i => system(i, "").ToString();
            }

            var at = ValueAt(name);
            return i => at(i) is { IsNull: false } value ? value.ToString() : null;
        }

        // The way into embedded instances. What one of them has not makes no match, and no error.
        Func<CimInstance, CimValue> ValueAt(string name)
        {
            if (!IsPath(name))
            {
                var slot = Need(name);
                return i => i[slot];
            }

            var steps = name.Split('.');
            var first = Need(steps[0]);
            return i =>
            {
                var value = i[first];
                for (var step = 1; step < steps.Length; step++)
                {
                    if (value.Kind != CimValueKind.Instance)
                    {
                        return default;
                    }

                    value = SystemProperties.TryFind(steps[step], out var system) ? system(value.AsInstance(), "") : value.AsInstance()[steps[step]];
                }

                return value;
            };
        }
    }

    // A value whose type only the instance at hand tells.
    private static bool ComparesAs(CimValue value, WqlOperator op, CimValue constant)
    {
        switch (value.Kind)
        {
            case CimValueKind.Null or CimValueKind.Array or CimValueKind.Instance:
                return false;
            case CimValueKind.Boolean:
                return Truth(constant) is { } truth && (value.AsBoolean() == truth) switch
                {
                    var same => op == WqlOperator.Equal ? same : op == WqlOperator.NotEqual && !same,
                };
            case CimValueKind.DateTime:
                return TryTime(constant.ToString(), out var time) && Decide(value.AsDateTime().CompareTo(time), op);
            case CimValueKind.Signed or CimValueKind.Unsigned or CimValueKind.Real:
                return CimReal.TryParse(constant.ToString(), out var number) && Decide(value.AsDouble().CompareTo(number), op);
            default:
                return Decide(string.Compare(value.ToString(), constant.ToString(), StringComparison.OrdinalIgnoreCase), op);
        }
    }

    private static Func<CimInstance, bool> Comparison(WqlComparison comparison, CimProperty property, int slot)
    {
        if (property.IsArray || property.Type is CimType.Reference or CimType.Instance)
        {
            throw new WqlException($"'{property.Name}' cannot be compared: it is an array, a reference or an instance", 1);
        }

        var op = comparison.Operator;
        if (property.Type == CimType.Boolean)
        {
            if (op is not (WqlOperator.Equal or WqlOperator.NotEqual))
            {
                throw new WqlException($"'{property.Name}' is a boolean: only = and <> apply", 1);
            }

            var truth = Truth(comparison.Constant) ?? throw Misfit(comparison, property);
            return i => !i[slot].IsNull && (i[slot].AsBoolean() == truth) == (op == WqlOperator.Equal);
        }

        if (property.Type == CimType.DateTime)
        {
            if (comparison.Constant.Kind != CimValueKind.String || !TryTime(comparison.Constant.AsString(), out var time))
            {
                throw Misfit(comparison, property);
            }

            return i => !i[slot].IsNull && Decide(i[slot].AsDateTime().CompareTo(time), op);
        }

        if (property.Type.IsInteger() || property.Type is CimType.Real32 or CimType.Real64 or CimType.Char16)
        {
            return NumberComparison(comparison, property, slot);
        }

        var text = comparison.Constant.ToString();
        return i => !i[slot].IsNull && Decide(string.Compare(i[slot].ToString(), text, StringComparison.OrdinalIgnoreCase), op);
    }

    private static Func<CimInstance, bool> NumberComparison(WqlComparison comparison, CimProperty property, int slot)
    {
        var op = comparison.Operator;
        if (comparison.Constant.Kind is CimValueKind.Boolean)
        {
            throw Misfit(comparison, property);
        }

        // Numbers in quotes count as numbers: tools write them so.
        var text = comparison.Constant.ToString();
        if (Int128.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, out var whole))
        {
            return whole >= long.MinValue && whole <= long.MaxValue ? Comparison(slot, op, (long)whole) : i => !i[slot].IsNull && Decide(Compare(i[slot], whole), op);
        }

        if (!CimReal.TryParse(text, out var real))
        {
            throw Misfit(comparison, property);
        }

        return i => !i[slot].IsNull && Decide(i[slot].AsDouble().CompareTo(real), op);
    }

    // The usual numbers, each comparison with a test of its own: over many instances nothing is decided twice.
    private static Func<CimInstance, bool> Comparison(int slot, WqlOperator op, long number) => op switch
    {
        WqlOperator.Equal => i => i.At(slot).TryCompare(number, out var order) && order == 0,
        WqlOperator.NotEqual => i => i.At(slot).TryCompare(number, out var order) && order != 0,
        WqlOperator.Less => i => i.At(slot).TryCompare(number, out var order) && order < 0,
        WqlOperator.LessOrEqual => i => i.At(slot).TryCompare(number, out var order) && order <= 0,
        WqlOperator.Greater => i => i.At(slot).TryCompare(number, out var order) && order > 0,
        _ => i => i.At(slot).TryCompare(number, out var order) && order >= 0,
    };

    private static int Compare(CimValue value, Int128 number) => value.Kind switch
    {
        CimValueKind.Signed => ((Int128)value.AsInt64()).CompareTo(number),
        CimValueKind.Unsigned => ((Int128)value.AsUInt64()).CompareTo(number),
        _ => value.AsDouble().CompareTo((double)number),
    };

    private static bool Decide(int order, WqlOperator op) => op switch
    {
        WqlOperator.Equal => order == 0,
        WqlOperator.NotEqual => order != 0,
        WqlOperator.Less => order < 0,
        WqlOperator.LessOrEqual => order <= 0,
        WqlOperator.Greater => order > 0,
        _ => order >= 0,
    };

    private static bool? Truth(CimValue constant) => constant.Kind switch
    {
        CimValueKind.Boolean => constant.AsBoolean(),
        CimValueKind.Unsigned or CimValueKind.Signed => constant.AsInt64() != 0,
        CimValueKind.String when InstanceReader.TryParse(constant.AsString(), CimType.Boolean, out var value) => value.AsBoolean(),
        _ => null,
    };

    // The DMTF form, the ISO-like forms, yyyymmdd, and as documented default mm/dd/yyyy.
    private static bool TryTime(string text, out CimDateTime time)
    {
        if (CimDateTime.TryParse(text, out time))
        {
            return true;
        }

        string[] forms = ["yyyy-MM-dd HH:mm:ss:fff", "yyyy-MM-dd HH:mm:ss", "yyyy-MM-dd", "yyyyMMdd", "MM/dd/yyyy", "M/d/yyyy"];
        var parsed = DateTime.TryParseExact(
            text.Trim(), forms, System.Globalization.CultureInfo.InvariantCulture,
            System.Globalization.DateTimeStyles.AssumeUniversal | System.Globalization.DateTimeStyles.AdjustToUniversal, out var plain);
        time = parsed ? new CimDateTime(new DateTimeOffset(plain, TimeSpan.Zero)) : default;
        return parsed;
    }

    private static bool IsSystem(string name) => SystemProperties.IsSystem(name);

    private static bool IsPath(string name) => name.Contains('.', StringComparison.Ordinal);

    private static string Head(string name) => name.IndexOf('.', StringComparison.Ordinal) is > 0 and var dot ? name[..dot] : name;

    // "Class.Property" is the same as "Property".
    private static string WithoutClass(string name, string className) =>
        name.Length > className.Length + 1 && name[className.Length] == '.' && name.StartsWith(className, StringComparison.OrdinalIgnoreCase)
            ? name[(className.Length + 1)..]
            : name;

    private static string KnownSystem(string name) =>
        SystemProperties.TryFind(name, out _) ? name : throw new WqlException($"'{name}' is no system property", 1);

    private static int Slot(CimClass cimClass, string name) => cimClass.SlotOf(name) is >= 0 and var slot
        ? slot
        : throw new WqlException($"{cimClass.Name} has no property '{name}'", 1);

    private static WqlException Misfit(WqlComparison comparison, CimProperty property) =>
        new($"'{comparison.Constant}' cannot be compared with {property.Name}, a {property.Type.MofName()}", 1);
}
