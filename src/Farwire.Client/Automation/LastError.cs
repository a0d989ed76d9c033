using System.Text;
using Farwire.Client.Connection;
using Farwire.Protocol.Faults;
using Farwire.Protocol.Names;
using Farwire.Protocol.Xml;

namespace Farwire.Client.Automation;

/// <summary>The last failure of an automation object: <c>f:WSManFault</c>, whatever failed.</summary>
/// <remarks>WinRM documentation, "Session.Error property".</remarks>
internal sealed class LastError
{
    private const uint InvalidArgument = 0x80070057;
    private const uint IllegalMethodCall = 0x8000000E;
    private const uint Win32Facility = 0x80070000;

    /// <summary>Empty when the last call went well.</summary>
    public string Xml { get; private set; } = "";

    /// <summary>Does <paramref name="operation"/>, and takes note of its failure on the way to the caller.</summary>
    public T Keep<T>(Func<T> operation)
    {
        Xml = "";
        try
        {
            return operation();
        }
        catch (Exception e)
        {
            var fault = FaultOf(e);
            Xml = Written(fault);
            e.HResult = unchecked((int)(fault.Code <= ushort.MaxValue ? Win32Facility | fault.Code : fault.Code)); // as HRESULT_FROM_WIN32
            throw;
        }
    }

    private static WSManFault FaultOf(Exception e) => e switch
    {
        WSManFaultException refused => refused.Fault,
        WSManTransportException broken => Make(broken.ErrorCode, $"{broken.Message} {broken.Fix}"),
        ArgumentException => Make(InvalidArgument, e.Message),
        _ => Make(IllegalMethodCall, e.Message),
    };

    private static WSManFault Make(uint code, string message) =>
        new() { SoapCode = "s:Sender", Action = Actions.WSManFault, Code = code, Reason = message, Machine = Environment.MachineName };

    private static string Written(WSManFault fault)
    {
        using var xml = new XmlUtf8Writer();
        fault.WriteWSManFault(xml);
        return Encoding.UTF8.GetString(xml.Written.Span);
    }
}
