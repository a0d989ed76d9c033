using System.Globalization;
using Farwire.CommandLine.Grammar;
using Farwire.Protocol.Faults;

namespace Farwire.CommandLine.WinRm;

/// <summary><c>winrm helpmsg</c>: what an error number means.</summary>
internal static class HelpMessageVerb
{
    public static Task RunAsync(Call call)
    {
        if (call.Words is not [var number])
        {
            throw new UsageException($"helpmsg takes one number: {call.Verb.Usage}");
        }

        if (!TryParse(number, out var code))
        {
            throw new UsageException($"'{number}' is not an error number; write it in decimal, or in hexadecimal with 0x.");
        }

        call.Terminal.Output.WriteLine(ErrorText.Of(code) ?? throw new UsageException($"the error number {number} is not known."));
        return Task.CompletedTask;
    }

    // Windows prints error numbers as signed; scripts hand them back so.
    private static bool TryParse(string number, out uint code)
    {
        if (number.StartsWith("0x", StringComparison.OrdinalIgnoreCase))
        {
            return uint.TryParse(number.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out code);
        }

        var known = int.TryParse(number, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var signed);
        code = unchecked((uint)signed);
        return known || uint.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out code);
    }
}
