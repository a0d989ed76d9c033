using System.Buffers;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Farwire.Cim.Classes;
using Farwire.Cim.Instances;
using Farwire.Cim.Naming;
using Farwire.Processes;
using Farwire.Providers.Contract;

namespace Farwire.Providers.Programs;

/// <summary>A class whose instances a program knows, named by the class's qualifier Provider.</summary>
/// <remarks>The questions: <c>enumerate</c>, <c>put</c>, <c>invoke</c>; docs/guides/cim.md has them with examples.</remarks>
internal sealed class ProgramProvider(CimClass cimClass, string namespaceName, ProgramRun program) : ICimPut, ICimMethods
{
    public CimClass Class => cimClass;

    /// <summary>The provider of <paramref name="cimClass"/>; null when it names no program.</summary>
    public static ProgramProvider? Of(CimClass cimClass, string namespaceName, IProgramStarter starter, TimeSpan patience, TimeProvider time) =>
        cimClass.Qualifiers["Provider"] is { Kind: CimValueKind.String } line && Methods.CommandWords.Split(line.AsString()) is { Count: > 0 } words
            ? new ProgramProvider(cimClass, namespaceName, new ProgramRun(words, starter, patience, time))
            : null;

    public bool Knows(string method) => cimClass.Method(method) is not null;

    public async IAsyncEnumerable<CimInstance> EnumerateAsync(CimNeed need, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var question = Question("enumerate", json =>
        {
            json.WriteStartArray("properties");
            foreach (var property in cimClass.Properties.Where((_, slot) => need.Needs(slot)))
            {
                json.WriteStringValue(property.Name);
            }

            json.WriteEndArray();
            json.WriteStartObject("equal");
            foreach (var (property, value) in need.Equalities.DistinctBy(e => e.Property.ToUpperInvariant()))
            {
                json.WriteString(property, value.ToString());
            }

            json.WriteEndObject();
        });
        await foreach (var answer in program.AskAsync(question, cancellationToken).ConfigureAwait(false))
        {
            yield return Read(answer, cimClass);
        }
    }

    public async ValueTask<CimInstance?> GetAsync(IReadOnlyList<string> keys, CancellationToken cancellationToken)
    {
        var need = CimNeed.Of(cimClass, Enumerable.Range(0, cimClass.Properties.Count), [.. cimClass.Keys.Select((k, i) => (k.Name, (CimValue)keys[i]))]);
        await foreach (var instance in EnumerateAsync(need, cancellationToken).ConfigureAwait(false))
        {
            if (cimClass.Keys.Select((k, i) => instance[k.Name].ToString().Equals(keys[i], StringComparison.OrdinalIgnoreCase)).All(same => same))
            {
                return instance;
            }
        }

        return null;
    }

    public async ValueTask<CimInstance?> PutAsync(IReadOnlyList<string> keys, CimChanges changes, CancellationToken cancellationToken)
    {
        var question = Question("put", json =>
        {
            WriteKeys(json, keys);
            json.WriteString("caller", changes.Caller.Name);
            json.WriteStartObject("changes");
            foreach (var name in changes.Names)
            {
                json.WritePropertyName(name);
                CimJson.Write(json, changes[name]);
            }

            json.WriteEndObject();
        });
        await foreach (var _ in program.AskAsync(question, cancellationToken).ConfigureAwait(false))
        {
            // What it says is not needed: that it ends well is the answer.
        }

        return await GetAsync(keys, cancellationToken).ConfigureAwait(false);
    }

    public async ValueTask<CimOutcome> InvokeAsync(CimCall call, CancellationToken cancellationToken)
    {
        var question = Question("invoke", json =>
        {
            json.WriteString("method", call.Method.Name);
            json.WriteString("caller", call.Caller.Name);
            if (call.Target is { } target)
            {
                WriteKeys(json, [.. cimClass.Keys.Select(k => target[k.Name].ToString())]);
            }

            json.WriteStartObject("arguments");
            foreach (var parameter in call.Arguments.Class.Properties)
            {
                json.WritePropertyName(parameter.Name);
                CimJson.Write(json, call[parameter.Name]);
            }

            json.WriteEndObject();
        });
        await foreach (var answer in program.AskAsync(question, cancellationToken).ConfigureAwait(false))
        {
            var output = Read(answer, CimMethodShape.Of(call.Method).Output);
            return new CimOutcome(output["ReturnValue"])
            {
                Output = output.Class.Properties.Where(p => p.Name != "ReturnValue" && !output[p.Name].IsNull).ToDictionary(p => p.Name, p => output[p.Name]),
            };
        }

        throw CimError.ProviderFailure($"the program of {cimClass.Name} did not answer {call.Method.Name}");
    }

    private byte[] Question(string operation, Action<Utf8JsonWriter> rest)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("operation", operation);
            json.WriteString("namespace", namespaceName);
            json.WriteString("class", cimClass.Name);
            rest(json);
            json.WriteEndObject();
        }

        buffer.Write("\n"u8);
        return buffer.WrittenSpan.ToArray();
    }

    private void WriteKeys(Utf8JsonWriter json, IReadOnlyList<string> keys)
    {
        json.WriteStartObject("keys");
        for (var i = 0; i < keys.Count; i++)
        {
            json.WriteString(cimClass.Keys[i].Name, keys[i]);
        }

        json.WriteEndObject();
    }

    private static CimInstance Read(JsonElement answer, CimClass shape)
    {
        var instance = new CimInstance(shape);
        foreach (var member in answer.EnumerateObject())
        {
            var property = shape.Property(member.Name) ?? throw CimError.ProviderFailure($"the program answered '{member.Name}', which {shape.Name} has not");
            instance[property.Name] = property.IsArray && member.Value.ValueKind == JsonValueKind.Array
                ? (CimValue[])[.. member.Value.EnumerateArray().Select(e => Value(e, property))]
                : Value(member.Value, property);
        }

        return instance;
    }

    private static CimValue Value(JsonElement element, CimProperty property) => element.ValueKind switch
    {
        JsonValueKind.Null => default,
        _ when InstanceReader.TryParse(element.ToString(), property.Type, out var value) => value,
        _ => throw CimError.ProviderFailure($"the program answered {element.GetRawText()} for {property.Name}, a {property.Type.MofName()}"),
    };
}
