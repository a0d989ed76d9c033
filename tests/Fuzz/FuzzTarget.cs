using System.Diagnostics;

namespace Farwire.Fuzz;

/// <summary>A reader of what strangers send.</summary>
public abstract class FuzzTarget : IDisposable
{
    // More than any reader needs for an input of 64 KB, and less than a peer could make it waste.
    private const long MaxBytes = 8L << 20;
    private const long MaxBytesPerInputByte = 400;

    // A reader takes microseconds. This finds one that hangs or counts in squares, and no machine that is busy.
    private static readonly TimeSpan MaxTime = TimeSpan.FromSeconds(10);

    /// <summary>The name on the command line.</summary>
    public abstract string Name { get; }

    /// <summary>Inputs that are whole.</summary>
    protected abstract IReadOnlyList<byte[]> Corpus { get; }

    /// <summary>Pieces that mean something to the reader.</summary>
    protected abstract IReadOnlyList<byte[]> Dictionary { get; }

    /// <summary>Reads one input. Returns when it was read or refused as documented; throws for all else.</summary>
    /// <returns>True when it was read.</returns>
    protected abstract bool Read(byte[] input);

    /// <summary>Reads <paramref name="count"/> broken inputs. The same seed gives the same ones.</summary>
    /// <exception cref="FuzzException">An input did what none may do; the exception has it.</exception>
    public FuzzResult Run(int count, int seed)
    {
        foreach (var whole in Corpus)
        {
            Try(whole); // also warms the reader up: what it makes once is nobody's
        }

        var mutator = new Mutator(Corpus, Dictionary, seed);
        var result = new FuzzResult(0, 0, 0);
        for (var i = 0; i < count; i++)
        {
            var input = mutator.Next();
            var before = GC.GetAllocatedBytesForCurrentThread();
            var started = Stopwatch.GetTimestamp();
            var read = Try(input);
            var taken = Stopwatch.GetElapsedTime(started);
            var bytes = GC.GetAllocatedBytesForCurrentThread() - before;
            if (bytes > MaxBytes + (MaxBytesPerInputByte * input.Length))
            {
                throw new FuzzException($"{Name}: {bytes} bytes of memory for {input.Length} bytes of input", input);
            }

            if (taken > MaxTime)
            {
                throw new FuzzException($"{Name}: {taken.TotalSeconds:0.0} s for {input.Length} bytes of input", input);
            }

            result = new FuzzResult(result.Read + (read ? 1 : 0), result.Refused + (read ? 0 : 1), Math.Max(result.MaxBytes, bytes));
        }

        return result;
    }

    /// <inheritdoc/>
    public virtual void Dispose() => GC.SuppressFinalize(this);

    private bool Try(byte[] input)
    {
        try
        {
            return Read(input);
        }
        catch (Exception e)
        {
            throw new FuzzException($"{Name}: {e.GetType().Name}: {e.Message}", input, e);
        }
    }
}

/// <summary>What a run met.</summary>
/// <param name="Read">Inputs that were still whole enough to be read.</param>
/// <param name="Refused">Inputs that were refused as documented.</param>
/// <param name="MaxBytes">The most memory that one input took.</param>
public sealed record FuzzResult(int Read, int Refused, long MaxBytes);

/// <summary>An input that did what none may do.</summary>
public sealed class FuzzException(string problem, byte[] input, Exception? inner = null) : Exception(problem, inner)
{
    /// <summary>The input.</summary>
    public IReadOnlyList<byte> Input { get; } = input;
}
