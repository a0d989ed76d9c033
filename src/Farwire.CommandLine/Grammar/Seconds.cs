using System.Globalization;

namespace Farwire.CommandLine.Grammar;

/// <summary>A time on the command line: seconds, with a fraction if need be.</summary>
internal static class Seconds
{
    private const double Most = 1e6;

    /// <exception cref="UsageException">It is none.</exception>
    public static TimeSpan Parse(string option, string text) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds) && seconds is > 0 and < Most
            ? TimeSpan.FromSeconds(seconds)
            : throw new UsageException($"{option} is a number of seconds, not '{text}'.");
}
