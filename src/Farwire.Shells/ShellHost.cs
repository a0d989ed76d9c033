using Farwire.Processes;
using Farwire.Protocol.Compression;
using Farwire.Protocol.Faults;

namespace Farwire.Shells;

/// <summary>What all shells of a service share: limits, clock, the way to start programs, and who must know of each start.</summary>
internal sealed record ShellHost(ShellOptions Options, TimeProvider Time, IProgramStarter Starter, Action Started)
{
    /// <summary>What a client sent compressed, never more of it than a shell may hold.</summary>
    public byte[] Decompressed(ReadOnlySpan<byte> stored)
    {
        try
        {
            return XpressStream.Decompress(stored, Options.MaxPendingOutputBytes);
        }
        catch (InvalidDataException e)
        {
            throw FaultCatalog.InvalidParameter.Fault(e.Message);
        }
    }
}
