using System.Collections.Concurrent;
using Farwire.Cim.Classes;
using Farwire.Cim.Instances;
using Farwire.Cim.Naming;
using Farwire.Protocol.Faults;
using Farwire.Protocol.Xml;

namespace Farwire.Providers.Contract;

/// <summary>The bodies of a method: what goes in and what comes out, as classes whose properties are the parameters.</summary>
/// <remarks>DSP0227, "Extrinsic methods": <c>Method_INPUT</c> and <c>Method_OUTPUT</c> with the parameters in the namespace of the class.</remarks>
internal static class CimMethodShapes
{
    private static readonly ConcurrentDictionary<CimMethod, (CimClass Input, CimClass Output)> Shapes = new(ReferenceEqualityComparer.Instance);

    // <p:Method_INPUT> <p:Parameter/>* </p:Method_INPUT>, in any order; nothing at all when nothing is given.
    public static CimCall Read(CimMethod method, BodyReader body)
    {
        var input = Of(method).Input;
        try
        {
            return new CimCall(method, body.HasElement ? InstanceReader.Read(body, input) : new CimInstance(input));
        }
        catch (WSManFaultException e) when (e.Fault.Code == FaultCatalog.InvalidXmlValues.Code)
        {
            throw CimError.InvalidMethodParameters(e.Fault.Particular ?? e.Message);
        }
    }

    public static CimInstance Output(CimMethod method, CimOutcome outcome)
    {
        var output = new CimInstance(Of(method).Output);
        foreach (var (name, value) in outcome.Output)
        {
            output[name] = value;
        }

        if (outcome.ReturnValue.Kind != CimValueKind.Null)
        {
            output["ReturnValue"] = outcome.ReturnValue;
        }

        return output;
    }

    public static CimClass OutputOf(CimMethod method) => Of(method).Output;

    private static (CimClass Input, CimClass Output) Of(CimMethod method) => Shapes.GetOrAdd(method, static m => (
        new CimClass(m.Name + "_INPUT", null, m.Parameters.Where(p => p.IsIn).Select(Property)),
        new CimClass(m.Name + "_OUTPUT", null, [.. m.Parameters.Where(p => p.IsOut).Select(Property), .. ReturnValue(m)])));

    private static IEnumerable<CimProperty> ReturnValue(CimMethod m) => m.ReturnType is { } type ? [new CimProperty("ReturnValue", type)] : [];

    private static CimProperty Property(CimParameter p) => new(p.Name, p.Type) { IsArray = p.IsArray, ClassName = p.ClassName };
}
