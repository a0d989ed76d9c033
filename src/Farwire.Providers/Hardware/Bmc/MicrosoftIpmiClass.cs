using Farwire.Cim.Classes;
using Farwire.Cim.Instances;
using Farwire.Ipmi;
using Farwire.Protocol.Faults;
using Farwire.Providers.Contract;

namespace Farwire.Providers.Hardware.Bmc;

/// <summary>Microsoft_IPMI: raw requests to each controller. The first byte of ResponseData repeats the completion code, as scripts expect.</summary>
internal static class MicrosoftIpmiClass
{
    private const byte MessageWaiting = 0x01;
    private const byte AttentionBit = 0x04; // SMS_ATN in the status register of KCS

    public static ICimProvider Over(CimSchema schema, Controllers controllers) => new CimTable<Controller>(schema, "Microsoft_IPMI", _ => controllers.All)
    {
        Invoke = (controller, call, token) => call.Method.Name switch
        {
            "RequestResponse" => RequestAsync(controllers, controller, call, "RequestData", token),
            "RequestResponseEx" => RequestAsync(controllers, controller, call, "Data", token),
            _ => AttentionAsync(controller, token),
        },
        ["InstanceName"] = c => c.Name,
        ["Active"] = _ => true,
        ["BMCAddress"] = _ => (uint)IpmiRequest.ControllerAddress,
    };

    private static async ValueTask<CimOutcome> RequestAsync(Controllers controllers, Controller controller, CimCall call, string dataName, CancellationToken cancellationToken)
    {
        controller.DemandRightOf(call.Caller);
        var request = new IpmiRequest((NetworkFunction)Byte("NetworkFunction", null), Byte("Command", null), Data(call[dataName]), Byte("Lun", 0))
        {
            Responder = Byte("ResponderAddress", IpmiRequest.ControllerAddress),
        };
        if (!controllers.Options.AllowDangerousRequests && IsDangerous(request))
        {
            throw FaultCatalog.AccessDenied.Fault(
                $"{controller.Name}: requests that change firmware, users or passwords, or may carry such (network function 0x{(byte)request.Function:X2}, command 0x{request.Command:X2}) are off. The service's configuration can allow them.");
        }

        if (request.IsBridged && request.Data.Length > IpmiRequest.MaxBridgedDataBytes)
        {
            throw FaultCatalog.InvalidParameter.Fault($"a request that is passed on to another controller has at most {IpmiRequest.MaxBridgedDataBytes} bytes of data.");
        }

        var response = await controller.DemandAsync((client, token) => client.RawAsync(request, token), cancellationToken).ConfigureAwait(false);
        byte[] bytes = [(byte)response.CompletionCode, .. response.Data.Span];
        return new CimOutcome(default)
        {
            Output = new Dictionary<string, CimValue>
            {
                ["CompletionCode"] = (uint)response.CompletionCode,
                ["ResponseData"] = bytes.Select(b => (uint)b).ToArray(),
                ["ResponseDataSize"] = (uint)bytes.Length,
            },
        };

        byte Byte(string name, byte? otherwise) => call[name] is { IsNull: false } value
            ? (byte)value.AsUInt64()
            : otherwise ?? throw FaultCatalog.InvalidParameter.Fault($"{call.Method.Name} needs {name}.");
    }

    // Get Message Flags: a message waits for the system.
    private static async ValueTask<CimOutcome> AttentionAsync(Controller controller, CancellationToken cancellationToken)
    {
        var flags = await controller.DemandAsync((client, token) => client.RawAsync(new IpmiRequest(NetworkFunction.Application, 0x31), token), cancellationToken).ConfigureAwait(false);
        var attention = flags.CompletionCode == CompletionCode.Ok && flags.Data.Length > 0 && (flags.Data.Span[0] & MessageWaiting) != 0;
        return new CimOutcome(default)
        {
            Output = new Dictionary<string, CimValue> { ["AttentionSet"] = attention, ["StatusRegisterValue"] = attention ? AttentionBit : 0u },
        };
    }

    // Firmware transfer; Set User Access, Set User Name, Get User Name and Set User Password.
    // Send Message would carry any of them past this look: others are reached by ResponderAddress.
    private static bool IsDangerous(IpmiRequest request) =>
        request.Function == NetworkFunction.Firmware
        || request is { Function: NetworkFunction.Application, Command: 0x34 or 0x43 or (>= 0x45 and <= 0x47) };

    private static byte[] Data(CimValue value)
    {
        var bytes = value.IsNull ? [] : value.AsArray().Select(v => (byte)v.AsUInt64()).ToArray();
        return bytes.Length <= IpmiRequest.MaxDataBytes ? bytes : throw FaultCatalog.InvalidParameter.Fault($"a request has at most {IpmiRequest.MaxDataBytes} bytes of data.");
    }
}
