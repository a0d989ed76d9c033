using Farwire.Cim.Classes;
using Farwire.Cim.Instances;
using Farwire.Cim.Naming;
using Farwire.Protocol.Faults;
using Farwire.Protocol.Xml;

namespace Farwire.Providers.Contract;

/// <summary>The bodies of a method: what goes in and what comes out, read and written.</summary>
/// <remarks>DSP0227, "Extrinsic methods": <c>Method_INPUT</c> and <c>Method_OUTPUT</c> with the parameters in the namespace of the class.</remarks>
internal static class CimMethodShapes
{
    // <p:Method_INPUT> <p:Parameter/>* </p:Method_INPUT>, in any order; nothing at all when nothing is given.
    public static CimCall Read(CimMethod method, BodyReader body)
    {
        var input = CimMethodShape.Of(method).Input;
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
        var output = new CimInstance(CimMethodShape.Of(method).Output);
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
}
