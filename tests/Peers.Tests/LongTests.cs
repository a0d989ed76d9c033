namespace Farwire.Peers.Tests;

/// <summary>Tests that have a long form: with FARWIRE_LONG_TESTS=1 they do all of it, otherwise a tenth, and their output says so.</summary>
internal static class LongTests
{
    public static bool AreRun { get; } = Environment.GetEnvironmentVariable("FARWIRE_LONG_TESTS") == "1";

    /// <summary><paramref name="whole"/>, or a tenth of it.</summary>
    public static long Of(long whole) => AreRun ? whole : whole / 10;
}
