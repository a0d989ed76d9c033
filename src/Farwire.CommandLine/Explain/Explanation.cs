namespace Farwire.CommandLine.Explain;

/// <summary>What a code means, and what to do about it.</summary>
/// <param name="Family">Whose code it is: WSMan, Win32, WMI, HTTP, Kerberos.</param>
/// <param name="Code">The number.</param>
/// <param name="Symbol">Its name.</param>
/// <param name="Meaning">A sentence.</param>
/// <param name="Causes">The usual ones, the likeliest first.</param>
/// <param name="Fixes">What to try, in order.</param>
internal sealed record Explanation(string Family, uint Code, string Symbol, string Meaning, IReadOnlyList<string> Causes, IReadOnlyList<string> Fixes)
{
    /// <summary>Small numbers are said in decimal, codes with a facility in hexadecimal.</summary>
    public bool IsSmall => Code < 0x10000;
}
