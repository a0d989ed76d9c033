using Farwire.Cim.Classes;
using Farwire.Cim.Instances;
using Farwire.Providers.Contract;

namespace Farwire.Providers.Methods;

/// <summary>StdRegProv over the virtual hive; results are Windows' error codes. Nothing can be written.</summary>
internal sealed class RegistryMethods(VirtualHive hive)
{
    private const long Success = 0;
    private const long NotFound = 2;
    private const long AccessDenied = 5;
    private const ulong LocalMachine = 0x80000002;
    private const int TypeString = 1;
    private const int TypeDWord = 4;
    private const ulong AccessToRead = 0x0002_0019; // KEY_READ

    public static ICimMethods Over(CimSchema schema, VirtualHive hive)
    {
        var registry = new RegistryMethods(hive);
        return new CimMethods(schema, "StdRegProv")
        {
            ["EnumKey"] = (call, token) => registry.OnKeyAsync(call, key => CimOutcome.Of(Success, ("sNames", Texts(key.Keys))), token),
            ["EnumValues"] = (call, token) => registry.OnKeyAsync(call, Values, token),
            ["GetStringValue"] = (call, token) => registry.ValueAsync(call, "sValue", CimValueKind.String, token),
            ["GetExpandedStringValue"] = (call, token) => registry.ValueAsync(call, "sValue", CimValueKind.String, token),
            ["GetDWORDValue"] = (call, token) => registry.ValueAsync(call, "uValue", CimValueKind.Unsigned, token),
            ["GetQWORDValue"] = (call, token) => registry.ValueAsync(call, "uValue", CimValueKind.Unsigned, token),
            ["GetMultiStringValue"] = (call, token) => registry.ValueAsync(call, "sValue", CimValueKind.Array, token),
            ["GetBinaryValue"] = (call, token) => registry.ValueAsync(call, "uValue", CimValueKind.Array, token),
            ["CheckAccess"] = (call, token) => registry.OnKeyAsync(call, _ => Access(call), token),
            ["CreateKey"] = Refuse,
            ["DeleteKey"] = Refuse,
            ["DeleteValue"] = Refuse,
            ["SetStringValue"] = Refuse,
            ["SetExpandedStringValue"] = Refuse,
            ["SetDWORDValue"] = Refuse,
            ["SetQWORDValue"] = Refuse,
            ["SetMultiStringValue"] = Refuse,
            ["SetBinaryValue"] = Refuse,
        };
    }

    private static ValueTask<CimOutcome> Refuse(CimCall call, CancellationToken cancellationToken) => ValueTask.FromResult(CimOutcome.Of(AccessDenied));

    private ValueTask<CimOutcome> ValueAsync(CimCall call, string parameter, CimValueKind kind, CancellationToken cancellationToken) => OnKeyAsync(
        call,
        key =>
        {
            var name = call.Text("sValueName") ?? "";
            var value = key.Values.FirstOrDefault(v => v.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).Value;
            return value.Kind == kind ? CimOutcome.Of(Success, (parameter, value)) : CimOutcome.Of(NotFound);
        },
        cancellationToken);

    private static CimOutcome Values(HiveKey key)
    {
        var values = key.Values.Where(v => !v.Value.IsNull).ToList();
        return CimOutcome.Of(
            Success,
            ("sNames", Texts(values.Select(v => v.Name))),
            ("Types", (CimValue[])[.. values.Select(v => (CimValue)(v.Value.Kind == CimValueKind.String ? TypeString : TypeDWord))]));
    }

    private static CimOutcome Access(CimCall call)
    {
        var granted = call["uRequired"].IsNull || (call["uRequired"].AsUInt64() & ~AccessToRead) == 0;
        return CimOutcome.Of(granted ? Success : AccessDenied, ("bGranted", granted));
    }

    // Without hDefKey it is HKEY_LOCAL_MACHINE, as on Windows; there is nothing in the others.
    private async ValueTask<CimOutcome> OnKeyAsync(CimCall call, Func<HiveKey, CimOutcome> answer, CancellationToken cancellationToken)
    {
        if (!call["hDefKey"].IsNull && call["hDefKey"].AsUInt64() != LocalMachine)
        {
            return CimOutcome.Of(NotFound);
        }

        return await hive.FindAsync(call.Text("sSubKeyName") ?? "", cancellationToken).ConfigureAwait(false) is { } key ? answer(key) : CimOutcome.Of(NotFound);
    }

    private static CimValue[] Texts(IEnumerable<string> texts) => [.. texts.Select(t => (CimValue)t)];
}
