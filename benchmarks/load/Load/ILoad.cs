namespace Farwire.Benchmarks.Load.Load;

/// <summary>Open connections that send one request over and over, each waiting for its answer first.</summary>
internal interface ILoad : IDisposable
{
    /// <summary>Sends for a while.</summary>
    Slice Run(TimeSpan time);
}
