namespace Farwire.Collector.Ec;

/// <summary>What kind of value a variant holds.</summary>
/// <remarks>Windows Event Collector, "EC_VARIANT_TYPE". Bit 0x80 says that it is an array of the kind below.</remarks>
[Flags]
public enum EcVariantType
{
    /// <summary>Nothing.</summary>
    Null = 0,

    /// <summary>True or false.</summary>
    Boolean = 1,

    /// <summary>A number.</summary>
    UInt32 = 2,

    /// <summary>A time, UTC.</summary>
    DateTime = 3,

    /// <summary>Text.</summary>
    String = 4,

    /// <summary>An array of objects with properties of their own.</summary>
    ObjectArrayPropertyHandle = 5,

    /// <summary>The kinds, without the bit for arrays.</summary>
    TypeMask = 0x7F,

    /// <summary>An array.</summary>
    Array = 0x80,
}

/// <summary>A value of one of several kinds.</summary>
/// <remarks>Windows Event Collector, "EC_VARIANT".</remarks>
public readonly record struct EcVariant
{
    private readonly object? _value;

    private EcVariant(EcVariantType type, object? value) => (Type, _value) = (type, value);

    /// <summary>No value.</summary>
    public static EcVariant Null => default;

    /// <summary>The kind.</summary>
    public EcVariantType Type { get; }

    /// <summary>How many values it holds: of an array its elements, else one, or none.</summary>
    public int Count => _value is IReadOnlyCollection<string> array ? array.Count : _value is null ? 0 : 1;

    /// <summary>True or false.</summary>
    public static EcVariant Of(bool value) => new(EcVariantType.Boolean, value);

    /// <summary>A number.</summary>
    public static EcVariant Of(uint value) => new(EcVariantType.UInt32, value);

    /// <summary>A time; null is no value.</summary>
    public static EcVariant Of(DateTime? value) => value is { } time ? new(EcVariantType.DateTime, time.ToUniversalTime()) : Null;

    /// <summary>Text; null is no value.</summary>
    public static EcVariant Of(string? value) => value is null ? Null : new(EcVariantType.String, value);

    /// <summary>Texts.</summary>
    public static EcVariant Of(IReadOnlyList<string> values) => new(EcVariantType.String | EcVariantType.Array, values);

    /// <summary>An array of objects.</summary>
    public static EcVariant Of(EcObjectArray array) => new(EcVariantType.ObjectArrayPropertyHandle, array);

    /// <summary>The value as true or false.</summary>
    /// <exception cref="EcException">It is of another kind.</exception>
    public bool AsBoolean() => As<bool>();

    /// <summary>The value as a number.</summary>
    /// <exception cref="EcException">It is of another kind.</exception>
    public uint AsUInt32() => As<uint>();

    /// <summary>The value as a time; null when there is none.</summary>
    /// <exception cref="EcException">It is of another kind.</exception>
    public DateTime? AsDateTime() => Type == EcVariantType.Null ? null : As<DateTime>();

    /// <summary>The value as text; null when there is none.</summary>
    /// <exception cref="EcException">It is of another kind.</exception>
    public string? AsString() => Type == EcVariantType.Null ? null : As<string>();

    /// <summary>The value as texts.</summary>
    /// <exception cref="EcException">It is of another kind.</exception>
    public IReadOnlyList<string> AsStrings() => As<IReadOnlyList<string>>();

    /// <summary>The value as an array of objects.</summary>
    /// <exception cref="EcException">It is of another kind.</exception>
    public EcObjectArray AsObjectArray() => As<EcObjectArray>();

    /// <inheritdoc/>
    public override string ToString() => _value switch
    {
        IReadOnlyList<string> texts => string.Join(", ", texts),
        DateTime time => time.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", System.Globalization.CultureInfo.InvariantCulture),
        var value => Convert.ToString(value, System.Globalization.CultureInfo.InvariantCulture) ?? "",
    };

    private T As<T>() => _value is T value ? value : throw new EcException(EcException.InvalidData, $"The value is {Type}, not {typeof(T).Name}.");
}
