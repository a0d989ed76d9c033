using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Farwire.Protocol.Addressing;

namespace Farwire.Cim.Instances;

/// <summary>What a <see cref="CimValue"/> holds. Integers of all widths are <see cref="Signed"/> or <see cref="Unsigned"/>.</summary>
[SuppressMessage("Naming", "CA1720", Justification = "The kinds are CIM's data types.")]
public enum CimValueKind : byte
{
    /// <summary>NULL.</summary>
    Null,

    /// <summary>True or false.</summary>
    Boolean,

    /// <summary>A signed integer.</summary>
    Signed,

    /// <summary>An unsigned integer.</summary>
    Unsigned,

    /// <summary>A real number.</summary>
    Real,

    /// <summary>Text.</summary>
    String,

    /// <summary>A point in time or an interval.</summary>
    DateTime,

    /// <summary>A reference.</summary>
    Reference,

    /// <summary>An embedded instance.</summary>
    Instance,

    /// <summary>Several values.</summary>
    Array,
}

/// <summary>A value of a property: NULL, a scalar without boxing, a reference, an embedded instance, or an array of values.</summary>
/// <remarks>DSP0004, "Data types". The default is NULL.</remarks>
[SuppressMessage("Usage", "CA2225", Justification = "Values come from C# literals; the As… methods lead back.")]
public readonly struct CimValue : IEquatable<CimValue>
{
    private readonly object? _object;
    private readonly long _bits;
    private readonly short _offset; // of a time, in minutes; fits into the padding

    private CimValue(CimValueKind kind, long bits, object? value = null, short offset = 0)
    {
        Kind = kind;
        _bits = bits;
        _object = value;
        _offset = offset;
    }

    /// <summary>What the value is.</summary>
    public CimValueKind Kind { get; }

    /// <summary>No value at all; differs from an empty string and from an empty array.</summary>
    public bool IsNull => Kind == CimValueKind.Null;

    /// <summary>A truth.</summary>
    public static implicit operator CimValue(bool value) => new(CimValueKind.Boolean, value ? 1 : 0);

    /// <summary>An integer.</summary>
    public static implicit operator CimValue(long value) => new(CimValueKind.Signed, value);

    /// <summary>An integer.</summary>
    public static implicit operator CimValue(int value) => new(CimValueKind.Signed, value);

    /// <summary>An integer.</summary>
    public static implicit operator CimValue(uint value) => new(CimValueKind.Unsigned, value);

    /// <summary>An integer.</summary>
    public static implicit operator CimValue(ulong value) => new(CimValueKind.Unsigned, unchecked((long)value));

    /// <summary>A real number.</summary>
    public static implicit operator CimValue(double value) => new(CimValueKind.Real, BitConverter.DoubleToInt64Bits(value));

    /// <summary>Text; null is NULL.</summary>
    public static implicit operator CimValue(string? value) => value is null ? default : new(CimValueKind.String, 0, value);

    /// <summary>A time.</summary>
    public static implicit operator CimValue(CimDateTime value) =>
        new(CimValueKind.DateTime, value.Ticks, value.IsInterval ? IntervalMark : null, value.OffsetMinutes);

    /// <summary>A truth; null is NULL.</summary>
    public static implicit operator CimValue(bool? value) => value is { } known ? known : default(CimValue);

    /// <summary>An integer; null is NULL.</summary>
    public static implicit operator CimValue(long? value) => value is { } known ? known : default(CimValue);

    /// <summary>An integer; null is NULL.</summary>
    public static implicit operator CimValue(int? value) => value is { } known ? known : default(CimValue);

    /// <summary>An integer; null is NULL.</summary>
    public static implicit operator CimValue(uint? value) => value is { } known ? known : default(CimValue);

    /// <summary>An integer; null is NULL.</summary>
    public static implicit operator CimValue(ulong? value) => value is { } known ? known : default(CimValue);

    /// <summary>A time; null is NULL.</summary>
    public static implicit operator CimValue(CimDateTime? value) => value is { } known ? known : default(CimValue);

    /// <summary>A reference; null is NULL.</summary>
    public static implicit operator CimValue(EndpointReference? value) => value is null ? default : new(CimValueKind.Reference, 0, value);

    /// <summary>An embedded instance; null is NULL.</summary>
    public static implicit operator CimValue(CimInstance? value) => value is null ? default : new(CimValueKind.Instance, 0, value);

    /// <summary>An array; null is NULL.</summary>
    public static implicit operator CimValue(CimValue[]? values) => values is null ? default : new(CimValueKind.Array, 0, values);

    /// <summary>An array of texts; null is NULL.</summary>
    public static implicit operator CimValue(string[]? values) =>
        values is null ? default : new(CimValueKind.Array, 0, Array.ConvertAll(values, v => (CimValue)v));

    /// <summary>An array of integers; null is NULL.</summary>
    public static implicit operator CimValue(uint[]? values) =>
        values is null ? default : new(CimValueKind.Array, 0, Array.ConvertAll(values, v => (CimValue)v));

    /// <summary>The truth.</summary>
    public bool AsBoolean() => Kind == CimValueKind.Boolean ? _bits != 0 : throw Wrong("a boolean");

    /// <summary>The integer; fails outside its range.</summary>
    public long AsInt64() => Kind switch
    {
        CimValueKind.Signed => _bits,
        CimValueKind.Unsigned => checked((long)unchecked((ulong)_bits)),
        _ => throw Wrong("an integer"),
    };

    /// <summary>The integer; fails below zero.</summary>
    public ulong AsUInt64() => Kind switch
    {
        CimValueKind.Signed => checked((ulong)_bits),
        CimValueKind.Unsigned => unchecked((ulong)_bits),
        _ => throw Wrong("an integer"),
    };

    /// <summary>The number, of any kind.</summary>
    public double AsDouble() => Kind switch
    {
        CimValueKind.Real => BitConverter.Int64BitsToDouble(_bits),
        CimValueKind.Signed => _bits,
        CimValueKind.Unsigned => unchecked((ulong)_bits),
        _ => throw Wrong("a number"),
    };

    /// <summary>The text.</summary>
    public string AsString() => Kind == CimValueKind.String ? (string)_object! : throw Wrong("text");

    /// <summary>The time.</summary>
    public CimDateTime AsDateTime() => Kind == CimValueKind.DateTime ? new CimDateTime(_bits, _offset, _object is not null) : throw Wrong("a time");

    /// <summary>The reference.</summary>
    public EndpointReference AsReference() => Kind == CimValueKind.Reference ? (EndpointReference)_object! : throw Wrong("a reference");

    /// <summary>The embedded instance.</summary>
    public CimInstance AsInstance() => Kind == CimValueKind.Instance ? (CimInstance)_object! : throw Wrong("an instance");

    /// <summary>The values of an array; one value stands for an array of it, NULL for none.</summary>
    public IReadOnlyList<CimValue> AsArray() => Kind switch
    {
        CimValueKind.Array => (CimValue[])_object!,
        CimValueKind.Null => [],
        _ => [this],
    };

    internal ReadOnlySpan<CimValue> Elements => (CimValue[])_object!;

    /// <summary>How the number compares with <paramref name="number"/>; false for NULL, which compares with nothing.</summary>
    internal bool TryCompare(long number, out int order)
    {
        switch (Kind)
        {
            case CimValueKind.Signed:
                order = _bits.CompareTo(number);
                return true;
            case CimValueKind.Unsigned:
                order = _bits < 0 ? 1 : _bits.CompareTo(number); // beyond what a long holds it is larger than any
                return true;
            case CimValueKind.Null:
                order = 0;
                return false;
            default:
                order = AsDouble().CompareTo(number);
                return true;
        }
    }

    /// <summary>Equal in kind and content; integers are equal by value, whatever their kind.</summary>
    public bool Equals(CimValue other)
    {
        if (Kind != other.Kind)
        {
            return Kind is CimValueKind.Signed or CimValueKind.Unsigned && other.Kind is CimValueKind.Signed or CimValueKind.Unsigned
                && _bits == other._bits && _bits >= 0;
        }

        return Kind switch
        {
            CimValueKind.Array => Elements.SequenceEqual(other.Elements),
            CimValueKind.DateTime => AsDateTime().Equals(other.AsDateTime()),
            _ => _bits == other._bits && Equals(_object, other._object),
        };
    }

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is CimValue other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => Kind == CimValueKind.Array ? Elements.Length : HashCode.Combine(_bits, _object);

    /// <summary>Equal.</summary>
    public static bool operator ==(CimValue left, CimValue right) => left.Equals(right);

    /// <summary>Not equal.</summary>
    public static bool operator !=(CimValue left, CimValue right) => !left.Equals(right);

    /// <summary>The value as WS-CIM writes it; arrays as <c>{a, b}</c>, NULL as the empty text.</summary>
    public override string ToString() => Kind switch
    {
        CimValueKind.Null => "",
        CimValueKind.Boolean => _bits != 0 ? "true" : "false",
        CimValueKind.Signed => _bits.ToString(CultureInfo.InvariantCulture),
        CimValueKind.Unsigned => unchecked((ulong)_bits).ToString(CultureInfo.InvariantCulture),
        CimValueKind.Real => CimReal.Format(AsDouble()),
        CimValueKind.DateTime => AsDateTime().ToString(),
        CimValueKind.Reference => Naming.CimObjectPath.Of(AsReference())?.ToString() ?? AsReference().Address,
        CimValueKind.Array => "{" + string.Join(", ", AsArray()) + "}",
        _ => _object!.ToString()!,
    };

    private static readonly object IntervalMark = new();

    private InvalidOperationException Wrong(string wanted) => new($"The value is {Kind}, not {wanted}.");
}

/// <summary>Real numbers as XML Schema writes them.</summary>
internal static class CimReal
{
    public static string Format(double value) => value switch
    {
        double.PositiveInfinity => "INF",
        double.NegativeInfinity => "-INF",
        _ => value.ToString("R", CultureInfo.InvariantCulture),
    };

    public static bool TryParse(string text, out double value)
    {
        switch (text)
        {
            case "INF": value = double.PositiveInfinity; return true;
            case "-INF": value = double.NegativeInfinity; return true;
            default: return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value);
        }
    }
}
