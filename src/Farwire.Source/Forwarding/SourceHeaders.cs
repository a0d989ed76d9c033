using Farwire.Protocol.Addressing;
using Farwire.Protocol.Envelope;

namespace Farwire.Source.Forwarding;

/// <summary>What every message of a source to its collector begins with.</summary>
internal static class SourceHeaders
{
    public static MessageHeaders Of(string to, string action, string machineId, string operation) => new()
    {
        To = to,
        Action = action,
        MessageId = Uuid.Format(Guid.NewGuid()),
        MaxEnvelopeSize = 512_000,
        OperationTimeout = TimeSpan.FromSeconds(60),
        MachineId = machineId,
        Locale = "en-US",
        DataLocale = "en-US",
        OperationId = operation,
        SequenceId = 1,
    };
}
