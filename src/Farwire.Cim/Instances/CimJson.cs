using System.Text.Json;
using Farwire.Cim.Classes;

namespace Farwire.Cim.Instances;

/// <summary>Writes instances as JSON: one object, properties in wire order.</summary>
/// <remarks>
/// <c>@class</c> and <c>@namespace</c> come first; integers beyond 2^53 are strings, times ISO 8601, NULL is <c>null</c>, a reference its selectors
/// as a path.
/// </remarks>
public static class CimJson
{
    private const long MaxSafeInteger = 1L << 53;

    /// <summary>Writes <paramref name="instance"/>.</summary>
    public static void Write(Utf8JsonWriter json, CimInstance instance, string? namespaceName = null)
    {
        json.WriteStartObject();
        json.WriteString("@class"u8, instance.Class.Name);
        if (namespaceName is not null)
        {
            json.WriteString("@namespace"u8, namespaceName);
        }

        for (var slot = 0; slot < instance.Class.Properties.Count; slot++)
        {
            json.WritePropertyName(instance.Class.Properties[slot].Name);
            Write(json, instance[slot]);
        }

        json.WriteEndObject();
    }

    /// <summary>Writes <paramref name="value"/>.</summary>
    public static void Write(Utf8JsonWriter json, CimValue value)
    {
        switch (value.Kind)
        {
            case CimValueKind.Null:
                json.WriteNullValue();
                break;
            case CimValueKind.Boolean:
                json.WriteBooleanValue(value.AsBoolean());
                break;
            case CimValueKind.Signed when value.AsInt64() is >= -MaxSafeInteger and <= MaxSafeInteger:
                json.WriteNumberValue(value.AsInt64());
                break;
            case CimValueKind.Unsigned when value.AsUInt64() <= MaxSafeInteger:
                json.WriteNumberValue(value.AsUInt64());
                break;
            case CimValueKind.Real when double.IsFinite(value.AsDouble()):
                json.WriteNumberValue(value.AsDouble());
                break;
            case CimValueKind.Array:
                json.WriteStartArray();
                foreach (var element in value.AsArray())
                {
                    Write(json, element);
                }

                json.WriteEndArray();
                break;
            case CimValueKind.Instance:
                Write(json, value.AsInstance());
                break;
            case CimValueKind.Reference:
                var reference = value.AsReference();
                json.WriteStringValue($"{reference.ResourceUri}?{reference.Selectors}");
                break;
            default:
                json.WriteStringValue(value.ToString());
                break;
        }
    }
}
