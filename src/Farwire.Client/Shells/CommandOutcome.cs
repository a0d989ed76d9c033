using System.Text;

namespace Farwire.Client.Shells;

/// <summary>A command's whole output and its code.</summary>
/// <param name="ExitCode">What it returned, all 32 bits.</param>
/// <param name="Output">The bytes of its standard output.</param>
/// <param name="Errors">The bytes of its standard error.</param>
public sealed record CommandOutcome(int ExitCode, ReadOnlyMemory<byte> Output, ReadOnlyMemory<byte> Errors)
{
    /// <summary><see cref="Output"/> as UTF-8.</summary>
    public string StandardOutput => Encoding.UTF8.GetString(Output.Span);

    /// <summary><see cref="Errors"/> as UTF-8.</summary>
    public string StandardError => Encoding.UTF8.GetString(Errors.Span);
}
