namespace Farwire.Client.Shells;

/// <summary>A command's whole output and its code.</summary>
/// <param name="ExitCode">What it returned, all 32 bits.</param>
/// <param name="Output">The bytes of its standard output.</param>
/// <param name="Errors">The bytes of its standard error.</param>
public sealed record CommandOutcome(int ExitCode, ReadOnlyMemory<byte> Output, ReadOnlyMemory<byte> Errors)
{
    /// <summary>The code page of output that is not UTF-8.</summary>
    public int OemCodePage { get; init; } = OutputText.DefaultOemCodePage;

    /// <summary><see cref="Output"/> as text: UTF-8, and what is not in <see cref="OemCodePage"/>.</summary>
    public string StandardOutput => Text(Output);

    /// <summary><see cref="Errors"/> as text, in the same way.</summary>
    public string StandardError => Text(Errors);

    private string Text(ReadOnlyMemory<byte> bytes)
    {
        var text = new OutputText(OemCodePage);
        return text.Add(bytes.Span) + text.Rest();
    }
}
