using Farwire.Client;
using Farwire.Protocol.Shell;

namespace Farwire.CommandLine.Run;

/// <summary>What is done on each of the hosts.</summary>
internal interface IHostWork
{
    /// <summary>Does it and answers its code, all 32 bits; <paramref name="heard"/> is told each piece of output as it comes.</summary>
    Task<int> RunAsync(WSManClient client, Action<StreamData> heard, CancellationToken cancellationToken);
}
